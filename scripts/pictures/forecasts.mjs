// What applicants see before they send, for the pages of docs/agreements/: the same answers as the walks of test/browser.
import { askForEvidence, beginService, fillIn, toTheCheck } from '../../test/harness/walk.ts';

const nothing = () => undefined;
const day = (name, year, month, date) => ({
  [`${name}.day`]: date,
  [`${name}.month`]: month,
  [`${name}.year`]: year,
});
const last = { consent: 'yes', contactLanguage: 'en' };

const FORECASTS = [
  {
    picture: 'it-park-forecast',
    who: 'aizhan',
    service: 'it-park-residency/residency',
    company: 'KZ-C-000201',
    answers: {
      parks: ['am', 'by', 'kg', 'kz', 'ru'],
      activity: 'software',
      project: 'Models that sort parcels',
      exportPlan: '85',
      researchField: 'it',
    },
  },
  {
    picture: 'import-vat-forecast',
    who: 'nurbol',
    service: 'import-vat/import-declaration',
    company: 'KZ-C-000202',
    answers: {
      partnerState: 'ru',
      'partnerNumbers.ru': 'RU-C-000202',
      contractNumber: 'K-17',
      ...day('contractDate', '2026', '1', '12'),
      invoiceNumber: 'F-204',
      ...day('invoiceDate', '2026', '2', '3'),
      ...day('registeredOn', '2026', '2', '10'),
      exchangeRate: '6.5',
      paid: '20800',
      ...day('paidOn', '2026', '2', '27'),
    },
    lists: {
      goods: [{ goodsName: 'Drills', cnCode: '8467211000', quantity: '10', value: '20000', rate: 'standard' }],
    },
  },
  {
    picture: 'trademark-forecast',
    who: 'zhenish',
    state: 'kg',
    service: 'trademark/trademark',
    company: 'KG-C-000201',
    answers: { sign: 'АЛА-ТОО', paid: '220' },
    lists: {
      goods: [
        { niceClass: '30', description: 'Honey' },
        { niceClass: '3', description: 'Beeswax soap' },
      ],
    },
  },
  {
    picture: 'work-abroad-forecast',
    who: 'timur',
    state: 'kg',
    service: 'work-abroad/work-notice',
    answers: {
      workState: 'ru',
      employer: 'ООО Мост',
      contractNumber: 'T-9',
      ...day('contractFrom', '2026', '3', '16'),
      ...day('enteredOn', '2026', '3', '10'),
      profession: 'engineer',
      diplomaState: 'kg',
      diplomaNumber: 'KG-B-000211',
    },
    lists: { family: [{ memberName: 'Айсулуу Бакирова', relation: 'spouse' }] },
  },
];

/**
 * @param pageOf a page of somebody signed in, at the portal of a state
 * @param portalOf the portal of a state
 * @param take writes the picture of a page, `downTo` says how much of it
 */
export async function takeFourForecasts(pageOf, portalOf, take, downTo) {
  for (const { picture, who, state = 'kz', service, company, answers, lists = {} } of FORECASTS) {
    // Of a union that runs elsewhere only one portal may be known.
    if (portalOf(state) === undefined) continue;
    const page = await pageOf(who, state);
    await beginService(page, portalOf(state), service, company);
    await fillIn(page, { ...answers, ...last }, nothing, lists);
    await askForEvidence(page, nothing);
    await toTheCheck(page, async (name) => {
      if (name !== 'forecast') return;
      // Of one decision the reasons are shown, of several only what each of them says.
      const reasons = page.locator('main details');
      if ((await reasons.count()) === 1) await reasons.locator('summary').first().click();
      await take(page, picture, await downTo(page, 'main details >> nth=-1'));
    });
    await page.context().close();
  }
}

// What applicants see before they send, for the pages of docs/agreements/: the same answers as the walks of test/browser.
import { askForEvidence, fillIn, startService, toTheCheck } from '../../test/harness/walk.ts';

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
];

/**
 * @param pageOf a page of somebody signed in
 * @param take writes the picture of a page, `downTo` says how much of it
 */
export async function takeForecasts(pageOf, portal, take, downTo) {
  for (const { picture, who, service, answers, lists = {} } of FORECASTS) {
    const page = await pageOf(who);
    await startService(page, portal, service);
    await fillIn(page, { ...answers, ...last }, nothing, lists);
    await askForEvidence(page, nothing);
    await toTheCheck(page, async (name) => {
      if (name === 'forecast') await take(page, picture, await downTo(page, '.cw-verdict >> nth=-1'));
    });
    await page.context().close();
  }
}

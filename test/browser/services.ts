import assert from 'node:assert/strict';
import { test } from 'node:test';
import { texts } from '../../src/texts/index.ts';
import { assertClean } from '../harness/browser.ts';
import * as walk from '../harness/walk.ts';
import { type Stage, until } from './stage.ts';

const { say } = texts('en');
const day = (name: string, date: string): walk.Answers => {
  const [year = '', month = '', dayOfMonth = ''] = date.split('-');
  return { [`${name}.year`]: year, [`${name}.month`]: month, [`${name}.day`]: dayOfMonth };
};

/** One way through a service: who applies, for whom, what she answers, who decides, and what comes of it. */
interface Way {
  what: string;
  service: string;
  applicant: string;
  /** The number of the child or the organisation that she applies for. */
  for?: string;
  answers: walk.Answers;
  /** Whom the forecast speaks of, before she sends. */
  forecast: 'granted' | 'refused';
  /** Who is asked what he knows once she has sent, and what he answers by what he is shown. */
  opinion?: { by: string; state: string; answersTo(shown: string): walk.Answers };
  /** Officers in the order in which they confirm, by state. */
  officers: Readonly<Record<string, readonly string[]>>;
  outcome: 'granted' | 'refused';
  /** Words that her page shows with the decision. */
  shows: string;
}

const WAYS: Way[] = [
  {
    what: 'a bank is put on the list of guarantors by its director',
    service: 'procurement-guarantee/guarantor',
    applicant: 'daniyar',
    for: 'KZ-C-000101',
    answers: { statesWanted: ['kg', 'ru'], contactLanguage: 'en' },
    forecast: 'granted',
    officers: { kz: ['procurement-kz-1'] },
    outcome: 'granted',
    shows: 'Алатау Банк',
  },
  {
    what: 'a degree from Russia is recognised in Kazakhstan for a citizen of Armenia',
    service: 'degree/recognition',
    applicant: 'tigran',
    answers: {
      ...{ awardedIn: 'ru', degreeKind: 'candidate', workState: 'kz', aim: 'work' },
      ...{ consent: 'yes', contactLanguage: 'en' },
    },
    forecast: 'granted',
    officers: { kz: ['science-kz-1'] },
    outcome: 'granted',
    shows: 'Attestation commission',
  },
  {
    what: 'a parent gets a place at school for her child',
    service: 'school-enrolment/first-form',
    applicant: 'madina',
    for: 'KZ-T-000114',
    answers: { school: 'school-12', teachingLanguage: 'kk', specialNeeds: 'no', contactLanguage: 'en' },
    forecast: 'granted',
    officers: { kz: ['schools-kz-1'] },
    outcome: 'granted',
    shows: 'Оспанов Әлихан',
  },
  {
    what: 'a bank registers a guarantee for a purchase in Russia, with the signed paper',
    service: 'procurement-guarantee/guarantee',
    applicant: 'daniyar',
    for: 'KZ-C-000101',
    answers: {
      ...{ customerState: 'ru', purchaseNumber: '0373-26', secures: 'contract', guaranteeNumber: 'BG-2026-17' },
      ...{ amount: '1250000.50', guaranteeFile: 'guarantee.pdf', contactLanguage: 'en' },
      ...day('obligationUntil', '2026-12-01'),
      ...day('guaranteeUntil', '2026-12-31'),
    },
    forecast: 'granted',
    officers: { ru: ['procurement-ru-1'] },
    outcome: 'granted',
    shows: 'Алатау Банк',
  },
  {
    what: 'an exporter proves the zero rate with the mark that the buyer’s authority gives',
    service: 'import-vat/zero-rate',
    applicant: 'nurbol',
    for: 'KZ-C-000202',
    answers: {
      ...{ partnerState: 'ru', 'partnerNumbers.ru': 'RU-C-000202', invoiceNumber: 'E-31', amount: '52000' },
      ...{ consent: 'yes', contactLanguage: 'en' },
      ...day('shippedOn', '2026-02-01'),
    },
    forecast: 'granted',
    opinion: { by: 'tax-ru', state: 'ru', answersTo: () => ({ marked: 'yes', base: '52000' }) },
    officers: { kz: ['tax-kz'] },
    outcome: 'granted',
    shows: 'Жібек Импорт',
  },
  {
    what: 'the owner of a sign answers the objection of the Russian office',
    service: 'trademark/objection-reply',
    applicant: 'zhenish',
    for: 'KG-C-000201',
    answers: {
      ...{ objectingState: 'ru', reference: 'TM-2026-4', reply: 'The earlier sign is for other goods.' },
      ...day('objectedOn', '2026-02-10'),
      contactLanguage: 'en',
    },
    forecast: 'granted',
    officers: { ru: ['marks-ru'] },
    outcome: 'granted',
    shows: 'Ала-Тоо Бал',
  },
  {
    what: 'after a refusal the sign goes on as a national application, with its first day',
    service: 'trademark/national-application',
    applicant: 'zhenish',
    for: 'KG-C-000201',
    answers: {
      ...{ reference: 'TM-2026-4', refusedBy: 'ru', nationalStates: ['kz'], sign: 'АЛА-ТОО', contactLanguage: 'en' },
      ...day('filedOn', '2025-12-01'),
      ...day('refusedOn', '2026-02-20'),
    },
    forecast: 'granted',
    officers: { kz: ['marks-kz'] },
    outcome: 'granted',
    shows: 'Ала-Тоо Бал',
  },
  {
    what: 'the experts whom the lot has drawn vote on a researcher, and the park goes by their vote',
    service: 'it-park-residency/residency',
    applicant: 'ekaterina',
    for: 'RU-C-000201',
    answers: {
      ...{ parks: ['ru'], activity: 'research', project: 'Cameras that see heat', exportPlan: '0' },
      ...{ researchField: 'energy', consent: 'yes', contactLanguage: 'en' },
    },
    forecast: 'granted',
    opinion: {
      ...{ by: 'park-experts-ru', state: 'ru' },
      answersTo: (shown) => ({
        experts: /\d+(?:, \d+){9}/.exec(shown)?.[0] ?? assert.fail(shown),
        ...{ novelty: '9', market: '8', team: '9', feasibility: '8', foreignTeam: '8' },
      }),
    },
    officers: { ru: ['park-ru'] },
    outcome: 'granted',
    shows: 'Тепловизор',
  },
];

/** The services beside the pension, each once, in a browser that runs no script. */
export function services(stage: () => Stage): void {
  for (const way of WAYS) {
    test(way.what, async () => {
      const applicant = await stage().comes(way.applicant, { javaScriptEnabled: false });
      const { page } = applicant;
      const portal = new URL(page.url()).origin;
      await walk.beginService(page, portal, way.service, way.for);
      await walk.fillIn(page, way.answers, nothing);
      await walk.askForEvidence(page, nothing);
      await walk.toTheCheck(page, async (name) => {
        if (name !== 'forecast') return;
        const verdict = await page.locator('.cw-verdict').first().innerText();
        assert.ok(verdict.includes(say(`common.forecast.${way.forecast}`)), verdict);
      });
      const { id, reference } = await walk.send(page, nothing);
      if (way.opinion !== undefined) {
        const asked = await stage().comes(way.opinion.by, { javaScriptEnabled: false });
        await walk.giveOpinion(asked.page, stage().portal(way.opinion.state), way.shows, way.opinion.answersTo);
        assertClean(asked);
        await asked.context.close();
      }
      for (const [state, officers] of Object.entries(way.officers)) {
        for (const one of officers) {
          const officer = await stage().comes(one, { javaScriptEnabled: false });
          await walk.openCase(officer.page, stage().portal(state), reference);
          await until(officer.page, officer.page.url(), 'form[action$="/confirm"]');
          await walk.button(officer.page, say('desk.decide.confirm')).click();
          await officer.page.waitForURL('**?done=*');
          assertClean(officer);
          await officer.context.close();
        }
      }
      await walk.untilDecided(page, `${portal}/applications/${id}`);
      const words = await page.locator('main').innerText();
      assert.ok(words.includes(say(`common.outcome.${way.outcome}`)), words);
      assert.ok(words.includes(way.shows), words);
      assertClean(applicant);
      await applicant.context.close();
    });
  }
}

const nothing = () => undefined;

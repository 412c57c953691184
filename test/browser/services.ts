import assert from 'node:assert/strict';
import { test } from 'node:test';
import { texts } from '../../src/texts/index.ts';
import { assertClean } from '../harness/browser.ts';
import * as walk from '../harness/walk.ts';
import type { Stage } from './stage.ts';

const { say } = texts('en');

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
      for (const [state, officers] of Object.entries(way.officers)) {
        for (const one of officers) {
          const officer = await stage().comes(one, { javaScriptEnabled: false });
          await walk.openCase(officer.page, stage().portal(state), reference);
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

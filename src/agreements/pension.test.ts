import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { LANGUAGES } from '../texts/index.ts';
import { decide } from './decision/decide.ts';
import { confirmationsFor } from './decision/stages.ts';
import type { EvidenceFacts } from './decision/types.ts';
import { getAgreement } from './load.ts';
import { runScenarios } from './scenarios/run.ts';
import { inCheckout } from './testing.ts';

const agreement = await getAgreement(inCheckout('agreements', 'pension'));

describe('the pension agreement', () => {
  const results = runScenarios(agreement);
  for (const { name, differences } of results) {
    it(`holds in ${name}`, () => assert.deepEqual(differences, []));
  }

  it('names only articles that stand in it, and says of each where it comes from', () => {
    for (const { decisions } of results) {
      for (const { explanation } of Object.values(decisions)) {
        for (const { article } of explanation) assert.ok(agreement.articles[article], article);
      }
    }
    for (const { source, url, note } of Object.values(agreement.articles)) {
      assert.ok(source === 'law' ? url !== undefined : note !== undefined);
    }
  });

  it('is met by scenarios in every row of every table', () => {
    const met = new Set<string>();
    for (const { decisions } of results) {
      for (const [state, { explanation }] of Object.entries(decisions)) {
        for (const { rule, row } of explanation) {
          if (row !== undefined) met.add(`${agreement.rules[rule]?.national ? `${state} ` : ''}${rule}: ${row}`);
        }
      }
    }
    for (const [name, rule] of Object.entries(agreement.rules)) {
      for (const { table, text } of rule.versions) {
        if (table)
          for (const row of Object.keys(JSON.parse(text).rows))
            assert.ok(met.has(`${name}: ${row}`), `${name}: ${row}`);
      }
    }
    for (const [state, { rules }] of Object.entries(agreement.annexes)) {
      for (const [name, { versions }] of Object.entries(rules)) {
        for (const { table, text } of versions) {
          if (!table) continue;
          for (const row of Object.keys(JSON.parse(text).rows)) {
            assert.ok(met.has(`${state} ${name}: ${row}`), `${state} ${name}: ${row}`);
          }
        }
      }
    }
  });

  it('wants two officers in Kazakhstan and Russia, one elsewhere', () => {
    const counts = agreement.parties.map((state) => [state, confirmationsFor(agreement, 'pension', state)]);
    assert.deepEqual(Object.fromEntries(counts), { am: 1, by: 1, kg: 1, kz: 2, ru: 2 });
  });

  it('speaks six languages, each with texts of its own', () => {
    assert.deepEqual(agreement.languages, [...LANGUAGES]);
    const titles = LANGUAGES.map((language) => agreement.text(language, 'service.title'));
    assert.equal(new Set(titles).size, LANGUAGES.length);
  });
});

interface Period {
  from: string;
  to: string | null;
  contributionsPaid: boolean;
}

/** Months counted day by day, without a line of the agreement: a month counts when every day of it lies in some period. */
function countedByDays(periods: readonly Period[], first: string, claim: string): number {
  const days = new Set<string>();
  for (const { from, to, contributionsPaid } of periods) {
    if (!contributionsPaid) continue;
    const end = to === null || to > claim ? claim : to;
    for (let day = Temporal.PlainDate.from(from); day.toString() <= end; day = day.add({ days: 1 }))
      days.add(day.toString());
  }
  let months = 0;
  const last = Temporal.PlainYearMonth.from(claim.slice(0, 7));
  for (
    let month = Temporal.PlainYearMonth.from(first.slice(0, 7));
    Temporal.PlainYearMonth.compare(month, last) <= 0;
  ) {
    const all = Array.from({ length: month.daysInMonth }, (_, index) =>
      month.toPlainDate({ day: index + 1 }).toString(),
    );
    if (all.every((day) => days.has(day))) months += 1;
    month = month.add({ months: 1 });
  }
  return months;
}

describe('full months', () => {
  const day = (from: string, span: number) =>
    fc.integer({ min: 0, max: span }).map((days) => Temporal.PlainDate.from(from).add({ days }).toString());
  const period = fc
    .record({
      from: day('2019-06-01', 1500),
      length: fc.integer({ min: 0, max: 500 }),
      open: fc.boolean(),
      paid: fc.boolean(),
    })
    .map(({ from, length, open, paid }) => ({
      state: 'kz',
      employer: 'X',
      from,
      to: open && length % 5 === 0 ? null : Temporal.PlainDate.from(from).add({ days: length }).toString(),
      kind: 'employment',
      contributionsPaid: paid || length % 3 > 0,
    }));

  it('equal a count day by day, for any periods', () => {
    fc.assert(
      fc.property(
        fc.array(period, { maxLength: 8 }),
        fc.array(period, { maxLength: 4 }),
        day('2022-01-01', 900),
        (own, other, claim) => {
          const evidence: EvidenceFacts[] = [
            {
              type: 'insured-periods',
              state: 'ru',
              result: 'found',
              facts: { periods: own.map((one) => ({ ...one, state: 'ru' })) },
            },
            {
              type: 'insured-periods',
              state: 'kg',
              result: 'found',
              facts: { periods: other.map((one) => ({ ...one, state: 'kg' })) },
            },
          ];
          const answers = {
            statesOfWork: ['kg', 'ru'],
            kindOfPension: 'old-age',
            payingStates: ['ru'],
            consent: true,
            contactLanguage: 'en',
          };
          const made = decide(agreement, {
            service: 'pension',
            state: 'ru',
            home: 'kz',
            answers,
            evidence,
            dates: { claim },
          });
          const value = (rule: string) => made.explanation.find((one) => one.rule === rule)?.value;
          const clipped = own.filter(({ from }) => from < '2021-01-01');
          assert.equal(made.months, countedByDays(own, '2021-01-01', claim));
          assert.equal(value('serviceMonths'), countedByDays([...own, ...other], '2019-06-01', claim));
          assert.equal(value('monthsEarlier'), countedByDays(clipped, '2019-06-01', '2020-12-31'));
        },
      ),
      { numRuns: 60 },
    );
  });
});

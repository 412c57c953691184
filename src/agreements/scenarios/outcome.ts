import { dayOf, startOfDay } from '../../calendar/index.ts';
import { isFailure, type Json } from '../../storage/index.ts';
import type { Budget } from '../budget.ts';
import { claimsOf } from '../decision/claims.ts';
import { noticeOf, noticeStages } from '../decision/notices.ts';
import { decideBy } from '../decision/terms.ts';
import type { Decision } from '../decision/types.ts';
import { questionsFor } from '../journey/asked.ts';
import type { Journey } from '../journey/journey.ts';
import type { Agreement, Service } from '../types.ts';
import type { ExpectedDecision, ExpectedStep, Scenario } from './types.ts';

/** What the home node begins for an application with these answers: each question to a register, then each claim. */
export function exchangesOf(
  agreement: Agreement,
  service: Service,
  home: string,
  journey: Journey,
  deciders: readonly string[],
  budget?: Budget,
): string[] {
  const questions = questionsFor(agreement, service, home, journey.answers, budget).filter(
    ({ evidence }) => !evidence.opinion,
  );
  return [
    ...questions.map(({ evidence, state }) => `${evidence.transaction}/${state}`),
    ...deciders.map((state) => `${service.claim}/${state}`),
  ];
}

/**
 * What a decision brings about, in the form of an expectation, so that the two can be laid side by side. Only what is expected is
 * filled in.
 */
export function outcomeOf(
  agreement: Agreement,
  service: Service,
  state: string,
  scenario: Scenario,
  made: Decision,
  budget?: Budget,
): ExpectedDecision {
  const { expect, given } = scenario;
  const expected = expect.decisions?.[state] ?? { outcome: made.outcome };
  const steps = new Map(made.explanation.map((step) => [step.rule, step]));
  const positive = made.outcome === 'granted' || made.outcome === 'partly';
  const issued = positive && service.document !== undefined ? [service.document] : [];
  const valuesOf = (names: string[]): Record<string, Json> =>
    Object.fromEntries(names.map((name) => [name, steps.get(name)?.value ?? null]));
  const articles = new Set(made.explanation.map(({ article }) => article));
  return {
    outcome: made.outcome,
    ...(expected.months === undefined ? {} : { months: made.months }),
    ...(expected.values === undefined ? {} : { values: valuesOf(Object.keys(expected.values)) }),
    ...(expected.missing === undefined ? {} : { missing: made.missing.map(({ rule }) => rule) }),
    ...(expected.articles === undefined
      ? {}
      : { articles: expected.articles.filter((article) => articles.has(article)) }),
    ...(expected.rows === undefined
      ? {}
      : { rows: rowsOf(Object.keys(expected.rows), (name) => steps.get(name)?.row) }),
    ...(expected.explanation === undefined ? {} : { explanation: explained(expected.explanation, made) }),
    ...(expected.documents === undefined
      ? {}
      : {
          documents: Object.fromEntries(
            issued.map((type) => [
              type,
              claimsOf(
                agreement,
                type,
                {
                  state,
                  decision: made,
                  home: given.home,
                  answers: given.answers,
                  evidence: given.evidence,
                },
                budget,
              ),
            ]),
          ),
        }),
    ...(expected.deadline === undefined
      ? {}
      : { deadline: deadlineOf(agreement, service, given.claim, state, expected.deadline) }),
    ...(expected.transactions === undefined
      ? {}
      : { transactions: noticesAfter(agreement, service, state, scenario, made) }),
  };
}

/** The transactions that the platform begins once it is decided, each once, whatever the number of states that are told. */
function noticesAfter(
  agreement: Agreement,
  service: Service,
  state: string,
  { given }: Scenario,
  decision: Decision,
): string[] {
  if (decision.outcome === 'undecided') return [];
  const { home, answers, evidence } = given;
  return noticeStages(agreement, service.name, 'system').flatMap((stage) => {
    const notice = noticeOf(agreement, service.name, stage, { state, decision, home, answers, evidence });
    return notice === undefined || notice.to.length === 0 ? [] : [stage.sends.transaction];
  });
}

function rowsOf(names: string[], rowOf: (name: string) => string | undefined): Record<string, string> {
  const found = names.flatMap((name) => {
    const row = rowOf(name);
    return row === undefined ? [] : [[name, row] as const];
  });
  return Object.fromEntries(found);
}

/** The steps that are asked for; facts in the order of the expectation, since no order of them means anything. */
function explained(expected: Record<string, ExpectedStep>, made: Decision): Record<string, ExpectedStep> {
  const found = made.explanation.filter(({ rule }) => Object.hasOwn(expected, rule));
  return Object.fromEntries(
    found.map(({ rule, value, article, source, reference, row, facts }) => {
      const wanted = expected[rule]?.facts ?? [];
      const names = [...new Set(facts.map(({ name }) => name))];
      const ordered = [
        ...wanted.filter((name) => names.includes(name)),
        ...names.filter((name) => !wanted.includes(name)),
      ];
      return [rule, { value, article, source, reference, ...(row === undefined ? {} : { row }), facts: ordered }];
    }),
  );
}

/** The last day to decide on a claim that was filed on a day; no day where the state's time is not known. */
function deadlineOf(
  agreement: Agreement,
  service: Service,
  claim: string,
  state: string,
  expected: Deadline,
): Deadline {
  const { silence } = service.deadline;
  const found: Deadline = expected.silence === undefined ? {} : { silence };
  if (expected.decide === undefined) return found;
  try {
    return { decide: dayOf(decideBy(agreement, service, state, startOfDay(claim, state)), state), ...found };
  } catch (error) {
    if (!isFailure(error)) throw error;
    return found;
  }
}

type Deadline = NonNullable<ExpectedDecision['deadline']>;

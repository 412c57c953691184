import type { Json } from '../../storage/index.ts';
import type { Budget } from '../budget.ts';
import { decide, type Watch } from '../decision/decide.ts';
import type { Decision } from '../decision/types.ts';
import { decidersFor } from '../journey/asked.ts';
import { getService, pathOf } from '../journey/journey.ts';
import type { Agreement, Position, Service } from '../types.ts';
import { type Difference, differencesOf } from './differences.ts';
import { exchangesOf, outcomeOf } from './outcome.ts';
import type { Scenario } from './types.ts';

/** How a scenario went. */
export interface ScenarioResult {
  name: string;
  at: Position;
  /** What differs from the expectation, path by path; empty when it holds. */
  differences: Difference[];
  /** What the rules said, by deciding state. */
  decisions: Record<string, Decision>;
}

/** Is told of every rule that a scenario evaluates, with the state that decides. */
export type WatchScenarios = (state: string, ...step: Parameters<Watch>) => void;

/** What a check adds to the scenarios that it runs. */
export interface ScenarioCheck {
  watch?: WatchScenarios;
  budget?: Budget;
}

/**
 * Runs every scenario of an agreement: the path through the form, who decides, what is sent, and what each decider's rules say and
 * bring about.
 * @example runScenarios(agreement).filter(({ differences }) => differences.length > 0)
 */
export function runScenarios(agreement: Agreement, check: ScenarioCheck = {}): ScenarioResult[] {
  return agreement.scenarios.map((scenario) => runScenario(agreement, scenario, check));
}

function runScenario(agreement: Agreement, scenario: Scenario, check: ScenarioCheck): ScenarioResult {
  const { watch, budget } = check;
  const { given, expect } = scenario;
  const service = getService(agreement, scenario.service);
  const { home, claim, answers } = given;
  const journey = pathOf(agreement, service, { home, claim, answers }, budget);
  const differences: Difference[] = [];
  const compare = (path: string, expected: Json | undefined, actual: Json): void => {
    if (expected !== undefined) differences.push(...differencesOf(path, expected, actual));
  };

  const path = journey.pages.map(({ name }) => name);
  compare('path', expect.path, path);
  const errors = Object.entries(journey.errors).map(([name, { text }]) => [name, text]);
  // A scenario about a decision speaks of right answers unless it says otherwise.
  compare('errors', expect.errors ?? (expect.decisions === undefined ? undefined : {}), Object.fromEntries(errors));
  const deciders = decidersFor(service, home, journey.answers, budget);
  compare('deciders', expect.deciders, deciders);
  compare('transactions', expect.transactions, exchangesOf(agreement, service, home, journey, deciders, budget));

  const decisions: Record<string, Decision> = {};
  for (const state of Object.keys(expect.decisions ?? {})) {
    const { decision, evidence, lot } = given;
    const dates = { claim, ...(decision === undefined ? {} : { decision }) };
    const made = decide(
      agreement,
      { service: service.name, state, home, answers, evidence, dates, lot },
      {
        ...(watch === undefined ? {} : { watch: (...step) => watch(state, ...step) }),
        ...(budget === undefined ? {} : { budget }),
      },
    );
    decisions[state] = made;
    differences.push(...decisionDifferences(agreement, service, state, scenario, made, budget));
  }
  return { name: scenario.name, at: scenario.at, differences, decisions };
}

function decisionDifferences(
  agreement: Agreement,
  service: Service,
  state: string,
  scenario: Scenario,
  made: Decision,
  budget: Budget | undefined,
): Difference[] {
  const expected = scenario.expect.decisions?.[state];
  if (expected === undefined) return [];
  const actual = outcomeOf(agreement, service, state, scenario, made, budget);
  const { explanation, documents, ...rest } = expected;
  const { explanation: steps, documents: issued, ...found } = actual;
  const under = `decisions.${state}`;
  const all = differencesOf(under, rest as unknown as Json, found as unknown as Json);
  // Of a step or a document the expectation names what it is about.
  for (const [rule, step] of Object.entries(explanation ?? {})) {
    const said = steps?.[rule] as unknown as Json | undefined;
    all.push(...differencesOf(`${under}.explanation.${rule}`, step as unknown as Json, said, false));
  }
  const types = new Set(documents === undefined ? [] : [...Object.keys(documents), ...Object.keys(issued ?? {})]);
  for (const type of types) {
    all.push(...differencesOf(`${under}.documents.${type}`, documents?.[type], issued?.[type], false));
  }
  return all.map((difference) => withReason(agreement, service, state, made, difference));
}

/** Names the step behind a difference: the rule that gave the value, its row, its article, its version's place. */
function withReason(
  agreement: Agreement,
  service: Service,
  state: string,
  made: Decision,
  difference: Difference,
): Difference {
  const [, , part = '', name = ''] = difference.path.split('.');
  const rule = part.startsWith('outcome')
    ? service.decision.outcome
    : part === 'months'
      ? service.decision.months
      : part.startsWith('missing')
        ? undefined
        : name.replace(/\[\d+\]$/, '');
  const step = made.explanation.find((one) => one.rule === rule);
  if (step === undefined) return difference;
  const { national } = agreement.rules[step.rule] ?? { national: false };
  const because = [
    `rule ${step.rule}${national ? ` of the annex of ${state}` : ''}`,
    ...(step.row === undefined ? [] : [`row ${step.row}`]),
    `article ${step.article}`,
    `in force on ${step.reference}`,
  ].join(', ');
  return { ...difference, because };
}

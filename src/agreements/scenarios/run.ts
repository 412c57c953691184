import { digestOf } from '../../crypto/index.ts';
import type { Json } from '../../storage/index.ts';
import { decide } from '../decision/decide.ts';
import type { Decision } from '../decision/types.ts';
import { decidersOf } from '../journey/asked.ts';
import { getService, pathOf } from '../journey/journey.ts';
import type { Agreement, Position } from '../types.ts';
import type { ExpectedDecision, Scenario } from './types.ts';

/** How a scenario went. */
export interface ScenarioResult {
  name: string;
  at: Position;
  /** What differs from the expectation, line by line; empty when it holds. */
  differences: string[];
  /** What the rules said, by deciding state. */
  decisions: Record<string, Decision>;
}

/**
 * Runs every scenario of an agreement: the path through the form, who decides, and what each decider's rules say.
 * @example runScenarios(agreement).filter(({ differences }) => differences.length > 0)
 */
export function runScenarios(agreement: Agreement): ScenarioResult[] {
  return agreement.scenarios.map((scenario) => runScenario(agreement, scenario));
}

function runScenario(agreement: Agreement, scenario: Scenario): ScenarioResult {
  const { given, expect } = scenario;
  const service = getService(agreement, scenario.service);
  const { home, claim, answers } = given;
  const journey = pathOf(agreement, service, { home, claim, answers });
  const differences: string[] = [];
  const compare = (what: string, found: Json, expected: Json | undefined): void => {
    if (expected === undefined || digestOf(found) === digestOf(expected)) return;
    differences.push(`${what} is ${JSON.stringify(found)}, expected ${JSON.stringify(expected)}`);
  };

  compare(
    'path',
    journey.pages.map(({ name }) => name),
    expect.path,
  );
  const errors = Object.entries(journey.errors).map(([name, { text }]) => [name, text]);
  compare('errors', Object.fromEntries(errors), expect.errors ?? (expect.decisions === undefined ? undefined : {}));
  compare('deciders', decidersOf(agreement, service, { home, claim, answers }), expect.deciders);

  const decisions: Record<string, Decision> = {};
  for (const [state, expected] of Object.entries(expect.decisions ?? {})) {
    const { decision, evidence } = given;
    const dates = { claim, ...(decision === undefined ? {} : { decision }) };
    const made = decide(agreement, { service: service.name, state, home, answers, evidence, dates });
    decisions[state] = made;
    compareDecision(state, made, expected, compare);
  }
  return { name: scenario.name, at: scenario.at, differences, decisions };
}

function compareDecision(
  state: string,
  made: Decision,
  expected: ExpectedDecision,
  compare: (what: string, found: Json, expected: Json | undefined) => void,
): void {
  compare(`${state}: outcome`, made.outcome, expected.outcome);
  compare(`${state}: months`, made.months, expected.months);
  compare(
    `${state}: missing`,
    made.missing.map(({ rule }) => rule),
    expected.missing,
  );
  const explained = new Map(made.explanation.map((one) => [one.rule, one]));
  for (const [name, value] of Object.entries(expected.values ?? {})) {
    compare(`${state}: ${name}`, explained.get(name)?.value ?? null, value);
  }
  for (const [name, row] of Object.entries(expected.rows ?? {})) {
    compare(`${state}: row of ${name}`, explained.get(name)?.row ?? null, row);
  }
  const articles = new Set(made.explanation.map(({ article }) => article));
  for (const article of expected.articles ?? []) {
    if (!articles.has(article)) compare(`${state}: articles`, [...articles], [article]);
  }
}

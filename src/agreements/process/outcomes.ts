import { versionsIn } from '../build/annexes.ts';
import type { Findings } from '../findings.ts';
import type { Agreement, RuleVersion, Service } from '../types.ts';
import type { ProcessState } from './model.ts';
import type { Places } from './places.ts';
import type { RuleValues } from './values.ts';

const OUTCOMES = ['granted', 'partly', 'refused'] as const;
type Outcome = (typeof OUTCOMES)[number];

/** What the rules of any state can say of a case: `undecided` where they give null. */
export function possibleOutcomes(values: ReadonlyMap<string, RuleValues>, service: Service): ProcessState['outcome'][] {
  const found = new Set([...values.values()].flatMap((own) => spoken(own, service)));
  return [...OUTCOMES, 'undecided' as const].filter((outcome) => found.has(outcome));
}

function spoken(values: RuleValues, service: Service): ProcessState['outcome'][] {
  const said = values.get(service.decision.outcome) ?? [...OUTCOMES, null];
  return [
    ...OUTCOMES.filter((outcome) => said.includes(outcome)),
    ...(said.includes(null) ? ['undecided' as const] : []),
  ];
}

/**
 * Every outcome that the rules speak of is possible in some state, and in every state something can be granted.
 * Finding: AGREEMENT_OUTCOME_UNREACHABLE
 */
export function checkOutcomes(
  agreement: Agreement,
  service: Service,
  values: ReadonlyMap<string, RuleValues>,
  places: Places,
  findings: Findings,
): void {
  const possible = possibleOutcomes(values, service);
  const [first = ''] = values.keys();
  for (const outcome of spokenOf(agreement, service)) {
    if (possible.includes(outcome)) continue;
    const story = outcomeStory(agreement, service, first, values, outcome);
    const params = { service: service.name, outcome, where: 'in no state' };
    findings.add('AGREEMENT_OUTCOME_UNREACHABLE', params, places.outcome, undefined, story);
  }
  for (const [state, known] of values) {
    const own = spoken(known, service);
    if (own.includes('granted') || own.includes('partly')) continue;
    if (!possible.includes('granted') && !possible.includes('partly')) continue;
    const story = outcomeStory(agreement, service, state, values, 'granted or partly');
    const params = { service: service.name, outcome: 'granted or partly', where: `not in ${state}` };
    findings.add('AGREEMENT_OUTCOME_UNREACHABLE', params, places.outcome, undefined, story);
  }
}

/** The outcomes that the rules speak of; one of the positive ones at least. */
function spokenOf(agreement: Agreement, service: Service): Outcome[] {
  const rule = agreement.rules[service.decision.outcome];
  const versions =
    rule === undefined ? [] : Object.values(agreement.annexes).flatMap((annex) => versionsIn(rule, annex));
  const all = OUTCOMES.filter((outcome) => versions.some((version) => speaksOf(version, outcome)));
  return all.includes('partly') || all.includes('granted') ? all : ['granted', ...all];
}

/** An expression has a type with the words that it can give; the type of a table is what is wanted of it, so its cells are read. */
function speaksOf({ table, text, expression: { type } }: RuleVersion, outcome: Outcome): boolean {
  if (table) return text.includes(JSON.stringify(JSON.stringify(outcome)).slice(1, -1));
  return type.kind === 'string' && 'values' in type && (type.values ?? []).includes(outcome);
}

/** How the rules come to what they can say, from those that are given to the outcome. */
function outcomeStory(
  agreement: Agreement,
  service: Service,
  state: string,
  values: ReadonlyMap<string, RuleValues>,
  outcome: string,
): string[] {
  const steps = [`The citizen applies for "${agreement.text('en', service.title)}" in ${state}.`];
  for (const name of service.decision.order) {
    const said = values.get(state)?.get(name);
    const rule = agreement.rules[name];
    if (said === undefined || rule === undefined || !leadsTo(agreement, service, name)) continue;
    steps.push(`The rule ${name} ("${agreement.text('en', rule.title)}") gives ${listed(said.map(shown))}.`);
  }
  steps.push(`So no facts at all make it "${outcome}".`);
  return steps.map((step, index) => `${index + 1}. ${step}`);
}

/** Whether the outcome is made from a rule, directly or through others. */
function leadsTo(agreement: Agreement, service: Service, name: string): boolean {
  const seen = new Set<string>();
  const visit = (one: string): void => {
    const rule = agreement.rules[one];
    if (seen.has(one) || rule === undefined) return;
    seen.add(one);
    for (const annex of Object.values(agreement.annexes)) {
      for (const { expression } of versionsIn(rule, annex)) {
        for (const path of expression.dependencies) visit(path.split('.')[0] ?? path);
      }
    }
  };
  visit(service.decision.outcome);
  return seen.has(name);
}

const shown = (value: unknown): string => (value === null ? 'nothing (not known)' : JSON.stringify(value));

const listed = (words: readonly string[]): string =>
  words.length < 2
    ? `${words[0] ?? 'nothing'}, and no other value`
    : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;

import { DATE, type FeelValue, fromJson, NUMBER, newTrace, toJson } from '../../feel/index.ts';
import { Failure, type Json, type PlainDate } from '../../storage/index.ts';
import { type Budget, evaluateWithin } from '../budget.ts';
import { versionsIn } from '../build/annexes.ts';
import { answerScope, questionsFor } from '../journey/asked.ts';
import { getService, pathOf } from '../journey/journey.ts';
import type { Agreement, Annex, EvidenceType, Rule, RuleVersion, Service } from '../types.ts';
import { isAsked } from './asking.ts';
import { explainFacts } from './explain.ts';
import { evidenceScope, type UsableFacts, usableFacts } from './facts-scope.ts';
import { pendingEvidence, waitsFor } from './pending.ts';
import type { Answers, Decision, EvidenceFacts, Explanation, Missing, Outcome } from './types.ts';

/** All that a decision is made of. */
export interface DecideInput {
  service: string;
  /** The deciding state. */
  state: string;
  /** The state of the applicant. */
  home: string;
  /** As given; only those that are reached and right count. */
  answers: Answers;
  evidence: readonly EvidenceFacts[];
  /** The decision date is the claim date where it is not said: a forecast. */
  dates: { claim: PlainDate; decision?: PlainDate };
  /** The lot of the application for this decider, see `lotOf`; unknown in a forecast, since nothing is sealed yet. */
  lot?: number | undefined;
}

/**
 * What the rules of contract and annex say for one deciding state, and why. The home node runs it as a forecast for any state, the
 * deciding node as a proposal: the same input gives the same bytes, and nothing but the input is read, no clock either.
 *
 * Each rule takes the version in force on the date that it declares. A rule whose facts are not there gives null; no refusal
 * follows from evidence that is still waited for: the outcome is `undecided` then.
 *
 * @throws Failure AGREEMENT_NO_SERVICE, AGREEMENT_NO_STATE; never for any facts
 * @example decide(agreement, { service: 'pension', state: 'ru', home: 'kz', answers, evidence, dates: { claim: '2026-11-22' } })
 */
export function decide(agreement: Agreement, input: DecideInput, check: DecideCheck = {}): Decision {
  const service = getService(agreement, input.service);
  const annex = annexOf(agreement, input.state);
  const { home, evidence, dates } = input;
  const journey = { home, claim: dates.claim, answers: input.answers };
  const { answers } = pathOf(agreement, service, journey, check.budget);
  const run = openRun(agreement, service, annex, { ...input, answers });
  for (const name of service.decision.order) evaluate(run, name, check);

  const explanation = service.decision.rules.flatMap((name) => run.explained.get(name) ?? []);
  const missing = missingConditions(run);
  const wantedEvidence = questionsFor(agreement, service, home, answers, check.budget).filter(
    ({ evidence: { type, opinion }, state }) => !opinion || isAskedFor(run, type, state),
  );
  const pending = pendingEvidence(wantedEvidence, evidence);
  const wanted = outcomeOf(run);
  // What did not come in time may still come: until then it makes no award smaller either.
  const late = pending.some(({ reason }) => reason === 'unanswered');
  const undecided =
    (wanted === 'refused' && waitsFor(agreement, service, annex, missing, pending)) || (wanted === 'partly' && late);
  return {
    outcome: undecided ? 'undecided' : wanted,
    months: monthsOf(run),
    values: Object.fromEntries(service.decision.values.map((name) => [name, run.json.get(name) ?? null])),
    explanation,
    missing,
    pending,
    dates: run.dates,
    digests: { contract: agreement.contractDigest, annex: annex.digest, texts: agreement.textsDigest },
  };
}

/** Whether this authority asks a state for an opinion: others of the same application may, and nobody here waits for that. */
function isAskedFor({ service, scope }: Run, type: string, state: string): boolean {
  return service.stages.every(({ requests }) => requests?.evidence !== type || isAsked(requests, scope, state));
}

/** Is told of each rule as it is evaluated: by which version, with which rows, to which value. For reports; it changes nothing. */
export type Watch = (rule: Rule, version: RuleVersion | undefined, rows: readonly string[], value: Json) => void;

/** What a check adds to a decision that it makes. */
export interface DecideCheck {
  watch?: Watch;
  budget?: Budget;
}

/** One decision while it is made. */
export interface Run {
  agreement: Agreement;
  service: Service;
  annex: Annex;
  input: DecideInput;
  scope: Record<string, FeelValue>;
  dates: { claim: PlainDate; entitlement: PlainDate; decision: PlainDate };
  /** Rule -> its value as JSON. */
  json: Map<string, Json>;
  explained: Map<string, Explanation>;
  usable: UsableFacts;
  /** Evidence types by their names in expressions. */
  evidenceByName: ReadonlyMap<string, EvidenceType>;
}

function openRun(agreement: Agreement, service: Service, annex: Annex, input: DecideInput): Run {
  const { claim, decision = claim } = input.dates;
  const usable = usableFacts(agreement, service, input.evidence);
  const scope: Record<string, FeelValue> = {
    ...functionScope(agreement),
    ...answerScope(service, input.home, input.answers),
    ...evidenceScope(agreement, usable),
    decider: input.state,
    claimDate: date(claim),
    entitlementDate: date(claim),
    decisionDate: date(decision),
    lot: fromJson(input.lot ?? null, NUMBER),
  };
  const dates = { claim, entitlement: claim, decision };
  const evidenceByName = new Map(Object.values(agreement.evidence).map((type) => [type.as, type]));
  return {
    ...{ agreement, service, annex, input, scope, dates, usable, evidenceByName },
    json: new Map(),
    explained: new Map(),
  };
}

/** The functions of the agreement under their names. */
export function functionScope(agreement: Agreement): Record<string, FeelValue> {
  return Object.fromEntries(Object.values(agreement.functions).map(({ name, value }) => [name, value]));
}

const date = (text: PlainDate): FeelValue => fromJson(text, DATE);

function evaluate(run: Run, name: string, { watch, budget }: DecideCheck): void {
  const rule = run.agreement.rules[name];
  if (rule === undefined) return;
  const reference = run.dates[rule.reference];
  const version = versionsIn(rule, run.annex).find((one) => isInForce(one, reference));
  const trace = version?.table === true ? newTrace() : undefined;
  const value = version === undefined ? null : evaluateWithin(budget, version.expression, run.scope, trace);
  const json = toJson(value);
  run.scope[name] = value;
  run.json.set(name, json);
  if (name === run.service.decision.entitlement && typeof json === 'string') {
    run.dates.entitlement = json;
    run.scope.entitlementDate = value;
  }
  watch?.(rule, version, trace?.rows.map(({ row }) => row) ?? [], json);
  const origin = originOf(rule, version, run.annex);
  const hit = trace?.rows.at(-1);
  const words = typeof json === 'string' && Object.hasOwn(rule.words, json) ? rule.words[json] : undefined;
  run.explained.set(name, {
    rule: name,
    title: rule.title,
    ...origin,
    ...(hit?.article === undefined ? {} : { article: hit.article }),
    reference,
    value: json,
    ...(words === undefined ? {} : { words }),
    facts: version === undefined ? [] : explainFacts(run, version.expression.dependencies),
    ...(hit === undefined ? {} : { row: hit.row }),
  });
}

function isInForce({ from, until }: RuleVersion, date: PlainDate): boolean {
  return (from === undefined || from <= date) && (until === undefined || date <= until);
}

/** Article and source: the version's own, else the annex's, else the contract's. */
function originOf(rule: Rule, version: RuleVersion | undefined, annex: Annex): Pick<Explanation, 'article' | 'source'> {
  const national = rule.national ? annex.rules[rule.name] : undefined;
  return {
    article: version?.article ?? national?.article ?? rule.article,
    source: version?.source ?? national?.source ?? rule.source,
  };
}

function missingConditions({ service, agreement, json, explained }: Run): Missing[] {
  return service.decision.rules.flatMap((name) => {
    const rule = agreement.rules[name];
    if (rule?.missing === undefined || json.get(name) !== false) return [];
    return [{ rule: name, text: rule.missing, article: explained.get(name)?.article ?? rule.article }];
  });
}

function outcomeOf({ service, json }: Run): Outcome | 'undecided' {
  const value = json.get(service.decision.outcome);
  return value === 'granted' || value === 'partly' || value === 'refused' ? value : 'undecided';
}

function monthsOf({ service, json }: Run): number {
  const value = service.decision.months === undefined ? null : json.get(service.decision.months);
  return typeof value === 'number' ? value : 0;
}

/**
 * The annex of a state.
 * @throws Failure AGREEMENT_NO_STATE
 */
export function annexOf(agreement: Agreement, state: string): Annex {
  const annex = Object.hasOwn(agreement.annexes, state) ? agreement.annexes[state] : undefined;
  if (annex === undefined) throw new Failure('AGREEMENT_NO_STATE', { agreement: agreement.name, state });
  return annex;
}

import { DATE, type FeelValue, fromJson, toJson } from '../../feel/index.ts';
import { Failure, type Json, type PlainDate } from '../../storage/index.ts';
import { type Budget, evaluateWithin } from '../budget.ts';
import { answerScope } from '../journey/asked.ts';
import type { Agreement, Service } from '../types.ts';
import { functionScope } from './decide.ts';
import { evidenceScope, usableFacts } from './facts-scope.ts';
import type { Answers, Decision, EvidenceFacts } from './types.ts';

/** What the claims of a document are made of. */
export interface ClaimsInput {
  /** The deciding state. */
  state: string;
  decision: Decision;
  /** The day of the signed decision; that of the proposal without it. */
  decidedOn?: PlainDate;
  /** For claims about the person: what the decision was made of. A claim that needs what is not given is left out. */
  home?: string;
  answers?: Answers;
  evidence?: readonly EvidenceFacts[];
}

/**
 * The claims of a document over a finished decision, in the order of the document type; a claim without a value is left out.
 * @param budget what a check may spend on it
 * @throws Failure AGREEMENT_NO_DOCUMENT
 * @example claimsOf(agreement, 'pension-award', { state: 'ru', decision }).months // 13
 */
export function claimsOf(
  agreement: Agreement,
  type: string,
  input: ClaimsInput,
  budget?: Budget,
): Record<string, Json> {
  const document = Object.hasOwn(agreement.documents, type) ? agreement.documents[type] : undefined;
  const service = Object.values(agreement.services).find((one) => one.document === type);
  if (document === undefined || service === undefined) {
    throw new Failure('AGREEMENT_NO_DOCUMENT', { agreement: agreement.name, type });
  }
  const scope = scopeOf(agreement, service, input);
  const claims = Object.entries(document.claims).map(([name, { compiled }]) => [
    name,
    toJson(evaluateWithin(budget, compiled, scope)),
  ]);
  return Object.fromEntries(claims.filter(([, value]) => value !== null));
}

/** What expressions about a finished decision see. */
export function scopeOf(agreement: Agreement, service: Service, input: ClaimsInput): Record<string, FeelValue> {
  const { state, decision, decidedOn = decision.dates.decision, home = null, answers = {}, evidence = [] } = input;
  const day = (text: string): FeelValue => fromJson(text, DATE);
  const scope: Record<string, FeelValue> = {
    ...functionScope(agreement),
    ...answerScope(service, home, answers),
    ...evidenceScope(agreement, usableFacts(agreement, service, evidence)),
    decider: state,
    claimDate: day(decision.dates.claim),
    entitlementDate: day(decision.dates.entitlement),
    decisionDate: day(decidedOn),
    articles: [
      ...new Set([
        ...(decision.silence === undefined ? [] : [decision.silence.article]),
        ...decision.explanation.map(({ article }) => article),
      ]),
    ],
  };
  for (const { rule, value } of decision.explanation) {
    const type = agreement.rules[rule]?.feelType;
    scope[rule] = type === undefined || value === null ? null : fromJson(value, type);
  }
  // What silence decided stands in the place of what the rules had said.
  if (decision.silence !== undefined) scope[service.decision.outcome] = decision.outcome;
  return scope;
}

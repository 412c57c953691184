import { type FeelValue, fromJson } from '../../feel/index.ts';
import type { Json } from '../../storage/index.ts';
import { factsProblem } from '../facts.ts';
import type { Agreement, EvidenceFacts, EvidenceType, Service } from '../types.ts';

/**
 * The evidence as names of expressions. With `one` the facts or null; with `each` a list of what was found, each item with the
 * state that signed it, in the order of the state codes, so that the order of arrival changes nothing.
 */
export function evidenceScope(
  agreement: Agreement,
  service: Service,
  evidence: readonly EvidenceFacts[],
): Record<string, FeelValue> {
  const scope: Record<string, FeelValue> = {};
  for (const name of service.evidence) {
    const type = agreement.evidence[name];
    if (type === undefined) continue;
    const found = usableFacts(type, evidence);
    const json: Json = type.cardinality === 'one' ? (found[0]?.facts ?? null) : found.map(withState);
    scope[type.as] = json === null ? null : fromJson(json, type.feelType);
  }
  return scope;
}

/**
 * The facts of a type that were found and fit its schema, by state. Facts that do not fit are refused where they arrive
 * (`demandFacts`); should any come this far, they are no facts.
 */
export function usableFacts(type: EvidenceType, evidence: readonly EvidenceFacts[]): EvidenceFacts[] {
  return evidence
    .filter((one) => one.type === type.type && one.result === 'found' && one.facts !== null)
    .filter((one) => factsProblem(type, one.facts) === undefined)
    .sort((a, b) => (a.state < b.state ? -1 : a.state > b.state ? 1 : 0));
}

/** The state is the signer's, whatever the facts say. */
export function withState({ state, facts }: EvidenceFacts): Json {
  return facts === null || typeof facts !== 'object' || Array.isArray(facts) ? null : { ...facts, state };
}

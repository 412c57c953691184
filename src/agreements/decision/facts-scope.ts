import { type FeelValue, fromJson } from '../../feel/index.ts';
import type { Json } from '../../storage/index.ts';
import { factsProblem } from '../facts.ts';
import type { Agreement, Service } from '../types.ts';
import type { EvidenceFacts } from './types.ts';

/** The facts that a decision may use, by evidence type, each with the state that signed it. */
export type UsableFacts = ReadonlyMap<string, readonly EvidenceFacts[]>;

/**
 * The facts that were found and fit their schema, ordered by state, so that the order of arrival changes nothing. Facts that do not
 * fit are refused where they arrive (`demandFacts`); should any come this far, they are no facts.
 */
export function usableFacts(agreement: Agreement, service: Service, evidence: readonly EvidenceFacts[]): UsableFacts {
  const usable = new Map<string, readonly EvidenceFacts[]>();
  for (const name of service.evidence) {
    const type = agreement.evidence[name];
    if (type === undefined) continue;
    const found = evidence.filter((one) => one.type === name && one.result === 'found' && one.facts !== null);
    const fit = found.filter(({ facts }) => factsProblem(type, facts) === undefined);
    usable.set(
      name,
      fit.toSorted((a, b) => (a.state < b.state ? -1 : a.state > b.state ? 1 : 0)),
    );
  }
  return usable;
}

/** The evidence as names of expressions. With `one` the facts or null; with `each` a list, each item with its state. */
export function evidenceScope(agreement: Agreement, usable: UsableFacts): Record<string, FeelValue> {
  const scope: Record<string, FeelValue> = {};
  for (const [name, facts] of usable) {
    const type = agreement.evidence[name];
    if (type === undefined) continue;
    const json: Json = type.cardinality === 'one' ? (facts[0]?.facts ?? null) : facts.map(withState);
    scope[type.as] = json === null ? null : fromJson(json, type.feelType);
  }
  return scope;
}

/** The state is the signer's, whatever the facts say. */
function withState({ state, facts }: EvidenceFacts): Json {
  return facts === null || typeof facts !== 'object' || Array.isArray(facts) ? null : { ...facts, state };
}

import { Check, Errors } from 'typebox/schema';
import { Failure, type Json } from '../storage/index.ts';
import type { Agreement, EvidenceType } from './types.ts';

/** Where facts do not fit, and how: never the facts themselves. */
interface FactsProblem {
  path: string;
  reason: string;
}

/**
 * Holds facts against the JSON Schema 2020-12 of their evidence type. The schema is interpreted: nothing of an agreement ever
 * becomes code.
 * @returns the first thing wrong, or undefined
 */
export function factsProblem(type: EvidenceType, facts: Json): FactsProblem | undefined {
  const schema = type.schema as Record<string, unknown>;
  if (Check(schema, facts)) return undefined;
  const [, errors] = Errors(schema, facts);
  const [first] = errors.filter(({ keyword }) => keyword !== 'boolean');
  return { path: first?.instancePath || '/', reason: first?.keyword ?? 'schema' };
}

/**
 * Refuses facts that do not fit the schema of their type.
 * @throws Failure AGREEMENT_NO_EVIDENCE, AGREEMENT_FACTS_REFUSED with the place and the keyword that refused
 * @example demandFacts(agreement, 'insured-periods', { periods: [] });
 */
export function demandFacts(agreement: Agreement, type: string, facts: Json): void {
  const known = agreement.evidence[type];
  if (known === undefined) throw new Failure('AGREEMENT_NO_EVIDENCE', { agreement: agreement.name, type });
  const problem = factsProblem(known, facts);
  if (problem !== undefined) throw new Failure('AGREEMENT_FACTS_REFUSED', { type, ...problem });
}

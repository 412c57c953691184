import { type Agreement, demandFacts } from '../agreements/index.ts';
import type { Sealed } from '../crypto/index.ts';
import type { ExchangeContext } from '../exchange/index.ts';
import { type Evidence, type ExpectedEvidence, verifyEvidence } from '../registers/index.ts';
import { Failure, type Instant } from '../storage/index.ts';

/** Whom and what a piece of evidence must be about, and of which state. */
export type EvidenceAbout = Pick<
  ExpectedEvidence,
  'type' | 'state' | 'application' | 'reference' | 'home' | 'request' | 'represented'
>;

/**
 * Holds a piece of evidence against the agreement: signed by the agency that the state's annex names for it, about this person and
 * application, for the agreed purpose, its facts in the agreed form. At home when it arrives, and again at each deciding node.
 *
 * @param at the moment on which it must be valid
 * @throws Failure REGISTERS_EVIDENCE_*, AGREEMENT_FACTS_REFUSED
 * @example verifyAgreedEvidence(ctx, agreement, sealed, { type, state, application, reference, home }, payload.filedAt)
 */
export function verifyAgreedEvidence(
  ctx: Pick<ExchangeContext, 'trust' | 'clock'>,
  agreement: Agreement,
  sealed: Sealed<Evidence>,
  about: EvidenceAbout,
  at: Instant = ctx.clock.now(),
): Sealed<Evidence> {
  const type = own(agreement.evidence, about.type);
  const agency = type === undefined ? undefined : own(own(agreement.annexes, about.state)?.roles, type.servedBy);
  if (type === undefined || agency === undefined) throw new Failure('REGISTERS_EVIDENCE_OTHER', { member: 'type' });
  const agreed = { agency, agreement: agreement.contractDigest, schema: type.schemaDigest, purpose: type.purpose };
  verifyEvidence(ctx, sealed, { ...about, ...agreed }, at);
  const { result, facts } = sealed.payload;
  if (result === 'found') demandFacts(agreement, type.type, facts);
  return sealed;
}

/** A member of a table by a name that came from outside. */
function own<T>(table: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return table !== undefined && Object.hasOwn(table, name) ? table[name] : undefined;
}

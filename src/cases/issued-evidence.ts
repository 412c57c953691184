import type { Agreement } from '../agreements/index.ts';
import { type EvidenceAbout, verifyAgreedEvidence } from '../applications/index.ts';
import type { Sealed } from '../crypto/index.ts';
import type { Evidence } from '../registers/index.ts';
import { Failure, type Instant } from '../storage/index.ts';
import type { CasesContext } from './context.ts';

/**
 * Evidence as the agreement wants it, by an annex of the issuing state under which it may have been issued.
 * @param at the moment on which it must be valid
 * @throws Failure those of `verifyAgreedEvidence`
 */
export function verifyIssuedEvidence(
  ctx: CasesContext,
  agreement: Agreement,
  sealed: Sealed<Evidence>,
  about: EvidenceAbout,
  at: Instant,
): void {
  const known = underAnnexes(ctx, agreement, sealed.payload.issuer.state, sealed.payload.issuedAt);
  for (const [place, one] of known.entries()) {
    try {
      verifyAgreedEvidence(ctx, one, sealed, about, at);
      return;
    } catch (error) {
      if (place === known.length - 1) throw error;
    }
  }
}

/**
 * The agreement with the annexes by which a piece of evidence may have been issued: the one of the issuing state that was in force then,
 * and the one before it, since a question may have been on its way while the annex changed. Corrections cost nobody her evidence.
 */
function underAnnexes(ctx: CasesContext, agreement: Agreement, state: string, issuedAt: string): Agreement[] {
  if (Number.isNaN(Date.parse(issuedAt))) throw new Failure('REGISTERS_EVIDENCE_OTHER', { member: 'issuedAt' });
  const { name, contractDigest } = agreement;
  const begun = ctx.trust
    .words(name)
    .filter((one) => one.state === state && one.contract === contractDigest && one.from <= issuedAt.slice(0, 10));
  const annexes = [...new Set(begun.map(({ annex }) => annex))].slice(0, 2);
  const found = annexes.flatMap(
    (annex) => ctx.agreements.byContract(contractDigest, { annexes: { [state]: annex } }) ?? [],
  );
  return found.length === 0 ? [agreement] : found;
}

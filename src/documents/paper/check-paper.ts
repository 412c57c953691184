import type { Instant, Json } from '../../storage/index.ts';
import type { TrustView } from '../../union/index.ts';
import { fact, factText, type VerifiedFact } from '../verify/verdict.ts';
import { verifyPaperCode } from './paper-code.ts';

/** What the text of a printed code proves. Whether the document was revoked since, it cannot tell. */
export interface CheckedPaper {
  /** Of the document's credential. */
  vct: string;
  /** Who issued it, when, its number; and its claims as `claim.<name>` where they are in the code. */
  facts: VerifiedFact[];
  /** What the document says did not fit into the code: its digest alone is proven. */
  withoutClaims: boolean;
}

/**
 * Checks the text that a camera reads from a printed page, by the reader's own trust. Lines and tabs that came between on the way are no
 * letters of a code and fall out; a blank is one, and stays.
 * @throws Failure as `verifyPaperCode`
 * @example const { facts } = checkPaper('CW1:6BF...', { trust: ctx.trust, now: ctx.clock.now() })
 */
export function checkPaper(text: string, { trust, now }: { trust: TrustView; now: Instant }): CheckedPaper {
  const content = verifyPaperCode(text.replace(/[\r\n\t]/g, '').trim(), trust, now);
  const claims: [string, Json][] = Object.entries(content.claims ?? {});
  return {
    vct: content.vct,
    facts: [
      ...fact('union', trust.charter.union),
      ...fact('demo', trust.charter.demo ? 'yes' : undefined),
      ...fact('issuer', trust.stateName(content.state)),
      ...fact('agency', content.agency),
      ...fact('number', content.document),
      ...fact('issuedAt', content.issuedAt),
      ...fact('validUntil', content.expiresAt),
      ...claims.flatMap(([name, value]) => fact(`claim.${name}`, factText(value))),
    ],
    withoutClaims: content.claims === undefined,
  };
}

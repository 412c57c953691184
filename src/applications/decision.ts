import { type Sealed, signersOf } from '../crypto/index.ts';
import type { ExchangeContext } from '../exchange/index.ts';
import { Failure } from '../storage/index.ts';
import type { SealedDecision } from './types.ts';

/**
 * A decision under the deciding agency's own key, for the application it names.
 * @throws Failure DECISION_INVALID naming what does not fit
 */
export function verifyDecision(
  ctx: Pick<ExchangeContext, 'trust'>,
  sealed: Sealed<SealedDecision>,
  expected: { application: string; state: string; agency: string },
): Sealed<SealedDecision> {
  const [signature] = sealed?.signatures ?? [];
  if (sealed?.kind !== 'decision' || signature === undefined || sealed.signatures.length !== 1) {
    throw new Failure('DECISION_INVALID', { reason: 'not signed once by the agency' });
  }
  const key = ctx.trust.agencyKey(expected.state, expected.agency, signature.key);
  signersOf(sealed, 'decision', [key]);
  const { application, state, agency } = sealed.payload;
  if (application !== expected.application) throw new Failure('DECISION_INVALID', { reason: 'another application' });
  if (state !== expected.state || agency !== expected.agency)
    throw new Failure('DECISION_INVALID', { reason: 'another authority' });
  return sealed;
}

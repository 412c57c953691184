import { type PublicKey, type Sealed, signersOf } from '../../crypto/index.ts';
import { addMilliseconds, type Clock, Failure, isFailure } from '../../storage/index.ts';
import { type TrustView, validKeys } from '../../union/index.ts';
import type { Edition } from './edition.ts';

/** How far the clock of who published may be ahead of ours. */
const SKEW_MS = 60_000;

/**
 * An edition counts when an agency published it that plays a role in it, and a second person of that state approved: one signature by a
 * key of the agency and one by an approval key, both as that state's manifest has them for the moment of publishing. Nobody can be both,
 * since a key stands in one place of a manifest only.
 *
 * @throws Failure AGREEMENT_PUBLISHER_UNFIT for an agency without a role, AGREEMENT_EDITION_FORGED, AGREEMENT_EDITION_ALONE
 *   where the second person is missing, AGREEMENT_EDITION_EARLY for one from the future
 */
export function demandPublished(ctx: { trust: TrustView; clock: Clock }, sealed: Sealed<Edition>): void {
  const { approvals } = demandAgency(ctx, sealed);
  // By the list of all times: whoever dates an edition back before there was a second person gains nothing.
  if (approvals === 0 && ctx.trust.keys(sealed.payload.state, 'approval').length > 0) {
    const { agreement, state } = sealed.payload;
    throw new Failure('AGREEMENT_EDITION_ALONE', { agreement, state });
  }
}

/** The same before the second person: what the agency has prepared. */
export function demandAgency(
  { trust, clock }: { trust: TrustView; clock: Clock },
  sealed: Sealed<Edition>,
): { approvals: number } {
  const { agreement, state, agency, issued, parties } = sealed.payload;
  const forged = (cause?: unknown) => new Failure('AGREEMENT_EDITION_FORGED', { agreement, state }, { cause });
  if (!parties.includes(state) || !agency.startsWith(`${state}.`)) {
    throw new Failure('AGREEMENT_PUBLISHER_UNFIT', { agency, agreement });
  }
  if (issued > addMilliseconds(clock.now(), SKEW_MS)) throw new Failure('AGREEMENT_EDITION_EARLY', { issued });
  const approval = validKeys(trust, state, 'approval', issued);
  const own = trust
    .agency(state, agency)
    .keys.filter(({ from, until }) => from <= issued && (until === undefined || issued < until))
    .map(({ key }) => key);
  let signers: PublicKey[];
  try {
    signers = signersOf(sealed, 'agreement', [...own, ...approval]);
  } catch (error) {
    if (!isFailure(error, 'CRYPTO_SEALED_SIGNER', 'CRYPTO_SEALED_SIGNATURE', 'CRYPTO_SEALED_KIND')) throw error;
    throw forged(error);
  }
  const by = (keys: PublicKey[]) => signers.filter((key) => keys.includes(key)).length;
  if (by(own) !== 1 || by(approval) > 1) throw forged();
  return { approvals: by(approval) };
}

/** An agency publishes what it has a part in: the state's annex names it for a role. @throws Failure AGREEMENT_PUBLISHER_UNFIT */
export function demandPart(
  annexes: Readonly<Record<string, { roles: Readonly<Record<string, string>> }>>,
  { state, agency, agreement }: Pick<Edition, 'state' | 'agency' | 'agreement'>,
): void {
  const roles = Object.hasOwn(annexes, state) ? (annexes[state]?.roles ?? {}) : {};
  if (!Object.values(roles).includes(agency)) throw new Failure('AGREEMENT_PUBLISHER_UNFIT', { agency, agreement });
}

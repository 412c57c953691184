import { sha256 } from '../../crypto/index.ts';
import { type Account, type Assurance, lower } from '../types.ts';

/**
 * The name that an authenticator keeps for an account. It is shown to whoever holds the authenticator, so it tells nothing of her
 * (WebAuthn level 3, section 14.6.1).
 */
export function userHandle({ state, id }: Pick<Account, 'state' | 'id'>): Buffer {
  return sha256(`commonway-passkey-user/1\n${state}\n${id}`);
}

/** The host that passkeys of an origin belong to. */
export const relyingParty = (origin: string): string => new URL(origin).hostname;

/**
 * How sure the state is of whoever used a passkey: the lower of how sure it was when it was bound, and of the authenticator. A passkey
 * that is synced between devices is as safe as the account that it is synced by, which the state does not know: substantial at most.
 */
export function assuranceOf({ proofing, synced }: { proofing: Assurance; synced: boolean }): Assurance {
  return lower(proofing, synced ? 'substantial' : 'high');
}

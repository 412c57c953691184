import { verifyRegistrationResponse } from '@simplewebauthn/server';
import { decodeAttestationObject } from '@simplewebauthn/server/helpers';
import { fromBase64Url, randomId, toBase64Url } from '../../crypto/index.ts';
import { Failure } from '../../storage/index.ts';
import { demandFresh } from '../sessions.ts';
import type { IdentityContext } from '../sign-in.ts';
import type { Session } from '../types.ts';
import { type PasskeyAnswer, readAnswer, refused, spendChallengeOf } from './answer.ts';
import { relyingParty, userHandle } from './authenticator.ts';
import { CHALLENGE_MS, issueChallenge } from './challenges.ts';

/** More than anybody carries; each is a way in that somebody could find. */
const MOST_PASSKEYS = 10;
const LONGEST_NAME = 60;
/** Ed25519, ES256, RS256: what authenticators have (RFC 9053, RFC 8812). */
const ALGORITHMS = [-8, -7, -257];

/** What a browser needs to make a passkey: `PublicKeyCredentialCreationOptionsJSON` of WebAuthn level 3. */
export interface BindingOptions {
  challenge: string;
  rp: { id: string; name: string };
  user: { id: string; name: string; displayName: string };
  pubKeyCredParams: { type: 'public-key'; alg: number }[];
  excludeCredentials: { type: 'public-key'; id: string }[];
  authenticatorSelection: { residentKey: 'required'; requireResidentKey: true; userVerification: 'required' };
  attestation: 'none';
  timeout: number;
}

/**
 * What the browser of a session needs to make another passkey for its account. The authenticator keeps it by itself, so that nobody has
 * to type who she is, and asks for her finger, face or PIN each time.
 * @throws Failure IDENTITY_SIGN_IN_AGAIN
 */
export async function bindingOptions(
  ctx: IdentityContext,
  session: Session,
  browser: string,
  portal: string,
): Promise<BindingOptions> {
  demandFresh(ctx, session);
  const { account } = session;
  const bound = await ctx.db.query<{ credential: string }>(
    'select credential from identity_passkeys where account = $1',
    [account.id],
  );
  return {
    challenge: await issueChallenge(ctx, { purpose: 'bind', browser }),
    rp: { id: relyingParty(ctx.identity.origin), name: portal },
    user: { id: toBase64Url(userHandle(account)), name: account.name, displayName: account.name },
    pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: 'public-key', alg })),
    excludeCredentials: bound.map(({ credential }) => ({ type: 'public-key', id: credential })),
    authenticatorSelection: { residentKey: 'required', requireResidentKey: true, userVerification: 'required' },
    attestation: 'none',
    timeout: CHALLENGE_MS,
  };
}

/**
 * Binds the passkey that a browser made to the account of its session. How sure the state was of her when its
 * session began is how sure it can be by the passkey.
 *
 * @param made `answer` is the browser's credential as JSON, `name` what she calls it
 * @throws Failure IDENTITY_SIGN_IN_AGAIN, IDENTITY_PASSKEY_NAME, IDENTITY_PASSKEY_REFUSED, IDENTITY_PASSKEY_TAKEN, IDENTITY_PASSKEYS_FULL
 */
export async function bindPasskey(
  ctx: IdentityContext,
  session: Session,
  made: { answer: string; name: string; browser: string },
): Promise<void> {
  demandFresh(ctx, session);
  const { account, assurance, proofing = assurance } = session;
  const name = made.name.trim();
  if (name === '' || name.length > LONGEST_NAME) throw new Failure('IDENTITY_PASSKEY_NAME', { most: LONGEST_NAME });
  const answer = readAnswer(made.answer);
  const challenge = await spendChallengeOf(ctx, answer, { purpose: 'bind', browser: made.browser });
  const { credential, synced } = await verified(ctx, answer, challenge);
  await ctx.db.transaction(async (tx) => {
    await tx.query('select id from identity_accounts where id = $1 for update', [account.id]);
    const bound = await tx.query(
      `insert into identity_passkeys (id, credential, account, name, public_key, counter, synced, proofing, demo, created_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (credential) do nothing returning id`,
      [
        randomId(),
        credential.id,
        account.id,
        name,
        Buffer.from(credential.publicKey),
        credential.counter,
        synced,
        proofing,
        ctx.identity.demo,
        ctx.clock.now(),
      ],
    );
    if (bound.length === 0) throw new Failure('IDENTITY_PASSKEY_TAKEN');
    const all = await tx.query('select id from identity_passkeys where account = $1', [account.id]);
    if (all.length > MOST_PASSKEYS) throw new Failure('IDENTITY_PASSKEYS_FULL', { most: MOST_PASSKEYS });
  });
}

async function verified(ctx: IdentityContext, answer: PasskeyAnswer, challenge: string) {
  const { clientDataJSON = '', attestationObject = '' } = answer.response;
  demandNoAttestation(attestationObject);
  const result = await verifyRegistrationResponse({
    response: { ...answer, response: { clientDataJSON, attestationObject } },
    expectedChallenge: challenge,
    expectedOrigin: ctx.identity.origin,
    expectedRPID: relyingParty(ctx.identity.origin),
    requireUserVerification: true,
    supportedAlgorithmIDs: ALGORITHMS,
  }).catch(() => undefined);
  if (result?.verified !== true) throw refused('proof');
  const { credential, credentialDeviceType } = result.registrationInfo;
  return { credential, synced: credentialDeviceType === 'multiDevice' };
}

/**
 * Attestation is not asked for, and none with certificates is looked at: verifying it would have the node ask the maker's servers
 * whether they are revoked. Without one, or signed by the passkey itself, is what browsers send (WebAuthn level 3, section 5.1.3).
 */
function demandNoAttestation(attestationObject: string): void {
  let format: string;
  let certificates: unknown;
  try {
    const object = decodeAttestationObject(new Uint8Array(fromBase64Url(attestationObject)));
    format = object.get('fmt');
    certificates = object.get('attStmt').get('x5c');
  } catch {
    throw refused('malformed');
  }
  if (format !== 'none' && (format !== 'packed' || certificates !== undefined)) throw refused('malformed');
}

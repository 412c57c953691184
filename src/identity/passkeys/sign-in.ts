import { verifyAuthenticationResponse } from '@simplewebauthn/server';
import { toBase64Url } from '../../crypto/index.ts';
import type { IdentityContext, SignInMethod } from '../sign-in.ts';
import type { Assurance } from '../types.ts';
import { type PasskeyAnswer, readAnswer, refused, spendChallengeOf } from './answer.ts';
import { assuranceOf, relyingParty, userHandle } from './authenticator.ts';
import { CHALLENGE_MS, issueChallenge } from './challenges.ts';
import { hasPasskey } from './list.ts';

/** What a browser needs to ask for a passkey: `PublicKeyCredentialRequestOptionsJSON` of WebAuthn level 3. */
export interface SigningOptions {
  challenge: string;
  rpId: string;
  userVerification: 'required';
  timeout: number;
}

interface KeyRow {
  id: string;
  account: string;
  state: string;
  public_key: Buffer;
  counter: number;
  synced: boolean;
  proofing: Assurance;
}

/** What a browser needs to sign somebody in: nobody is named, the authenticator knows whose passkeys it has. */
export async function signingOptions(ctx: IdentityContext, browser: string): Promise<SigningOptions> {
  return {
    challenge: await issueChallenge(ctx, { purpose: 'sign-in', browser }),
    rpId: relyingParty(ctx.identity.origin),
    userVerification: 'required',
    timeout: CHALLENGE_MS,
  };
}

/** The sign-in with a passkey (WebAuthn level 3). Its answer is the browser's credential as JSON, in the field `credential`. */
export function passkeySignIn(): SignInMethod {
  return {
    name: 'passkey',
    refusal: () => undefined,
    offer: async () => ({ kind: 'passkey' }),
    opens: (db, { id }) => hasPasskey(db, id),
    async finish(ctx, { browser }, { credential = '' }) {
      const answer = readAnswer(credential);
      const challenge = await spendChallengeOf(ctx, answer, { purpose: 'sign-in', browser });
      const key = await findKey(ctx, answer.id);
      if (answer.response.userHandle !== toBase64Url(userHandle({ state: key.state, id: key.account }))) {
        throw refused('account');
      }
      await noteUse(ctx, key, await verifiedCounter(ctx, answer, challenge, key));
      return { account: key.account, assurance: assuranceOf(key) };
    },
  };
}

async function findKey({ db, identity }: IdentityContext, credential: string): Promise<KeyRow> {
  const [key] = await db.query<KeyRow>(
    `select p.id, p.account, a.state, p.public_key, p.counter, p.synced, p.proofing
     from identity_passkeys p join identity_accounts a on a.id = p.account
     where p.credential = $1 and a.state = $2 and (not p.demo or $3)`,
    [credential, identity.state, identity.demo],
  );
  if (key === undefined) throw refused('unknown');
  return key;
}

async function verifiedCounter(
  ctx: IdentityContext,
  answer: PasskeyAnswer,
  challenge: string,
  { public_key, counter }: KeyRow,
): Promise<number> {
  const { clientDataJSON = '', authenticatorData = '', signature = '' } = answer.response;
  const result = await verifyAuthenticationResponse({
    response: { ...answer, response: { clientDataJSON, authenticatorData, signature } },
    expectedChallenge: challenge,
    expectedOrigin: ctx.identity.origin,
    expectedRPID: relyingParty(ctx.identity.origin),
    requireUserVerification: true,
    credential: { id: answer.id, publicKey: new Uint8Array(public_key), counter },
  }).catch(() => undefined);
  if (result?.verified !== true) throw refused('proof');
  return result.authenticationInfo.newCounter;
}

/** Two answers at once may both have been verified against the old counter: only one of them moves it on. */
async function noteUse(ctx: IdentityContext, { id }: KeyRow, counter: number): Promise<void> {
  const noted = await ctx.db.query(
    `update identity_passkeys set counter = $2, used_at = $3
     where id = $1 and (counter < $2 or (counter = 0 and $2 = 0)) returning id`,
    [id, counter, ctx.clock.now()],
  );
  if (noted.length === 0) throw refused('proof');
}

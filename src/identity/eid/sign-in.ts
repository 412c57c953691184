import * as client from 'openid-client';
import { digestHex } from '../../crypto/index.ts';
import { addMilliseconds, Failure } from '../../storage/index.ts';
import { accountOf, findPerson } from '../residents.ts';
import type { IdentityContext, SignInMethod } from '../sign-in.ts';
import type { Assurance } from '../types.ts';
import { type EidConfig, isSafe } from './config.ts';

/** How long she may take at her eID. */
const AWAY_MS = 15 * 60_000;
/** Where the provider sends her back to; registered with it. */
export const EID_RETURN = '/sign-in/eid/return';

/** Why an answer of the eID signs nobody in. */
type Reason =
  /** It is not the answer to what this browser was sent away with, or came too late. */
  | 'state'
  /** The provider refused, or its answer does not verify. */
  | 'answer'
  /** It does not say how sure it is, or says what is worth nothing here. */
  | 'assurance'
  /** The population register does not know whom it names. */
  | 'person';

const refused = (reason: Reason): Failure => new Failure('IDENTITY_EID_REFUSED', { reason });

interface RequestRow {
  nonce: string;
  verifier: string;
  back: string | null;
}

/**
 * The sign-in with the state's existing eID: OpenID Connect, code with PKCE, state and nonce. The level is asked for explicitly, and an ID
 * token that does not name one which the operator has listed signs nobody in.
 */
export function eidSignIn(eid: EidConfig): SignInMethod {
  let found: Promise<client.Configuration> | undefined;
  /** Asked for when first needed, and again after it failed: a node starts while its eID is away. */
  const provider = (): Promise<client.Configuration> => {
    found ??= discover(eid).catch((error: unknown) => {
      found = undefined;
      throw new Failure('IDENTITY_EID_AWAY', {}, { cause: error });
    });
    return found;
  };
  return {
    name: 'eid',
    refusal: () => undefined,
    offer: async () => ({ kind: 'redirect', to: '/sign-in/eid' }),
    opens: async (_db, { kind }) => kind === 'person',
    async begin(ctx, { browser }, back) {
      const config = await provider();
      const [state, nonce] = [client.randomState(), client.randomNonce()];
      const verifier = client.randomPKCECodeVerifier();
      await keepRequest(ctx, { state, nonce, verifier, browser, back });
      const claims = {
        id_token: { acr: { essential: true, values: Object.keys(eid.levels) }, [eid.numberClaim]: { essential: true } },
      };
      const address = client.buildAuthorizationUrl(config, {
        scope: 'openid',
        redirect_uri: `${ctx.identity.origin}${EID_RETURN}`,
        code_challenge: await client.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        state,
        nonce,
        claims: JSON.stringify(claims),
        // A session that is open there proves no fresh sign-in here.
        prompt: 'login',
      });
      return address.href;
    },
    async finish(ctx, { browser }, { query = '' }) {
      const state = new URLSearchParams(query).get('state') ?? '';
      const request = await takeRequest(ctx, state, browser);
      const claims = await claimsOf(ctx, await provider(), query, state, request);
      const assurance = levelOf(eid, claims.acr);
      const number = claims[eid.numberClaim];
      const person = typeof number === 'string' && number !== '' ? await findPerson(ctx.db, number) : undefined;
      if (person === undefined) throw refused('person');
      const { account } = await ctx.db.transaction((tx) => accountOf(tx, ctx, person));
      return { account, assurance, ...(request.back === null ? {} : { back: request.back }) };
    },
  };
}

function discover({ issuer, clientId, clientSecret }: EidConfig): Promise<client.Configuration> {
  const insecure = isSafe(issuer) && issuer.startsWith('http:');
  return client.discovery(new URL(issuer), clientId, clientSecret, undefined, {
    execute: insecure ? [client.allowInsecureRequests] : [],
  });
}

/** What `acr` is worth here; a provider that leaves it out, though it was asked for, has proved nothing. */
function levelOf({ levels }: EidConfig, acr: unknown): Assurance {
  const level = typeof acr === 'string' && Object.hasOwn(levels, acr) ? levels[acr] : undefined;
  if (level === undefined) throw refused('assurance');
  return level;
}

async function claimsOf(
  ctx: IdentityContext,
  config: client.Configuration,
  query: string,
  state: string,
  { nonce, verifier }: RequestRow,
): Promise<Readonly<Record<string, unknown>>> {
  const returned = new URL(`${EID_RETURN}?${query}`, ctx.identity.origin);
  const checks = { pkceCodeVerifier: verifier, expectedNonce: nonce, expectedState: state, idTokenExpected: true };
  try {
    const tokens = await client.authorizationCodeGrant(config, returned, checks);
    return tokens.claims() ?? {};
  } catch {
    throw refused('answer');
  }
}

const digestOfState = (state: string): string => digestHex(`commonway-eid/1\n${state}`);

async function keepRequest(
  { db, clock }: IdentityContext,
  kept: { state: string; nonce: string; verifier: string; browser: string; back: string | undefined },
): Promise<void> {
  const now = clock.now();
  await db.query('delete from identity_eid_requests where expires_at <= $1', [now]);
  await db.query(
    `insert into identity_eid_requests (state_digest, browser, nonce, verifier, back, expires_at)
     values ($1, $2, $3, $4, $5, $6)`,
    [
      digestOfState(kept.state),
      kept.browser,
      kept.nonce,
      kept.verifier,
      kept.back ?? null,
      addMilliseconds(now, AWAY_MS),
    ],
  );
}

/** Whoever comes back is the browser that went, once: nobody is signed in by a link that somebody else made. */
async function takeRequest({ db, clock }: IdentityContext, state: string, browser: string): Promise<RequestRow> {
  const [request] = await db.query<RequestRow>(
    `delete from identity_eid_requests where state_digest = $1 and browser = $2 and expires_at > $3
     returning nonce, verifier, back`,
    [digestOfState(state), browser, clock.now()],
  );
  if (request === undefined) throw refused('state');
  return request;
}

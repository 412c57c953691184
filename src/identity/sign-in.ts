import { Failure, type Queryable, type StoreContext } from '../storage/index.ts';
import { openSession } from './sessions.ts';
import type { Account, Assurance } from './types.ts';

/** What the identity room has to know of its node. */
export interface IdentityContext extends StoreContext {
  identity: {
    state: string;
    /** The charter in force is marked demo. */
    demo: boolean;
    /** The address that the portal listens on. */
    boundTo: string;
    /** The portal's own origin, as browsers have it: what a passkey is bound to. */
    origin: string;
    methods: readonly SignInMethod[];
  };
}

/** The part of an HTTP request that a sign-in method may judge by. */
export interface SignInRequest {
  /** Address of the socket's other end. */
  remoteAddress: string;
  /** The request says that somebody passed it on (`Forwarded`, `X-Forwarded-For`, `Via`). */
  forwarded: boolean;
  /** `Host` without the port. */
  host: string;
  /** A digest of what only this browser can show again; empty for one that has shown nothing yet. */
  browser: string;
}

/** What stands on the sign-in page for a method. */
export type SignInOffer =
  /** Pick an account: the development sign-in. */
  | { kind: 'choice'; accounts: OfferedAccount[] }
  /** Go to another site and come back: upstream OpenID Connect. */
  | { kind: 'redirect'; to: string }
  /** Answer a challenge that the browser asks for when it is wanted: passkeys. */
  | { kind: 'passkey' }
  /** Type a code that an office gave. */
  | { kind: 'code' };

export interface OfferedAccount {
  account: Account;
  /** English words of who this is; the catalogues may know it in the reader's language under `personas.<id>.story`. */
  story: string;
}

/** Whose account it is, and how surely. */
export interface Proven {
  account: string;
  assurance: Assurance;
  /** How surely the person is known, where that is more than this sign-in proves: for what is bound in its session. */
  proofing?: Assurance;
  /** Where she was going when she was sent away to prove it. */
  back?: string;
}

/**
 * A way to prove who one is. Methods differ in how they ask and how sure they are; what comes out is always an account of
 * this state and an assurance level.
 */
export interface SignInMethod {
  readonly name: string;
  /** Why the method does not exist for this request, or undefined when it does. */
  refusal(ctx: IdentityContext, request: SignInRequest): Failure | undefined;
  offer(ctx: IdentityContext, request: SignInRequest): Promise<SignInOffer>;
  /**
   * Where another site has the browser sent to, to come back with an answer for `finish`; only of methods that are asked elsewhere.
   * @param back where she is going afterwards
   */
  begin?(ctx: IdentityContext, request: SignInRequest, back: string | undefined): Promise<string>;
  /** Whether this account could come in by this method. */
  opens(db: Queryable, account: Account): Promise<boolean>;
  /** @throws Failure when the answer proves nothing */
  finish(ctx: IdentityContext, request: SignInRequest, answer: Readonly<Record<string, string>>): Promise<Proven>;
}

/** The methods that exist for this request, each with what to show. */
export async function signInOffers(
  ctx: IdentityContext,
  request: SignInRequest,
): Promise<{ method: string; offer: SignInOffer }[]> {
  const open = ctx.identity.methods.filter((method) => method.refusal(ctx, request) === undefined);
  return Promise.all(open.map(async (method) => ({ method: method.name, offer: await method.offer(ctx, request) })));
}

/**
 * Signs somebody in: the method is asked again whether it exists for this request, then for its proof, then a fresh
 * session replaces whatever the browser had.
 *
 * @throws Failure IDENTITY_METHOD_UNKNOWN, or the method's own refusal
 * @example
 * const { token } = await signIn(ctx, request, 'development', { persona: 'aigerim' });
 */
export async function signIn(
  ctx: IdentityContext,
  request: SignInRequest,
  method: string,
  answer: Readonly<Record<string, string>>,
  replaces?: string,
): Promise<{ token: string; id: string; account: string; back?: string }> {
  const chosen = openMethod(ctx, request, method);
  const { back, ...proven } = await chosen.finish(ctx, request, answer);
  const opened = await openSession(ctx, {
    ...proven,
    method,
    ...(replaces === undefined ? {} : { replaces }),
  });
  return { ...opened, account: proven.account, ...(back === undefined ? {} : { back }) };
}

/**
 * Sends somebody to prove elsewhere who she is.
 * @returns the address, outside this portal
 * @throws Failure IDENTITY_METHOD_UNKNOWN, or the method's own refusal
 */
export async function beginSignIn(
  ctx: IdentityContext,
  request: SignInRequest,
  method: string,
  back: string | undefined,
): Promise<string> {
  const { begin } = openMethod(ctx, request, method);
  if (begin === undefined) throw new Failure('IDENTITY_METHOD_UNKNOWN', { method });
  return begin(ctx, request, back);
}

function openMethod(ctx: IdentityContext, request: SignInRequest, method: string): SignInMethod {
  const chosen = ctx.identity.methods.find((one) => one.name === method);
  if (chosen === undefined) throw new Failure('IDENTITY_METHOD_UNKNOWN', { method: method.slice(0, 40) });
  const refusal = chosen.refusal(ctx, request);
  if (refusal !== undefined) throw refusal;
  return chosen;
}

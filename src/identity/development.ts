import { isIP } from 'node:net';
import { Failure } from '../storage/index.ts';
import { findAccount } from './accounts.ts';
import type { Persona } from './personas.ts';
import type { IdentityContext, SignInMethod, SignInRequest } from './sign-in.ts';

/** Whether an IP address is this machine's own: 127.0.0.0/8, ::1, and the first written as IPv6. */
export function isLoopback(address: string): boolean {
  const plain = address.replace(/^\[|\]$/g, '').replace(/^::ffff:/i, '');
  if (isIP(plain) === 4) return plain.startsWith('127.');
  return plain === '::1';
}

/** Names that mean this machine whatever a resolver says (RFC 6761, section 6.3). */
function isLocalName(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || isLoopback(host);
}

/**
 * Whether the development sign-in exists here and for this request: the charter is marked demo, the node listens on this
 * machine only, the request came from this machine, nobody passed it on, and it was sent to a local name (a foreign page whose
 * name was pointed at this machine is refused).
 */
function refusal(ctx: IdentityContext, request: SignInRequest): Failure | undefined {
  if (!ctx.identity.demo) return new Failure('IDENTITY_DEMO_ONLY');
  const local =
    isLoopback(ctx.identity.boundTo) &&
    isLoopback(request.remoteAddress) &&
    !request.forwarded &&
    isLocalName(request.host.toLowerCase());
  return local ? undefined : new Failure('IDENTITY_LOOPBACK_ONLY');
}

/**
 * The sign-in of a demonstration: pick a persona, be her. Her assurance is what a real person of her story would have.
 * @example
 * const methods = [developmentSignIn(personas.filter((persona) => persona.state === 'kz'))];
 */
export function developmentSignIn(personas: readonly Persona[]): SignInMethod {
  return {
    name: 'development',
    refusal,
    async offer(ctx) {
      const accounts = await Promise.all(
        personas.map(async ({ id, story }) => ({ account: await findAccount(ctx.db, id), story })),
      );
      return {
        kind: 'choice',
        accounts: accounts.flatMap(({ account, story }) =>
          account?.state === ctx.identity.state ? [{ account, story }] : [],
        ),
      };
    },
    opens: async (_db, { id }) => personas.some((persona) => persona.id === id),
    async finish(ctx, _request, answer) {
      const persona = personas.find(({ id }) => id === answer.persona);
      const account = persona && (await findAccount(ctx.db, persona.id));
      if (account?.state !== ctx.identity.state) throw new Failure('IDENTITY_PERSONA_UNKNOWN');
      return { account: account.id, assurance: 'substantial' };
    },
  };
}

import type { FastifyReply, FastifyRequest } from 'fastify';

/** The cookies of a portal, each for this host only. */
export type CookieName = 'session' | 'visit' | 'language' | 'scheme';

const YEAR = 365 * 24 * 3600;
/** Those that sign somebody in end with the browser; those that remember a wish stay. */
const LASTING: readonly CookieName[] = ['language', 'scheme'];

/**
 * Under TLS the name binds the cookie to the host and to TLS (`__Host-`, RFC 6265bis section 4.1.3.2). Over plain HTTP, which only
 * loopback serves, browsers differ in whether they take a secure cookie, so it goes without.
 */
const nameOf = (name: CookieName, secure: boolean): string => `${secure ? '__Host-' : ''}commonway-${name}`;

export function readCookie(request: FastifyRequest, name: CookieName, secure: boolean): string | undefined {
  return request.cookies[nameOf(name, secure)];
}

export function setCookie(reply: FastifyReply, name: CookieName, value: string, secure: boolean): void {
  reply.setCookie(nameOf(name, secure), value, {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure,
    ...(LASTING.includes(name) ? { maxAge: YEAR } : {}),
  });
}

export function dropCookie(reply: FastifyReply, name: CookieName, secure: boolean): void {
  reply.clearCookie(nameOf(name, secure), { path: '/', httpOnly: true, sameSite: 'lax', secure });
}

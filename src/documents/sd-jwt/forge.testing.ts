import { randomBytes, rawSign, type SigningKey, sha256, toBase64Url } from '../../crypto/index.ts';
import type { Json } from '../../storage/index.ts';
import { joseAlgorithm } from './jws.ts';

/** Builds tokens by hand, right or wrong: what an attacker, or a careless issuer, would send. For tests. */

export const part = (value: unknown): string => toBase64Url(Buffer.from(JSON.stringify(value)));

export function sign(key: SigningKey, head: string, body: string): string {
  return `${head}.${body}.${toBase64Url(rawSign(key, Buffer.from(`${head}.${body}`)))}`;
}

export function disclosure(...parts: Json[]): { text: string; digest: string } {
  return disclosureOf(part([toBase64Url(randomBytes(16)), ...parts]));
}

export function disclosureOf(text: string): { text: string; digest: string } {
  return { text, digest: toBase64Url(sha256(text)) };
}

export interface Forgery {
  key: SigningKey;
  header?: Record<string, Json>;
  payload?: Record<string, Json>;
  disclosures?: string[];
}

/** An issuer's token with disclosures, up to its last `~`. A member set to undefined is left out. */
export function forge({ key, header, payload, disclosures = [] }: Forgery): string {
  const head = { alg: joseAlgorithm[key.public.suite], typ: 'dc+sd-jwt', x5c: ['AAAA'], ...header };
  const body = { iss: 'https://kz.example', vct: 'urn:test:1', iat: 1_790_000_000, _sd_alg: 'sha-256', ...payload };
  return [sign(key, part(head), part(body)), ...disclosures, ''].join('~');
}

/** The holder's proof over a presentation. */
export function bindKey(
  key: SigningKey,
  presented: string,
  change: { header?: Record<string, unknown>; payload?: Record<string, unknown> } = {},
): string {
  const head = { alg: joseAlgorithm[key.public.suite], typ: 'kb+jwt', ...change.header };
  const body = {
    aud: 'https://verifier.example',
    nonce: 'n-1',
    iat: 1_790_000_100,
    sd_hash: toBase64Url(sha256(presented)),
    ...change.payload,
  };
  return presented + sign(key, part(head), part(body));
}

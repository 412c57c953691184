import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

const BYTES = 32;

/** The token's plain form: bound to the secret that only the visitor's cookie carries. */
const plain = (secret: string): Buffer => createHmac('sha256', secret).update('commonway-form/1').digest();

/**
 * A token for the forms of one page. It is masked anew each time, so that compression cannot be used to guess it byte by byte
 * (the BREACH attack): `base64url(pad || pad xor plain)`.
 *
 * @param secret the value of the visitor's session or visit cookie
 */
export function makeFormToken(secret: string): string {
  const pad = randomBytes(BYTES);
  const bytes = plain(secret);
  const masked = pad.map((byte, index) => byte ^ (bytes[index] ?? 0));
  return Buffer.concat([pad, masked]).toString('base64url');
}

/** Whether a token came from a page of this visitor. Compared in constant time; anything malformed is false. */
export function checkFormToken(secret: string, token: unknown): boolean {
  if (typeof token !== 'string' || !/^[\w-]{86}$/.test(token)) return false;
  const bytes = Buffer.from(token, 'base64url');
  const open = Buffer.from(bytes.subarray(0, BYTES).map((byte, index) => byte ^ (bytes[BYTES + index] ?? 0)));
  return timingSafeEqual(open, plain(secret));
}

/**
 * Whether the browser says that a request which changes something came from a page of this origin. Browsers send `Origin`
 * with every POST; where neither it nor `Sec-Fetch-Site` is there, the token alone decides.
 */
export function fromOwnPage(headers: { origin?: string | undefined; site?: string | undefined }, own: string): boolean {
  if (headers.origin !== undefined) return headers.origin === own;
  return headers.site === undefined || headers.site === 'same-origin' || headers.site === 'none';
}

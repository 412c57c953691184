import { timingSafeEqual } from 'node:crypto';
import { sha256 } from '../../crypto/index.ts';

/** Whether a header shows the node's token (RFC 6750 section 2.1). Compared by digests, so that the time it takes tells nothing. */
export function showsToken(header: string | undefined, token: string | undefined): boolean {
  return isToken(/^Bearer +(\S+)$/i.exec(header ?? '')?.[1], token);
}

/** As `showsToken`, or the token as the password of any name (RFC 7617): what a browser asks its reader for. */
export function showsTokenOrPassword(header: string | undefined, token: string | undefined): boolean {
  const basic = /^Basic +([A-Za-z0-9+/]+=*)$/i.exec(header ?? '')?.[1];
  if (basic === undefined) return showsToken(header, token);
  return isToken(/^[^:]*:(\S+)$/.exec(Buffer.from(basic, 'base64').toString())?.[1], token);
}

function isToken(shown: string | undefined, token: string | undefined): boolean {
  if (shown === undefined || token === undefined || token === '') return false;
  return timingSafeEqual(sha256(Buffer.from(shown)), sha256(Buffer.from(token)));
}

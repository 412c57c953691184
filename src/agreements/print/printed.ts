import { createHash } from 'node:crypto';

/** A printed file that brings its own style, and the policy under which it may be shown: no script, no other host, that one style. */
export interface Printed {
  body: string;
  /** For the header `Content-Security-Policy`. */
  policy: string;
}

/** What a file may do that brings its own style and nothing else. @param style exactly as it stands in the file */
export function policyFor(style: string): string {
  const hash = createHash('sha256').update(style).digest('base64');
  return `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
}

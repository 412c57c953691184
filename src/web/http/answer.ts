import type { VNode } from 'preact';

/** What a page's function gives back. How it is carried over HTTP is decided in one place. */
export type Answer =
  | { kind: 'page'; page: VNode; status?: number }
  /** After a change: the browser is sent on, so that reloading repeats nothing. */
  | { kind: 'redirect'; to: string }
  /** To another site that the operator has named. */
  | { kind: 'away'; to: string }
  | { kind: 'file'; body: Buffer | string; type: string; name: string; inline?: boolean }
  /** `policy` replaces the portal's own for a picture that brings its style. */
  | { kind: 'text'; body: string; type: string; policy?: string };

/** A page for everybody: see `sharedPage`. */
export interface SharedAnswer {
  kind: 'shared';
  key: string;
  make: () => VNode;
}

export const page = (vnode: VNode, status = 200): Answer => ({ kind: 'page', page: vnode, status });

/** Data for a script of ours. */
export const json = (value: object): Answer => ({
  kind: 'text',
  body: JSON.stringify(value),
  type: 'application/json; charset=utf-8',
});

/** Sends on within this portal. @throws RangeError for an address that could leave it */
export function redirect(to: string): Answer {
  if (!isOwnPath(to)) throw new RangeError('a redirect must stay on this portal');
  return { kind: 'redirect', to };
}

/** Whether a text is a path on this portal: `//host`, `/\host` and control characters would be read otherwise by a browser. */
export function isOwnPath(path: string): boolean {
  return /^\/(?![/\\])[\x21-\x7e]*$/.test(path) && !path.includes('\\');
}

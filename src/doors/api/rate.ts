import { type SystemId, systemName } from '../../access/index.ts';
import { Failure } from '../../storage/index.ts';

/** Requests of one system to one process in a window. It keeps one system from crowding out the others; messages have their own limit. */
const MOST = 6_000;
const WINDOW_MS = 10_000;
const KNOWN = 10_000;

interface Window {
  ends: number;
  left: number;
}

/** How much of its requests a system has left. */
export interface Rate {
  /** Takes one; the fields tell the caller (draft-ietf-httpapi-ratelimit-headers). @throws Failure DOORS_API_RATE */
  take(caller: SystemId): Record<string, string>;
  /** What is told to who is not known. */
  fields(caller?: SystemId): Record<string, string>;
}

export function requestRate(most = MOST): Rate {
  const windows = new Map<string, Window>();
  const windowOf = (caller: SystemId): Window => {
    const name = systemName(caller);
    const now = Date.now();
    const known = windows.get(name);
    if (known !== undefined && known.ends > now) return known;
    if (windows.size >= KNOWN) windows.clear();
    const fresh = { ends: now + WINDOW_MS, left: most };
    windows.set(name, fresh);
    return fresh;
  };
  const fields = (caller?: SystemId): Record<string, string> => {
    const { left, ends } = caller === undefined ? { left: most, ends: Date.now() + WINDOW_MS } : windowOf(caller);
    const seconds = Math.max(1, Math.ceil((ends - Date.now()) / 1000));
    return {
      'RateLimit-Policy': `"requests";q=${most};w=${WINDOW_MS / 1000}`,
      RateLimit: `"requests";r=${Math.max(0, left)};t=${seconds}`,
    };
  };
  return {
    fields,
    take(caller) {
      const window = windowOf(caller);
      window.left--;
      if (window.left < 0) throw new Failure('DOORS_API_RATE', { most, until: new Date(window.ends).toISOString() });
      return fields(caller);
    },
  };
}

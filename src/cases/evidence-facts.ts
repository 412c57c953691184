import type { EvidenceFacts } from '../agreements/index.ts';
import type { Evidence } from '../registers/index.ts';

/** Signed evidence as the rules take it. */
export function factsOf({ type, issuer, result, facts }: Evidence): EvidenceFacts {
  return { type, state: issuer.state, result, facts };
}

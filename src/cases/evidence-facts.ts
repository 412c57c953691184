import type { EvidenceFacts } from '../agreements/index.ts';
import type { SealedApplication } from '../applications/index.ts';
import type { Sealed } from '../crypto/index.ts';
import type { Evidence } from '../registers/index.ts';

/**
 * Signed evidence as the rules take it, and the word on what was sent without: left out by her, or not there in time. What has come
 * since is no more missing.
 */
export function factsFor(
  { waived, unanswered }: Pick<SealedApplication, 'waived' | 'unanswered'>,
  evidence: readonly Sealed<Evidence>[],
): EvidenceFacts[] {
  const given = evidence.map(
    ({ payload: { type, issuer, result, facts } }): EvidenceFacts => ({ type, state: issuer.state, result, facts }),
  );
  const here = new Set(given.map(({ type, state }) => `${type}/${state}`));
  const without = (keys: readonly string[], result: 'waived' | 'unanswered') =>
    keys.flatMap((key): EvidenceFacts[] => {
      const [type = '', state = ''] = key.split('/');
      return here.has(key) ? [] : [{ type, state, result, facts: null }];
    });
  return [...given, ...without(waived, 'waived'), ...without(unanswered, 'unanswered')];
}

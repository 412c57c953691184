import type { EvidenceFacts } from '../agreements/index.ts';
import type { SealedApplication } from '../applications/index.ts';
import type { Sealed } from '../crypto/index.ts';
import type { Evidence } from '../registers/index.ts';

/** Signed evidence, and her word on what she goes on without, as the rules take them. */
export function factsFor(
  { waived }: Pick<SealedApplication, 'waived'>,
  evidence: readonly Sealed<Evidence>[],
): EvidenceFacts[] {
  return [
    ...evidence.map(({ payload: { type, issuer, result, facts } }) => ({ type, state: issuer.state, result, facts })),
    ...waived.map((key): EvidenceFacts => {
      const [type = '', state = ''] = key.split('/');
      return { type, state, result: 'waived', facts: null };
    }),
  ];
}

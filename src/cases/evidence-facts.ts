import type { EvidenceFacts } from '../agreements/index.ts';
import type { SealedApplication } from '../applications/index.ts';
import { digestOf, type Sealed } from '../crypto/index.ts';
import type { Evidence } from '../registers/index.ts';
import type { Json } from '../storage/index.ts';
import type { CaseState } from './types.ts';

/** What the rules of a case are run on: what came with the application and since, and the word on what did not come. */
export function factsOfCase({ application, evidence, opinions }: CaseState): EvidenceFacts[] {
  const { waived, unanswered } = application?.payload ?? { waived: [], unanswered: [] };
  const silent = opinions.flatMap(({ key, status }) => (status === 'refused' || status === 'late' ? [key] : []));
  return factsFor({ waived, unanswered: [...unanswered, ...silent] }, evidence);
}

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

/** Digests of the opinions of a case: the decision names them apart from what her home node sent. */
export const opinionDigests = ({ evidence, opinions }: Pick<CaseState, 'evidence' | 'opinions'>): string[] =>
  evidence.flatMap((sealed) =>
    opinions.some(({ key }) => key === `${sealed.payload.type}/${sealed.payload.issuer.state}`)
      ? [digestOf(sealed as unknown as Json)]
      : [],
  );

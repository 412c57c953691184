import { versionsIn } from '../build/annexes.ts';
import type { EvidenceQuestion } from '../journey/asked.ts';
import type { Agreement, Annex, Service } from '../types.ts';
import type { EvidenceFacts, Missing, Pending } from './types.ts';

/**
 * The evidence that the answers call for and that is not there, or does not say clearly whose it is. Where the agreement lets her give no number
 * in the asked state, that none can be proven hers is the last word: it is no different from there being none.
 */
export function pendingEvidence(questions: readonly EvidenceQuestion[], evidence: readonly EvidenceFacts[]): Pending[] {
  return questions.flatMap(({ evidence: { type, localId }, state }): Pending[] => {
    const given = evidence.filter((one) => one.type === type && one.state === state);
    const [first] = given;
    if (first === undefined) return [{ type, state, reason: 'notAsked' }];
    if (given.some(({ result }) => result === 'found' || result === 'none' || result === 'waived')) return [];
    if (localId === undefined && given.every(({ result }) => result === 'unproven')) return [];
    const { result } = first;
    return [{ type, state, reason: result === 'ambiguous' || result === 'unanswered' ? result : 'unproven' }];
  });
}

/**
 * Whether a refusal would rest on evidence that is still waited for. It does when every condition that is not met draws on it: a
 * late answer of another authority never counts against the citizen. A condition that fails without it refuses all the same.
 */
export function waitsFor(
  agreement: Agreement,
  service: Service,
  annex: Annex,
  missing: readonly Missing[],
  pending: readonly Pending[],
): boolean {
  if (pending.length === 0) return false;
  const types = new Set(pending.map(({ type }) => type));
  const waited = new Set(Object.values(agreement.evidence).flatMap(({ as, type }) => (types.has(type) ? [as] : [])));
  return missing.every(({ rule }) => drawsOn(agreement, service, annex, rule, waited, new Set()));
}

function drawsOn(
  agreement: Agreement,
  service: Service,
  annex: Annex,
  name: string,
  evidence: ReadonlySet<string>,
  seen: Set<string>,
): boolean {
  if (evidence.has(name)) return true;
  const rule = agreement.rules[name];
  if (rule === undefined || seen.has(name)) return false;
  seen.add(name);
  return versionsIn(rule, annex)
    .flatMap(({ expression }) => expression.dependencies)
    .some((path) => drawsOn(agreement, service, annex, path.split('.')[0] ?? path, evidence, seen));
}

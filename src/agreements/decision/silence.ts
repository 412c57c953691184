import type { PlainDate } from '../../storage/index.ts';
import { getService } from '../journey/journey.ts';
import type { Agreement } from '../types.ts';
import type { Decision, Outcome } from './types.ts';

/**
 * What it means that an authority has not decided in its time, where the agreement gives silence a consequence: the decision that it makes
 * of what the rules have said, with the article by which it does. A pure function.
 *
 * - Silence decides only where the rules have come to a result; what they cannot say is escalated.
 * - While any evidence is waited for, silence refuses nothing: a late answer of another authority never counts against the citizen.
 * - It grants although an answer is late, since that must not prolong her waiting either; but not while it is unclear whose record
 *   a register has.
 *
 * @param due the last day to decide, in the deciding state
 * @returns undefined where silence only escalates
 * @throws Failure AGREEMENT_NO_SERVICE
 * @example bySilence(parking, 'permit', proposal, '2026-12-02')?.outcome // 'granted'
 */
export function bySilence(
  agreement: Agreement,
  serviceName: string,
  decision: Decision,
  due: PlainDate,
): Decision | undefined {
  const { deadline, decision: rules } = getService(agreement, serviceName);
  const { silence, article } = deadline;
  if (silence === 'escalate' || article === undefined) return undefined;
  const said = decision.explanation.find(({ rule }) => rule === rules.outcome)?.value;
  if (!isOutcome(said)) return undefined;
  const waitsOnlyForLate = decision.pending.every(({ reason }) => reason === 'unanswered');
  const decides =
    silence === 'refuse' ? decision.pending.length === 0 : decision.outcome !== 'undecided' || waitsOnlyForLate;
  if (!decides) return undefined;
  return {
    ...decision,
    outcome: silence === 'approve' ? 'granted' : 'refused',
    // What the rules found missing is not why: silence is.
    missing: [],
    silence: { consequence: silence, article, source: agreement.articles[article]?.source ?? 'design', due, said },
  };
}

function isOutcome(value: unknown): value is Outcome {
  return value === 'granted' || value === 'partly' || value === 'refused';
}

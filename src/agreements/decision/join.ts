import type { Service } from '../types.ts';
import type { Outcome } from './types.ts';

/** What the deciders' words come to together; `waiting` while that is open. */
export type Joined = Outcome | 'waiting';

/**
 * What several deciding authorities come to together, by the service's `decidedBy.join`.
 *
 * - `independent`: nothing; an award in one state does not touch another's.
 * - `all`: open until every one has decided. All alike is that; anything mixed is granted in part.
 * - `anyRefusalBlocks`: the first refusal is the end of it, whoever is still out; otherwise open until all have decided.
 *
 * @param outcomes one for each decider, undefined while it has not decided
 * @returns undefined where nothing is joined
 * @example joinDecisions('anyRefusalBlocks', ['granted', undefined, 'refused']) // 'refused'
 */
export function joinDecisions(
  join: Service['decidedBy']['join'],
  outcomes: readonly (Outcome | undefined)[],
): Joined | undefined {
  if (join === 'independent') return undefined;
  if (join === 'anyRefusalBlocks' && outcomes.includes('refused')) return 'refused';
  if (outcomes.length === 0 || outcomes.includes(undefined)) return 'waiting';
  const [first] = outcomes;
  return first !== undefined && outcomes.every((one) => one === first) ? first : 'partly';
}

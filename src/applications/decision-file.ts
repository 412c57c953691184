import { Failure, type Json } from '../storage/index.ts';
import { sealFile } from '../union/index.ts';
import type { ApplicationsContext } from './context.ts';
import { getApplication } from './read.ts';
import type { Actor } from './types.ts';

/**
 * A sealed file of one state's decision, for her to keep or to show: also a refusal can be proven.
 * @throws Failure APPLICATION_NOT_FOUND, DECISION_MISSING while that state has not decided
 */
export async function decisionFile(
  ctx: ApplicationsContext,
  actor: Pick<Actor, 'person'>,
  id: string,
  state: string,
): Promise<Buffer> {
  const { cases } = await getApplication(ctx.db, actor.person, id);
  const decision = cases.find((one) => one.state === state)?.decision;
  if (decision === undefined) throw new Failure('DECISION_MISSING', { state });
  return sealFile({ trust: ctx.trust, key: ctx.keys.seal, clock: ctx.clock }, 'decision', {
    decision,
  } as unknown as Json);
}

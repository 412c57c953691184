import { type Agreement, moveAnswers } from '../agreements/index.ts';
import { today } from '../calendar/index.ts';
import { isFailure } from '../storage/index.ts';
import type { ApplicationsContext } from './context.ts';
import { lockDraft, moveDraftRow } from './draft-rows.ts';
import { forgetAllQuestions } from './evidence-rows.ts';
import { agreementInForce } from './ratified.ts';
import type { Draft } from './types.ts';

/**
 * Brings a draft to the contract that runs now, where it was begun under another. Her answers come along as far as they fit; what was
 * asked of registers is forgotten, since it was signed for the other contract, and she confirms anew. A draft whose contract nothing has
 * taken the place of stays: sending it is refused then, as beginning one is.
 * @returns the draft as it is now
 */
export async function followContract(ctx: ApplicationsContext, draft: Draft): Promise<Draft> {
  await ctx.agreements.refresh();
  if (successor(ctx, draft) === undefined) return draft;
  return ctx.db.transaction(async (tx) => {
    const held = await lockDraft(tx, draft.id);
    const [before, after] = [ctx.agreements.byContract(draft.contract), successor(ctx, held ?? draft)];
    // Another window has moved it, or sent it, at the same moment.
    if (held === undefined || held.submitted || before === undefined || after === undefined) return held ?? draft;
    const { answers } = moveAnswers(held.answers, {
      from: before,
      to: after,
      service: held.service,
      migrations: after.migrations,
    });
    await forgetAllQuestions(tx, held.id);
    await moveDraftRow(tx, held.id, { contract: after.contractDigest, answers, at: ctx.clock.now() });
    return (await lockDraft(tx, held.id)) ?? held;
  });
}

/** The agreement that has taken the place of the one a draft was begun under; undefined where it is still the one, or none runs. */
function successor(ctx: ApplicationsContext, draft: Draft): Agreement | undefined {
  try {
    const agreement = agreementInForce(ctx, draft.agreement, today(ctx.clock, ctx.trust.self));
    const moves = agreement.contractDigest !== draft.contract && Object.hasOwn(agreement.services, draft.service);
    return moves ? agreement : undefined;
  } catch (error) {
    if (isFailure(error, 'AGREEMENT_NOT_RATIFIED', 'AGREEMENT_NOT_FOUND')) return undefined;
    throw error;
  }
}

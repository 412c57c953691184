import { digestOf, type Sealed, seal } from '../crypto/index.ts';
import { send } from '../exchange/index.ts';
import { Failure, type Json } from '../storage/index.ts';
import { casesOf, isOver } from './case-rows.ts';
import type { ApplicationsContext } from './context.ts';
import { lockDraft } from './draft-rows.ts';
import { evidenceCards, putAnswer } from './evidence-rows.ts';
import { linkNumbers } from './link-numbers.ts';
import type { Actor, SealedApplication, SealedSupplement } from './types.ts';

/**
 * She says that what came late is about her, and adds it to her application: her home node seals that she did, and every authority that
 * has not decided yet receives it. Her filing date stays what it was. Pressed twice it is added once.
 * @throws Failure APPLICATION_NOT_FOUND (also for another person's), EVIDENCE_NOT_LATE
 * @example await addLateEvidence(ctx, actor, application, 'insured-periods/ru');
 */
export async function addLateEvidence(ctx: ApplicationsContext, actor: Actor, id: string, key: string): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    // The draft is locked before the application, as where an answer arrives: two of them never wait for each other.
    const draft = await lockDraft(tx, id);
    const [row] = await tx.query<{ sealed: Sealed<SealedApplication> }>(
      'select sealed from applications where id = $1 and person = $2 for update',
      [id, actor.person],
    );
    if (draft === undefined || row === undefined) throw new Failure('APPLICATION_NOT_FOUND', {});
    const application = row.sealed.payload;
    const card = (await evidenceCards(tx, id)).find((one) => one.key === key);
    if (card?.status === 'received' && application.unanswered.includes(key)) return;
    const { evidence } = card ?? {};
    const agreement = ctx.agreements.byContract(application.contract);
    if (card?.status !== 'late' || evidence === undefined || agreement === undefined) {
      throw new Failure('EVIDENCE_NOT_LATE', { key });
    }
    const at = ctx.clock.now();
    await putAnswer(tx, id, key, { status: 'received', at: card.receivedAt ?? at, evidence });
    await linkNumbers(ctx, tx, agreement, draft, [card]);
    const supplement = seal<SealedSupplement>(
      'supplement',
      {
        application: id,
        reference: application.reference,
        home: ctx.trust.self,
        key,
        evidence: digestOf(evidence as unknown as Json),
        actor: { reference: application.reference, assurance: actor.assurance },
        at,
      },
      [ctx.keys.messages],
    );
    const body = { supplement, evidence } as unknown as Json;
    for (const one of await casesOf(tx, id)) {
      // In the lane of the claim, so that it comes after it, however long that took.
      if (!isOver(one)) await send(tx, ctx, { to: one.state, type: SUPPLEMENT, lane: id, application: id, body });
    }
  });
}

/** The type of the message that brings evidence to an application that was sent without it. */
export const SUPPLEMENT = 'application-supplement';

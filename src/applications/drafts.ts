import type { Agreement, Answers, PageState, Service } from '../agreements/index.ts';
import { applyAnswers, applyThing, pathOf, removeThing, type ThingPlace, thingOf } from '../agreements/index.ts';
import { deadline, today } from '../calendar/index.ts';
import { digestOf, randomId } from '../crypto/index.ts';
import { sendLetter } from '../mailbox/index.ts';
import { referenceFor } from '../persons/index.ts';
import { Failure, type Tx } from '../storage/index.ts';
import { chosenActing, demandActing } from './acting.ts';
import type { ApplicationsContext } from './context.ts';
import { confirmDraftEvidence, deleteDraft, findDraft, insertDraft, lockDraft, updateAnswers } from './draft-rows.ts';
import { forgetQuestions } from './evidence-rows.ts';
import { chosenMandate } from './mandates.ts';
import { followContract } from './move-draft.ts';
import { changedNumbers } from './numbers.ts';
import { agreementInForce } from './ratified.ts';
import type { Actor, Draft } from './types.ts';

/** How long an unsent draft is kept. */
const DRAFT_KEPT = 'P90D';

/** A draft with what it was begun under. */
export interface OpenDraft {
  draft: Draft;
  agreement: Agreement;
  service: Service;
}

/**
 * Begins a draft. Nothing is filled in before the contract is known to be the same in every state that takes part.
 * @param wanted `for` is the number of the child or the organisation that she applies for, where the service is for such; `by` is the id of
 *   a mandate that somebody gave, to act for that person
 * @throws Failure AGREEMENT_NOT_FOUND, SERVICE_NOT_FOUND, AGREEMENT_NOT_RATIFIED, MANDATE_MISSING, MANDATE_OVER
 * @example const draft = await startDraft(ctx, actor, { agreement: 'pension', service: 'old-age' });
 */
export async function startDraft(
  ctx: ApplicationsContext,
  actor: Actor,
  wanted: { agreement: string; service: string; for?: string; by?: string },
): Promise<Draft> {
  await ctx.agreements.refresh();
  const agreement = agreementInForce(ctx, wanted.agreement, today(ctx.clock, ctx.trust.self));
  const service = agreement.services[wanted.service];
  if (service === undefined) throw new Failure('SERVICE_NOT_FOUND', { service: wanted.service });
  const now = ctx.clock.now();
  const id = randomId();
  return ctx.db.transaction(async (tx) => {
    const mandate = await chosenMandate(ctx, tx, actor.person, service, wanted.for);
    const acting = await chosenActing(ctx, tx, actor, agreement.name, service, wanted.by);
    const person = acting?.person ?? actor.person;
    const reference = await referenceFor(tx, ctx, { subject: person, application: id });
    const draft: Draft = {
      id,
      person,
      agreement: agreement.name,
      contract: agreement.contractDigest,
      service: wanted.service,
      ...(mandate === undefined ? {} : { mandate }),
      ...(acting === undefined ? {} : { acting: actor.person, given: { ...acting.mandate, applicant: acting.name } }),
      answers: {},
      revision: 1,
      reference,
      confirmed: false,
      created: now,
      expires: deadline(now, DRAFT_KEPT, ctx.trust.self),
      submitted: false,
    };
    await insertDraft(tx, draft);
    // Somebody begins something in her name: she hears of it before any register is asked.
    if (acting !== undefined) {
      const { holder } = acting.mandate;
      await sendLetter(tx, ctx, {
        ...{ person, cause: `acting/${id}`, kind: 'actingBegan', link: '/links' },
        params: { holder: holder.name, number: holder.number },
      });
    }
    return draft;
  });
}

/**
 * A person's draft with its agreement: the one that runs now, where that can be.
 * @throws Failure DRAFT_NOT_FOUND (also for another person's), DRAFT_EXPIRED, MANDATE_OVER
 */
export async function openDraft(ctx: ApplicationsContext, actor: Actor, id: string): Promise<OpenDraft> {
  const draft = await findDraft(ctx.db, actor.person, id);
  const usable = draft !== undefined && !draft.submitted && draft.expires > ctx.clock.now();
  const opened = withAgreement(ctx, actor, usable ? await followContract(ctx, draft) : draft);
  await demandActing(ctx, ctx.db, opened.draft);
  return opened;
}

/** The same under a lock, for a change. */
export async function openDraftForChange(
  ctx: ApplicationsContext,
  tx: Tx,
  actor: Actor,
  id: string,
): Promise<OpenDraft> {
  const opened = withAgreement(ctx, actor, await lockDraft(tx, id));
  if (opened.draft.submitted) throw new Failure('DRAFT_SUBMITTED', {});
  await demandActing(ctx, tx, opened.draft);
  return opened;
}

/** Until it is sent a draft belongs to whoever fills it in; from then on it is the applicant's too. */
const isOwn = ({ acting, person, submitted }: Draft, actor: Actor): boolean =>
  (acting ?? person) === actor.person || (submitted && person === actor.person);

function withAgreement(ctx: ApplicationsContext, actor: Actor, draft: Draft | undefined): OpenDraft {
  if (draft === undefined || !isOwn(draft, actor)) throw new Failure('DRAFT_NOT_FOUND', {});
  if (draft.expires <= ctx.clock.now()) throw new Failure('DRAFT_EXPIRED', { expires: draft.expires.slice(0, 10) });
  const agreement = ctx.agreements.byContract(draft.contract);
  const service = agreement?.services[draft.service];
  if (agreement === undefined || service === undefined) {
    throw new Failure('AGREEMENT_NOT_FOUND', { agreement: draft.agreement });
  }
  return { draft, agreement, service };
}

/**
 * Takes the answers of one page. Wrong ones are kept out and named; the draft stays as it was. Evidence that was asked by a number
 * which she changes here is forgotten, and asked anew by the new one.
 * @returns the draft after the change, and the errors by field (a text id each); no error means that it was saved
 * @throws Failure DRAFT_PAGE_NOT_FOUND when the journey does not reach the page
 */
export async function saveAnswers(
  ctx: ApplicationsContext,
  actor: Actor,
  id: string,
  page: string,
  given: Answers,
): Promise<{ draft: Draft; errors: Record<string, string> }> {
  return ctx.db.transaction(async (tx) => {
    const { draft, agreement, service } = await openDraftForChange(ctx, tx, actor, id);
    const { answers, errors } = applyAnswers(agreement, service, journeyInput(ctx, draft), page, given);
    if (answers === undefined) return { draft, errors };
    const overtaken = changedNumbers(agreement, draft, { answers });
    if (overtaken.length > 0) {
      await forgetQuestions(tx, id, overtaken);
      await confirmDraftEvidence(tx, id, false);
    }
    await updateAnswers(tx, id, answers);
    return { draft: { ...draft, answers, revision: draft.revision + 1 }, errors: {} };
  });
}

/**
 * Takes the answers about one thing of a list: a new one, or the one that she saw.
 * @param seen digest of the thing as her page showed it (`thingDigest`): in another window it may have been taken out or changed
 * @returns the errors by field; none means that it was saved
 * @throws Failure AGREEMENT_THING_NOT_FOUND, DRAFT_CHANGED
 */
export async function saveThing(
  ctx: ApplicationsContext,
  actor: Actor,
  id: string,
  place: ThingPlace,
  given: Answers,
  seen: string,
): Promise<Record<string, string>> {
  return ctx.db.transaction(async (tx) => {
    const opened = await openDraftForChange(ctx, tx, actor, id);
    if (place.thing !== 'new') demandSeen(ctx, opened, place, seen);
    const { agreement, service, draft } = opened;
    const { answers, errors } = applyThing(agreement, service, journeyInput(ctx, draft), place, given);
    if (answers !== undefined) await updateAnswers(tx, id, answers);
    return errors;
  });
}

/**
 * Takes the thing that she saw out of its list.
 * @throws Failure AGREEMENT_THING_NOT_FOUND, DRAFT_CHANGED
 */
export async function dropThing(
  ctx: ApplicationsContext,
  actor: Actor,
  id: string,
  place: ThingPlace & { thing: number },
  seen: string,
): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    const opened = await openDraftForChange(ctx, tx, actor, id);
    demandSeen(ctx, opened, place, seen);
    const { agreement, service, draft } = opened;
    await updateAnswers(tx, id, removeThing(agreement, service, journeyInput(ctx, draft), place));
  });
}

/** The digest of a thing as it stands in the draft. @throws Failure AGREEMENT_PAGE_NOT_REACHED, AGREEMENT_THING_NOT_FOUND */
export function thingDigest(ctx: ApplicationsContext, opened: OpenDraft, place: ThingPlace): string {
  const { agreement, service, draft } = opened;
  const { fields } = thingOf(agreement, service, journeyInput(ctx, draft), place);
  return digestOf(fields.map(({ field, value }) => [field.name, value]));
}

/** Things are numbered by their place, and places move: what is changed must be what was shown. */
function demandSeen(ctx: ApplicationsContext, opened: OpenDraft, place: ThingPlace, seen: string): void {
  if (thingDigest(ctx, opened, place) !== seen) throw new Failure('DRAFT_CHANGED', {});
}

/** The pages she meets with the answers so far, in order, each with its answers and errors. */
export function journey(ctx: ApplicationsContext, { draft, agreement, service }: OpenDraft): PageState[] {
  return pathOf(agreement, service, journeyInput(ctx, draft)).pages;
}

/** What the journey's conditions may look at. */
export function journeyInput(
  ctx: ApplicationsContext,
  draft: Draft,
): { home: string; claim: string; answers: Answers } {
  return { home: ctx.trust.self, claim: today(ctx.clock, ctx.trust.self), answers: draft.answers };
}

/** Throws an unsent draft away, with everything asked for it. */
export async function discardDraft(ctx: ApplicationsContext, actor: Actor, id: string): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    const { draft } = await openDraftForChange(ctx, tx, actor, id);
    await deleteDraft(tx, draft.person, id);
  });
}

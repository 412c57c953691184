import type { Agreement, CorrectAction } from '../agreements/index.ts';
import { digestOf, type Sealed, seal } from '../crypto/index.ts';
import { beginTransaction } from '../exchange/index.ts';
import { Failure, type Json, type Queryable, type Tx } from '../storage/index.ts';
import { beginQuestion } from './ask.ts';
import { casesOf } from './case-rows.ts';
import type { ApplicationsContext } from './context.ts';
import { correctionRequests, insertRequest, isOpenRequest } from './correction-rows.ts';
import { findDraft, lockDraft } from './draft-rows.ts';
import type { OpenDraft } from './drafts.ts';
import { agencyOf, type Question, questions } from './questions.ts';
import { putRenewal, renewedCards } from './renewed-evidence.ts';
import type {
  Actor,
  ApplicationCase,
  CorrectionRequest,
  Draft,
  EvidenceCard,
  SealedApplication,
  SealedCorrectionRequest,
} from './types.ts';

/** How long what she writes may be, in characters. */
const LONGEST_WORDS = 2_000;

/** What she can do about a decision that she holds for wrong. */
export interface CorrectionPlace {
  one: ApplicationCase;
  agreement: Agreement;
  /** The records that the application rested on, and what came of asking them anew. */
  records: { key: string; type: string; state: string; agency: string; renewed?: EvidenceCard }[];
  /** What she asked of this authority before. */
  requests: CorrectionRequest[];
}

/**
 * A decision that she may ask to be corrected.
 * @throws Failure APPLICATION_NOT_FOUND (also for another person's), CORRECTION_NOT_OFFERED where nothing is decided, or the agreement
 *   knows no such request
 */
export async function correctionPlace(
  ctx: ApplicationsContext,
  actor: Pick<Actor, 'person'>,
  id: string,
  state: string,
): Promise<CorrectionPlace> {
  const draft = await findDraft(ctx.db, actor.person, id);
  const { opened, one } = await openPlace(ctx, ctx.db, draft, state);
  const renewed = new Map((await renewedCards(ctx.db, id)).map((card) => [card.key, card]));
  return {
    one,
    agreement: opened.agreement,
    records: questions(ctx, opened).map(({ key, evidence: { type }, state: of, agency }) => {
      const card = renewed.get(key);
      return { key, type, state: of, agency, ...(card === undefined ? {} : { renewed: card }) };
    }),
    requests: (await correctionRequests(ctx.db, id)).filter((request) => request.state === state),
  };
}

/**
 * Asks a register anew about a record that a decision rested on: it may have been corrected at its source since. Pressed twice it is
 * asked once. What comes goes nowhere before she says so.
 * @throws Failure APPLICATION_NOT_FOUND, CORRECTION_NOT_OFFERED, EVIDENCE_NOT_ASKED, CONSENT_MISSING
 * @example await renewEvidence(ctx, actor, application, 'ru', 'insured-periods/ru');
 */
export async function renewEvidence(
  ctx: ApplicationsContext,
  actor: Actor,
  id: string,
  state: string,
  key: string,
): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    const draft = await lockDraft(tx, id);
    const { opened } = await openPlace(ctx, tx, ownDraft(draft, actor), state);
    const question = questions(ctx, opened).find((one: Question) => one.key === key);
    if (question === undefined) throw new Failure('EVIDENCE_NOT_ASKED', { key });
    const known = (await renewedCards(tx, id)).find((one) => one.key === key);
    if (known?.status === 'asked') return;
    await putRenewal(tx, id, await beginQuestion(ctx, tx, actor, opened, question));
  });
}

/**
 * She asks the authority that decided to put an obvious error right, in her own words, with the evidence that she asked for anew and has
 * looked at. Her home node seals that she did. One request is open at a time.
 * @param wanted `keys` of the renewed evidence that goes with it, as `type/state`
 * @throws Failure APPLICATION_NOT_FOUND, CORRECTION_NOT_OFFERED, CORRECTION_ASKED, CORRECTION_WORDS_MISSING, CORRECTION_WORDS_LONG,
 *   EVIDENCE_NOT_ASKED for a key of which no answer is there
 */
export async function askCorrection(
  ctx: ApplicationsContext,
  actor: Actor,
  id: string,
  state: string,
  wanted: { reason: string; keys: readonly string[] },
): Promise<void> {
  const reason = wanted.reason.trim();
  if (reason === '') throw new Failure('CORRECTION_WORDS_MISSING', {});
  if ([...reason].length > LONGEST_WORDS) throw new Failure('CORRECTION_WORDS_LONG', { limit: LONGEST_WORDS });
  await ctx.db.transaction(async (tx) => {
    // The draft is locked before the application, as where an answer arrives.
    const draft = await lockDraft(tx, id);
    const [row] = await tx.query<{ sealed: Sealed<SealedApplication> }>(
      'select sealed from applications where id = $1 and person = $2 for update',
      [id, actor.person],
    );
    const { opened, one, action } = await openPlace(ctx, tx, ownDraft(draft, actor), state);
    const decision = one.decision;
    if (row === undefined || decision === undefined) throw new Failure('APPLICATION_NOT_FOUND', {});
    if ((await correctionRequests(tx, id)).some((request) => request.state === state && isOpenRequest(request))) {
      throw new Failure('CORRECTION_ASKED', { state });
    }
    const evidence = await chosenEvidence(tx, id, wanted.keys);
    const { reference } = row.sealed.payload;
    const at = ctx.clock.now();
    const request = seal<SealedCorrectionRequest>(
      'correction-request',
      {
        application: id,
        reference,
        home: ctx.trust.self,
        state,
        agency: one.agency,
        decision: digestOf(decision as unknown as Json),
        reason,
        evidence: evidence.map((sealed) => digestOf(sealed as unknown as Json)),
        actor: { reference, assurance: actor.assurance },
        at,
      },
      [ctx.keys.messages],
    );
    const type = opened.agreement.transactions[action.request ?? ''];
    if (type === undefined) throw new Failure('CORRECTION_NOT_OFFERED', { state });
    const transaction = await beginTransaction(tx, ctx, {
      code: type.code,
      pattern: type.pattern,
      operation: type.operation,
      agreement: opened.agreement.name,
      contract: opened.agreement.contractDigest,
      to: state,
      fromAgency: agencyOf(opened.agreement.annexes[ctx.trust.self]?.roles, type.from, ctx.trust.self, 'portal'),
      toAgency: one.agency,
      application: id,
      lane: id,
      body: { request, evidence } as unknown as Json,
      timers: type.timers,
      retries: type.retries,
    });
    const { evidence: digests, decision: about } = request.payload;
    await insertRequest(tx, id, {
      ...{ transaction, state, status: 'sent', reason, evidence: digests, askedAt: at },
      request: digestOf(request as unknown as Json),
      decision: about,
    });
  });
}

async function chosenEvidence(tx: Tx, id: string, keys: readonly string[]) {
  const cards = await renewedCards(tx, id);
  return [...new Set(keys)].map((key) => {
    const card = cards.find((one) => one.key === key);
    if (card?.status !== 'received' || card.evidence === undefined) throw new Failure('EVIDENCE_NOT_ASKED', { key });
    return card.evidence;
  });
}

const ownDraft = (draft: Draft | undefined, actor: Actor): Draft | undefined =>
  draft?.person === actor.person ? draft : undefined;

/** A sent application with the decided case of a state, where its agreement lets her ask for a correction. */
async function openPlace(
  ctx: ApplicationsContext,
  db: Queryable,
  draft: Draft | undefined,
  state: string,
): Promise<{ opened: OpenDraft; one: ApplicationCase; action: CorrectAction }> {
  if (draft?.submitted !== true) throw new Failure('APPLICATION_NOT_FOUND', {});
  const agreement = ctx.agreements.byContract(draft.contract);
  const service = agreement?.services[draft.service];
  const one = (await casesOf(db, draft.id)).find((found) => found.state === state);
  const action = service?.actions.correct;
  const offered = one?.decision !== undefined && action?.request !== undefined;
  if (agreement === undefined || service === undefined || one === undefined || action === undefined || !offered) {
    throw new Failure('CORRECTION_NOT_OFFERED', { state: state.slice(0, 32) });
  }
  return { opened: { draft, agreement, service }, one, action };
}

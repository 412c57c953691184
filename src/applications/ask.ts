import { type EvidenceType, pathOf } from '../agreements/index.ts';
import { digestOf, seal } from '../crypto/index.ts';
import { beginTransaction } from '../exchange/index.ts';
import { findLinks, giveConsent, localIdOf } from '../persons/index.ts';
import { type EvidenceQuery, subjectAttributes } from '../registers/index.ts';
import { addMilliseconds, Failure, type Json, type Tx } from '../storage/index.ts';
import type { ApplicationsContext } from './context.ts';
import { confirmDraftEvidence, touchDraft, updateAnswers } from './draft-rows.ts';
import { journeyInput, type OpenDraft, openDraftForChange } from './drafts.ts';
import {
  type AskedCard,
  dropQuestions,
  evidenceCards,
  forgetQuestions,
  putAnswer,
  putQuestion,
} from './evidence-rows.ts';
import { changedNumbers, numbersIn } from './numbers.ts';
import { agencyOf, cardsOfDraft, type Question, questions } from './questions.ts';
import type { Actor, Draft } from './types.ts';

/** How long a consent to a question that is asked after the decision holds: thirty days. */
const CONSENT_KEPT_MS = 30 * 86_400_000;

/**
 * Asks every authority whose answer is still missing. Pressing twice asks once: what is under way or has come is left alone. What
 * comes anew she has not seen: whatever she confirmed before, she looks again.
 * @throws Failure CONSENT_MISSING when the ground is her consent and she has not given it
 */
export async function askEvidence(ctx: ApplicationsContext, actor: Actor, id: string): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    const opened = await openDraftForChange(ctx, tx, actor, id);
    const wanted = questions(ctx, opened);
    const known = new Set((await cardsOfDraft(ctx, tx, opened)).map(({ key }) => key));
    const open = wanted.filter(({ key }) => !known.has(key));
    await dropQuestions(
      tx,
      id,
      wanted.map(({ key }) => key),
    );
    for (const question of open) await ask(ctx, tx, actor, opened, question);
    if (open.length > 0) await confirmDraftEvidence(tx, id, false);
    await touchDraft(tx, id);
  });
}

/**
 * Asks one authority again: after a correction at its source, after a failure, or with the number that she has there.
 * A late answer to the earlier question then counts for nothing.
 * @param number her own number in that state, when she gives one
 * @throws Failure EVIDENCE_NOT_ASKED, CONSENT_MISSING, DRAFT_INCOMPLETE for a number that the form would not take
 */
export async function askAgain(
  ctx: ApplicationsContext,
  actor: Actor,
  id: string,
  key: string,
  number?: string,
): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    const opened = await openDraftForChange(ctx, tx, actor, id);
    const question = questions(ctx, opened).find((candidate) => candidate.key === key);
    if (question === undefined) throw new Failure('EVIDENCE_NOT_ASKED', { key });
    const changed = await takeNumber(ctx, tx, opened, question, number);
    // Pressed twice, or again and again: as long as the answer to the very same question is out, there is nothing to ask.
    const card = (await evidenceCards(tx, id)).find((one) => one.key === key);
    if (card?.status === 'asked' && !changed) return;
    await confirmDraftEvidence(tx, id, false);
    await ask(ctx, tx, actor, opened, question);
    await touchDraft(tx, id);
  });
}

/**
 * Takes the number that she gives beside a question. What else was answered by an earlier number there is forgotten.
 * @returns whether it is another than before
 */
async function takeNumber(
  ctx: ApplicationsContext,
  tx: Tx,
  opened: OpenDraft,
  { key, evidence, state }: Question,
  number: string | undefined,
): Promise<boolean> {
  const { draft, agreement } = opened;
  const field = evidence.localId;
  if (number === undefined || field === undefined || numbersIn(draft, field)[state] === number) return false;
  const answers = { ...draft.answers, [field]: { ...numbersIn(draft, field), [state]: number } };
  demandAnswer(ctx, { ...opened, draft: { ...draft, answers } }, field);
  const overtaken = changedNumbers(agreement, draft, { answers }).filter((other) => other !== key);
  await forgetQuestions(tx, draft.id, overtaken);
  await updateAnswers(tx, draft.id, answers);
  draft.answers = answers;
  return true;
}

/** The number comes past the form's page: it is held against the same field. */
function demandAnswer(ctx: ApplicationsContext, { draft, agreement, service }: OpenDraft, field: string): void {
  const { errors } = pathOf(agreement, service, journeyInput(ctx, draft));
  if (errors[field] === undefined) return;
  throw new Failure('DRAFT_INCOMPLETE', {
    page: service.form.find(({ fields }) => fields.includes(field))?.name ?? field,
  });
}

/**
 * She goes on without one state's evidence. Where its time to answer was over, that is said to whoever decides, and a late answer may
 * still be added.
 * @throws Failure EVIDENCE_NOT_ASKED
 */
export async function waiveEvidence(ctx: ApplicationsContext, actor: Actor, id: string, key: string): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    await openDraftForChange(ctx, tx, actor, id);
    const card = (await evidenceCards(tx, id)).find((candidate) => candidate.key === key);
    if (card === undefined) throw new Failure('EVIDENCE_NOT_ASKED', { key });
    const status = card.status === 'overdue' || card.status === 'unanswered' ? 'unanswered' : 'waived';
    await putAnswer(tx, id, key, { status, at: ctx.clock.now() });
    await touchDraft(tx, id);
  });
}

async function ask(
  ctx: ApplicationsContext,
  tx: Tx,
  actor: Actor,
  opened: OpenDraft,
  question: Question,
): Promise<void> {
  await putQuestion(tx, opened.draft.id, await beginQuestion(ctx, tx, actor, opened, question));
}

/**
 * Sends one question to the authority that answers it, with her consent where that is the ground.
 * @returns the card of the question, to be kept where the answer belongs
 * @throws Failure CONSENT_MISSING, EVIDENCE_NOT_ASKED
 */
export async function beginQuestion(
  ctx: ApplicationsContext,
  tx: Tx,
  actor: Actor,
  opened: OpenDraft,
  { key, evidence, state, agency }: Question,
): Promise<AskedCard> {
  const { draft, agreement } = opened;
  const consent = await consentFor(ctx, tx, opened, evidence, agency);
  const type = agreement.transactions[evidence.transaction];
  if (type === undefined) throw new Failure('EVIDENCE_NOT_ASKED', { key });
  const now = ctx.clock.now();
  const body = await signedQuery(ctx, tx, actor, opened, { evidence, state, consent });
  const request = body.assertion.payload.requestDigest;
  const transaction = await beginTransaction(tx, ctx, {
    code: type.code,
    pattern: type.pattern,
    operation: type.operation,
    agreement: agreement.name,
    contract: agreement.contractDigest,
    to: state,
    fromAgency: agencyOf(agreement.annexes[ctx.trust.self]?.roles, type.from, ctx.trust.self),
    toAgency: agency,
    application: draft.id,
    lane: draft.id,
    body: body as unknown as Json,
    timers: type.timers,
    retries: type.retries,
  });
  return { key, type: evidence.type, state, agency, transaction, request, askedAt: now };
}

/** Her consent, recorded before the question leaves; nothing where the law is the ground. */
async function consentFor(
  ctx: ApplicationsContext,
  tx: Tx,
  { draft }: OpenDraft,
  evidence: EvidenceType,
  agency: string,
): Promise<string | undefined> {
  const { ground } = evidence;
  if (ground.kind !== 'consent') return undefined;
  if (ground.field !== undefined && draft.answers[ground.field] !== true) throw new Failure('CONSENT_MISSING', {});
  return giveConsent(tx, ctx, {
    subject: draft.person,
    agency,
    purpose: evidence.purpose,
    article: ground.article,
    application: draft.id,
    // A question after the decision is asked when the draft's own time may long be over.
    until: draft.submitted ? addMilliseconds(ctx.clock.now(), CONSENT_KEPT_MS) : draft.expires,
  });
}

/** The query with what the asked register needs to find her, and her home node's signed word that it is she who asks. */
async function signedQuery(
  ctx: ApplicationsContext,
  tx: Tx,
  actor: Actor,
  { draft, agreement }: OpenDraft,
  asked: { evidence: EvidenceType; state: string; consent: string | undefined },
): Promise<EvidenceQuery> {
  const { evidence, state, consent } = asked;
  const given = evidence.localId === undefined ? undefined : numbersIn(draft, evidence.localId)[state];
  const typed = typeof given === 'string' && given !== '' ? given : undefined;
  const subject = await subjectOf(ctx, tx, draft, state, typed);
  const ground = {
    kind: evidence.ground.kind,
    article: evidence.ground.article,
    ...(consent === undefined ? {} : { consent }),
  };
  const query = {
    type: evidence.type,
    agreement: agreement.contractDigest,
    application: draft.id,
    purpose: evidence.purpose,
    ground,
    subject,
  };
  const assertion = seal(
    'assertion',
    {
      subject: draft.reference,
      home: ctx.trust.self,
      assurance: actor.assurance,
      at: ctx.clock.now(),
      purpose: evidence.purpose,
      requestDigest: digestOf(query as unknown as Json),
      consent: consent ?? null,
    },
    [ctx.keys.messages],
  );
  return { ...query, assertion };
}

/**
 * Whom a question is about: she herself, her child as the population register knows it, or an organisation by its number.
 * @param typed the number in the asked state that she gives
 */
async function subjectOf(
  ctx: ApplicationsContext,
  tx: Tx,
  { person, reference, mandate }: Draft,
  state: string,
  typed: string | undefined,
): Promise<EvidenceQuery['subject']> {
  const home = ctx.trust.self;
  const given = typed === undefined ? [] : [{ state, value: typed }];
  // A number that she gives is asked alone: one noted or linked before must not be what finds her, and the new one be called proven.
  const noted = typed === undefined ? state : undefined;
  if (mandate === undefined) {
    const { names, birthDate, ids } = await subjectAttributes(tx, await localIdOf(tx, person), noted);
    const links = typed === undefined ? await findLinks(tx, person, state) : [];
    const linked = links.map(({ number }) => ({ state, value: number }));
    return { reference, home, names, birthDate, ids: [...ids, ...linked, ...given] };
  }
  const { kind, number } = mandate;
  const represented = { kind, number };
  if (kind === 'organisation') return { reference, home, ids: [{ state: home, value: number }, ...given], represented };
  const { names, birthDate, ids } = await subjectAttributes(tx, number, noted);
  return { reference, home, names, birthDate, ids: [...ids, ...given], represented };
}

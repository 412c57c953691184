import { decideBy, reachableAnswers } from '../agreements/index.ts';
import { dayOf } from '../calendar/index.ts';
import { digestHex, digestOf, type Sealed, seal } from '../crypto/index.ts';
import { beginTransaction } from '../exchange/index.ts';
import { dropFiles } from '../files/index.ts';
import { sendLetter } from '../mailbox/index.ts';
import { referenceFor } from '../persons/index.ts';
import { Failure, type Json, type Tx } from '../storage/index.ts';
import { insertCase } from './case-rows.ts';
import type { ApplicationsContext } from './context.ts';
import { confirmDraftEvidence, lockDraft, markSubmitted } from './draft-rows.ts';
import { journey, journeyInput, type OpenDraft, openDraft, openDraftForChange } from './drafts.ts';
import { dropQuestions } from './evidence-rows.ts';
import { deciders } from './forecast.ts';
import { linkNumbers } from './link-numbers.ts';
import { demandMandate } from './mandates.ts';
import { cardsOfDraft, isSettled, questions } from './questions.ts';
import { shortReference } from './reference.ts';
import type { Actor, EvidenceCard, EvidenceStatus, SealedApplication } from './types.ts';
import { type CarriedFile, demandCleanFiles, draftFiles, filesFor } from './uploads.ts';

/**
 * She says that the evidence shown is about her. Without it nothing is sent, and no link to a foreign record is made.
 * @throws Failure EVIDENCE_INCOMPLETE while an answer is out
 */
export async function confirmEvidence(ctx: ApplicationsContext, actor: Actor, id: string): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    const opened = await openDraftForChange(ctx, tx, actor, id);
    const cards = await cardsOfDraft(ctx, tx, opened);
    requireAllAnswers(ctx, opened, cards);
    // What she types of a child's or an organisation's is no number of hers.
    if (opened.draft.mandate === undefined) await linkNumbers(ctx, tx, opened.agreement, opened.draft, cards);
    await confirmDraftEvidence(tx, id, true);
  });
}

/**
 * Keeps the page that she is about to send from, exactly as it is shown.
 * @returns its SHA-256, which the page's form carries back
 */
export async function rememberPage(ctx: ApplicationsContext, actor: Actor, id: string, page: string): Promise<string> {
  const { draft } = await openDraft(ctx, actor, id);
  const digest = digestHex(`${draft.revision}\n${page}`);
  await ctx.db.query(
    `insert into application_pages (application, digest, revision, page, seen_at) values ($1, $2, $3, $4, $5)
     on conflict do nothing`,
    [id, digest, draft.revision, page, ctx.clock.now()],
  );
  return digest;
}

/**
 * Sends the application: one sealed application, and a claim to each deciding authority, all durable together. The receipt here,
 * at home, is the filing date. Sending twice sends once, also from two windows at the same moment.
 * @param page the digest that `rememberPage` gave
 * @returns the application's id
 * @throws Failure DRAFT_NOT_FOUND, DRAFT_CHANGED (another tab changed it), DRAFT_INCOMPLETE, EVIDENCE_INCOMPLETE,
 *   EVIDENCE_NOT_CONFIRMED, MANDATE_MISSING, AGREEMENT_NOT_RATIFIED, FILE_QUARANTINED, FILE_REFUSED
 */
export async function submit(ctx: ApplicationsContext, actor: Actor, id: string, page: string): Promise<string> {
  return ctx.db.transaction(async (tx) => {
    const sent = await lockDraft(tx, id);
    if (sent?.submitted && (sent.acting ?? sent.person) === actor.person) return id;
    // One moment for all that is sealed: at midnight the day must not change between two questions to the clock.
    const filedAt = ctx.clock.now();
    const then = { ...ctx, clock: { now: () => filedAt } };
    const opened = await openDraftForChange(then, tx, actor, id);
    const cards = await cardsOfDraft(then, tx, opened);
    requireComplete(then, opened, cards);
    await demandMandate(then, tx, opened);
    await requireSeenPage(tx, opened, page);
    const files = await draftFiles(then, tx, opened);
    demandCleanFiles(files);
    const application = sealApplication(then, actor, opened, cards, page, await actingReference(then, tx, opened));
    requireRatified(then, opened, application.payload);
    await store(then, tx, actor, opened, application);
    await dropQuestions(
      tx,
      id,
      cards.map(({ key }) => key),
    );
    // What she uploaded and took off again goes no further.
    await dropFiles(
      tx,
      id,
      files.map(({ digest }) => digest),
    );
    for (const state of application.payload.deciders) {
      await claim(then, tx, opened, cards, application, state, await filesFor(tx, id, files, state));
    }
    return id;
  });
}

/** Refused here, before anything is filed, rather than by the state that would decide. */
function requireRatified(
  { trust }: ApplicationsContext,
  { agreement }: OpenDraft,
  { deciders, filedOn }: SealedApplication,
): void {
  for (const state of deciders) {
    const ratified = trust.ratifications(state, agreement.name, filedOn);
    if (ratified.some(({ contract }) => contract === agreement.contractDigest)) continue;
    throw new Failure('AGREEMENT_NOT_RATIFIED', { state, agreement: agreement.name });
  }
}

function requireAllAnswers(ctx: ApplicationsContext, opened: OpenDraft, cards: readonly EvidenceCard[]): void {
  for (const { key } of questions(ctx, opened)) {
    if (!isSettled(cards.find((card) => card.key === key))) throw new Failure('EVIDENCE_INCOMPLETE', { key });
  }
}

function requireComplete(ctx: ApplicationsContext, opened: OpenDraft, cards: readonly EvidenceCard[]): void {
  const wrong = journey(ctx, opened).find(({ complete }) => !complete);
  if (wrong !== undefined) throw new Failure('DRAFT_INCOMPLETE', { page: wrong.name });
  requireAllAnswers(ctx, opened, cards);
  if (!opened.draft.confirmed) throw new Failure('EVIDENCE_NOT_CONFIRMED', {});
}

/** Two tabs: what she sends is what she saw, or she is asked to look again. */
async function requireSeenPage(tx: Tx, { draft }: OpenDraft, page: string): Promise<void> {
  const [seen] = await tx.query<{ revision: number }>(
    'select revision from application_pages where application = $1 and digest = $2',
    [draft.id, page],
  );
  if (seen?.revision !== draft.revision) throw new Failure('DRAFT_CHANGED', {});
}

/** The mandate without what only the page of whoever acts shows. */
function sealedMandate({ given }: OpenDraft['draft']): SealedApplication['actor']['mandate'] {
  if (given === undefined) return null;
  const { applicant: _shown, ...mandate } = given;
  return mandate;
}

/** Under which name whoever acts is known in this application: the applicant's own, or another's. */
async function actingReference(ctx: ApplicationsContext, tx: Tx, { draft }: OpenDraft): Promise<string> {
  if (draft.acting === undefined) return draft.reference;
  return referenceFor(tx, ctx, { subject: draft.acting, application: draft.id });
}

function sealApplication(
  ctx: ApplicationsContext,
  actor: Actor,
  opened: OpenDraft,
  cards: readonly EvidenceCard[],
  page: string,
  reference: string,
): Sealed<SealedApplication> {
  const { draft, agreement, service } = opened;
  const filedAt = ctx.clock.now();
  const keysOf = (wanted: EvidenceStatus) => cards.flatMap(({ key, status }) => (status === wanted ? [key] : []));
  return seal(
    'application',
    {
      id: draft.id,
      reference: draft.reference,
      home: ctx.trust.self,
      agreement: agreement.name,
      contract: agreement.contractDigest,
      service: service.name,
      answers: reachableAnswers(agreement, service, journeyInput(ctx, draft)),
      actor: {
        reference,
        assurance: actor.assurance,
        mandate: draft.mandate ?? sealedMandate(draft),
        language: actor.language,
      },
      page,
      filedAt,
      filedOn: dayOf(filedAt, ctx.trust.self),
      evidence: cards.flatMap(({ evidence }) =>
        evidence === undefined ? [] : [digestOf(evidence as unknown as Json)],
      ),
      waived: keysOf('waived'),
      unanswered: keysOf('unanswered'),
      deciders: deciders(ctx, opened),
    },
    [ctx.keys.messages],
  );
}

async function store(
  ctx: ApplicationsContext,
  tx: Tx,
  actor: Actor,
  { draft, agreement, service }: OpenDraft,
  application: Sealed<SealedApplication>,
): Promise<void> {
  await tx.query(
    `insert into applications (id, person, agreement, contract, service, filed_at, status, sealed, acting)
     values ($1, $2, $3, $4, $5, $6, 'submitted', $7, $8)`,
    [
      draft.id,
      draft.person,
      agreement.name,
      agreement.contractDigest,
      service.name,
      application.payload.filedAt,
      JSON.stringify(application),
      draft.acting ?? null,
    ],
  );
  await markSubmitted(tx, draft.id);
  const letter = { cause: `filed/${draft.id}`, link: `/applications/${draft.id}` };
  const reference = shortReference(draft.id);
  if (draft.given === undefined) {
    await sendLetter(tx, ctx, { ...letter, person: draft.person, kind: 'filed', params: { reference } });
  } else {
    const params = { reference, holder: draft.given.holder.name };
    await sendLetter(tx, ctx, { ...letter, person: draft.person, kind: 'filedFor', params });
    await sendLetter(tx, ctx, { ...letter, person: actor.person, kind: 'filed', params: { reference } });
  }
}

async function claim(
  ctx: ApplicationsContext,
  tx: Tx,
  { draft, agreement, service }: OpenDraft,
  cards: readonly EvidenceCard[],
  application: Sealed<SealedApplication>,
  state: string,
  files: readonly CarriedFile[],
): Promise<void> {
  const type = agreement.transactions[service.claim];
  const agency = agreement.annexes[state]?.roles[service.decidedBy.role];
  const homeRole = type === undefined ? undefined : agreement.annexes[ctx.trust.self]?.roles[type.from];
  if (type === undefined || agency === undefined)
    throw new Failure('AGREEMENT_NOT_FOUND', { agreement: agreement.name });
  const transaction = await beginTransaction(tx, ctx, {
    code: type.code,
    pattern: type.pattern,
    operation: type.operation,
    agreement: agreement.name,
    contract: agreement.contractDigest,
    to: state,
    fromAgency: homeRole ?? `${ctx.trust.self}.portal`,
    toAgency: agency,
    application: draft.id,
    lane: draft.id,
    body: {
      application,
      evidence: cards.flatMap(({ evidence }) => (evidence === undefined ? [] : [evidence])),
      ...(files.length === 0 ? {} : { files }),
    } as unknown as Json,
    timers: type.timers,
    retries: type.retries,
  });
  await insertCase(tx, draft.id, {
    state,
    agency,
    transaction,
    due: decideBy(agreement, service, state, application.payload.filedAt),
  });
}

import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { digestOf, isId, type Sealed } from '../crypto/index.ts';
import { refuseTransaction, type TransactionRecord } from '../exchange/index.ts';
import { sendLetter } from '../mailbox/index.ts';
import { Failure, type Json, type Tx } from '../storage/index.ts';
import { addedDigests } from './added-evidence.ts';
import { casesOf, movedOf } from './case-rows.ts';
import { AnsweredDocumentForm, type ClaimAnswer, verifyAnsweredDocument } from './claim-answer.ts';
import type { ApplicationsContext } from './context.ts';
import { markCorrected } from './correction-rows.ts';
import { verifyDecision } from './decision.ts';
import { holdDocument, replaceDocument } from './held-documents.ts';
import type { ApplicationCase, SealedApplication } from './types.ts';

const Correction = Type.Object(
  { decision: Type.Object({}), document: Type.Optional(AnsweredDocumentForm) },
  { additionalProperties: false },
);

/**
 * The authority that decided puts an obvious error right by a new decision. It counts only where the agreement knows corrections, under
 * the agency's own signature, and only in the place of the very decision that she holds: not twice, not of another. What stood stays
 * to be seen, its document is shown as replaced, and she gets a letter.
 */
export async function decisionCorrected(
  ctx: ApplicationsContext,
  tx: Tx,
  transaction: TransactionRecord,
  body: Json,
): Promise<void> {
  try {
    const place = await findPlace(tx, transaction);
    await take(ctx, tx, place, await checked(ctx, tx, place, transaction, body));
  } catch (error) {
    if (!(error instanceof Failure) || !REFUSED.includes(error.code)) throw error;
    await refuseTransaction(tx, ctx, transaction.id, { code: error.code });
  }
}

/** What is said to the sender; everything is checked before anything is written. */
const REFUSED = ['DECISION_INVALID', 'DOCUMENT_INVALID', 'APPLICATION_NOT_FOUND'];

interface Place {
  application: SealedApplication;
  person: string;
  row: ApplicationCase & { decision: NonNullable<ApplicationCase['decision']> };
}

/** The decided case of the state that sent it, with the application locked. */
async function findPlace(tx: Tx, { application, from, fromAgency }: TransactionRecord): Promise<Place> {
  const none = () => new Failure('APPLICATION_NOT_FOUND', {});
  if (application === undefined || !isId(application)) throw none();
  const [found] = await tx.query<{ person: string; sealed: Sealed<SealedApplication> }>(
    'select person, sealed from applications where id = $1 for update',
    [application],
  );
  const row = (await casesOf(tx, application)).find(({ state, agency }) => state === from && agency === fromAgency);
  if (found === undefined || row === undefined) throw none();
  const { decision } = row;
  if (decision === undefined) throw new Failure('DECISION_INVALID', { reason: 'nothing was decided before it' });
  return { application: found.sealed.payload, person: found.person, row: { ...row, decision } };
}

async function checked(
  ctx: ApplicationsContext,
  tx: Tx,
  { application, row }: Place,
  transaction: TransactionRecord,
  body: Json,
): Promise<ClaimAnswer> {
  const wrong = (reason: string) => new Failure('DECISION_INVALID', { reason });
  if (!Value.Check(Correction, body)) throw wrong('the correction has not its form');
  const { decision: sealed, document } = body as unknown as ClaimAnswer;
  const agreement = ctx.agreements.byContract(row.decision.payload.decision.digests.contract);
  const service = agreement?.services[application.service];
  const action = service?.actions.correct;
  if (action?.transaction !== transaction.code || agreement?.contractDigest !== transaction.contract) {
    throw wrong('the agreement knows no such correction');
  }
  const decision = verifyDecision(ctx, sealed, {
    application,
    supplements: await addedDigests(tx, application, row.state),
    state: row.state,
    agency: row.agency,
    moved: movedOf(row),
    deadline: service && { terms: service.deadline, due: row.due },
    corrects: digestOf(row.decision as unknown as Json),
  });
  if (!action.articles.includes(decision.payload.corrects?.article ?? '')) throw wrong('an article that allows none');
  if (decision.payload.decidedAt < row.decision.payload.decidedAt) throw wrong('older than what it corrects');
  if (decision.payload.case !== row.decision.payload.case) throw wrong('another case');
  if (document !== undefined) {
    await verifyAnsweredDocument(ctx, document, { agreement, decision: decision.payload });
  }
  return { decision, ...(document === undefined ? {} : { document }) };
}

async function take(
  ctx: ApplicationsContext,
  tx: Tx,
  { application: { id }, person, row }: Place,
  { decision, document }: ClaimAnswer,
): Promise<void> {
  const at = ctx.clock.now();
  const { state, agency } = row;
  await markCorrected(tx, id, { state }, row, { decision, document: document?.id, at });
  if (row.document !== undefined) await replaceDocument(tx, ctx, { person, id: row.document, by: document?.id });
  if (document !== undefined) await holdDocument(tx, ctx, { person, application: id, state, agency, ...document });
  await sendLetter(tx, ctx, {
    person,
    cause: `corrected/${id}/${state}/${digestOf(decision as unknown as Json)}`,
    kind: 'corrected',
    params: { state, outcome: decision.payload.outcome },
    link: `/applications/${id}#${state}`,
  });
}

import { isId, type Sealed } from '../crypto/index.ts';
import type { TransactionRecord } from '../exchange/index.ts';
import { sendLetter } from '../mailbox/index.ts';
import { Failure, type Json, type Tx } from '../storage/index.ts';
import { addedDigests } from './added-evidence.ts';
import {
  closeWhenDone,
  isOver,
  lockCaseOfTransaction,
  markAccepted,
  markDecided,
  markRefused,
  movedOf,
} from './case-rows.ts';
import { readClaimAnswer, verifyAnsweredDocument } from './claim-answer.ts';
import type { ApplicationsContext } from './context.ts';
import { verifyDecision } from './decision.ts';
import { holdDocument } from './held-documents.ts';
import { joinOf, relayJoined } from './join-decisions.ts';
import type { ApplicationCase, SealedApplication } from './types.ts';

/** The deciding authority has opened its case. */
export async function claimAccepted(
  ctx: ApplicationsContext,
  tx: Tx,
  transaction: TransactionRecord,
  body: Json,
): Promise<void> {
  const place = await findCase(tx, transaction);
  if (place === undefined) return;
  const id = (body as { case?: unknown } | null)?.case;
  const known = typeof id === 'string' && isId(id) ? id : undefined;
  await markAccepted(tx, place.application.id, place.row.state, known, ctx.clock.now());
}

/**
 * A decision arrived. It counts only under the deciding agency's own signature, for this application, and with it the document only
 * under the deciding state's.
 * @throws Failure DECISION_INVALID, DOCUMENT_INVALID: the message is kept as a dead letter for an operator, and nothing changes
 */
export async function claimAnswered(
  ctx: ApplicationsContext,
  tx: Tx,
  transaction: TransactionRecord,
  body: Json,
): Promise<void> {
  const place = await findCase(tx, transaction);
  if (place === undefined || isOver(place.row)) return;
  const { application, row, person } = place;
  const answer = readClaimAnswer(body);
  const { state: deciding, agency: authority } = row;
  const supplements = await addedDigests(tx, application, deciding);
  const agreement = ctx.agreements.byContract(row.contract ?? application.contract);
  const terms = agreement?.services[application.service]?.deadline;
  const deadline = terms === undefined ? undefined : { terms, due: row.due };
  const expected = { application, supplements, state: deciding, agency: authority, deadline, moved: movedOf(row) };
  const decision = verifyDecision(ctx, answer.decision, expected);
  if (answer.document !== undefined) {
    // Where several decide together, no document is there before all have: it would be hers, and the others would not be heard.
    if (joinOf(ctx, application) !== undefined)
      throw new Failure('DOCUMENT_INVALID', { state: deciding, reason: 'before all have granted it' });
    await verifyAnsweredDocument(ctx, answer.document, { agreement, decision: decision.payload });
  }
  await markDecided(tx, application.id, row.state, decision, answer.document?.id);
  if (answer.document !== undefined) {
    const { state, agency } = row;
    await holdDocument(tx, ctx, { person, application: application.id, state, agency, ...answer.document });
  }
  await sendLetter(tx, ctx, {
    person,
    cause: `decision/${application.id}/${row.state}`,
    kind: 'decided',
    params: { state: row.state, outcome: decision.payload.outcome },
    link: `/applications/${application.id}`,
  });
  await relayJoined(ctx, tx, application);
  await closeWhenDone(tx, application.id);
}

/** The deciding node refuses to open a case, with a code. */
export async function claimRefused(
  ctx: ApplicationsContext,
  tx: Tx,
  transaction: TransactionRecord,
  code: string,
): Promise<void> {
  const place = await findCase(tx, transaction);
  if (place === undefined || isOver(place.row)) return;
  const { application, row, person } = place;
  await markRefused(tx, application.id, row.state, code);
  await sendLetter(tx, ctx, {
    person,
    cause: `claim-refused/${application.id}/${row.state}`,
    kind: 'claimRefused',
    params: { state: row.state, code },
    link: `/applications/${application.id}`,
  });
  await relayJoined(ctx, tx, application);
  await closeWhenDone(tx, application.id);
}

/**
 * The case that a claim's transaction is about. The application is locked before it: answers of several states come at the same
 * moment, and the last of them must see that it is the last.
 */
async function findCase(
  tx: Tx,
  transaction: TransactionRecord,
): Promise<{ application: SealedApplication; person: string; row: ApplicationCase } | undefined> {
  if (transaction.application === undefined || !isId(transaction.application)) return undefined;
  const [application] = await tx.query<{ id: string; person: string; sealed: Sealed<SealedApplication> }>(
    'select id, person, sealed from applications where id = $1 for update',
    [transaction.application],
  );
  if (application === undefined) throw new Failure('APPLICATION_NOT_FOUND', {});
  const row = await lockCaseOfTransaction(tx, application.id, transaction.id);
  return row === undefined ? undefined : { application: application.sealed.payload, person: application.person, row };
}

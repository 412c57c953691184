import type { Sealed } from '../crypto/index.ts';
import type { TransactionRecord } from '../exchange/index.ts';
import { sendLetter } from '../mailbox/index.ts';
import { Failure, type Json, type Tx } from '../storage/index.ts';
import { closeWhenDone, lockCaseOfTransaction, markAccepted, markDecided, markRefused } from './case-rows.ts';
import type { ApplicationsContext } from './context.ts';
import { verifyDecision } from './decision.ts';
import { holdDocument } from './held-documents.ts';
import type { ApplicationCase, SealedDecision } from './types.ts';

/** What a deciding node answers to a claim. */
export interface ClaimAnswer {
  decision: Sealed<SealedDecision>;
  document?: { id: string; type: string; credential: string; paper: string };
}

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
  await markAccepted(tx, place.application, place.row.state, typeof id === 'string' ? id : '', ctx.clock.now());
}

/**
 * A decision arrived. It counts only under the deciding agency's own signature, for this application.
 * @throws Failure DECISION_INVALID: the message is kept as a dead letter for an operator, and nothing changes
 */
export async function claimAnswered(
  ctx: ApplicationsContext,
  tx: Tx,
  transaction: TransactionRecord,
  body: Json,
): Promise<void> {
  const place = await findCase(tx, transaction);
  if (place === undefined || place.row.status === 'decided') return;
  const answer = body as unknown as ClaimAnswer;
  const { application, row, person } = place;
  const decision = verifyDecision(ctx, answer.decision, { application, state: row.state, agency: row.agency });
  await markDecided(tx, application, row.state, decision, answer.document?.id);
  if (answer.document !== undefined) {
    await holdDocument(tx, ctx, { person, application, state: row.state, agency: row.agency, ...answer.document });
  }
  await sendLetter(tx, ctx, {
    person,
    cause: `decision/${application}/${row.state}`,
    kind: 'decided',
    params: { state: row.state, outcome: decision.payload.outcome },
    link: `/applications/${application}`,
  });
  await closeWhenDone(tx, application);
}

/** The deciding node refuses to open a case, with a code. */
export async function claimRefused(
  ctx: ApplicationsContext,
  tx: Tx,
  transaction: TransactionRecord,
  code: string,
): Promise<void> {
  const place = await findCase(tx, transaction);
  if (place === undefined || place.row.status === 'decided') return;
  const { application, row, person } = place;
  await markRefused(tx, application, row.state, code);
  await sendLetter(tx, ctx, {
    person,
    cause: `claim-refused/${application}/${row.state}`,
    kind: 'claimRefused',
    params: { state: row.state, code },
    link: `/applications/${application}`,
  });
  await closeWhenDone(tx, application);
}

async function findCase(
  tx: Tx,
  transaction: TransactionRecord,
): Promise<{ application: string; person: string; row: ApplicationCase } | undefined> {
  if (transaction.application === undefined) return undefined;
  const [application] = await tx.query<{ id: string; person: string }>(
    'select id, person from applications where id = $1',
    [transaction.application],
  );
  if (application === undefined) throw new Failure('APPLICATION_NOT_FOUND', {});
  const row = await lockCaseOfTransaction(tx, application.id, transaction.id);
  return row === undefined ? undefined : { application: application.id, person: application.person, row };
}

import { decideBy } from '../agreements/index.ts';
import { randomId } from '../crypto/index.ts';
import { acceptTransaction, refuseTransaction, type TransactionRecord } from '../exchange/index.ts';
import { recordAccess } from '../persons/index.ts';
import { Failure, type Json, type Tx } from '../storage/index.ts';
import { NO_ACTION } from './actions.ts';
import { append, type HeldCase } from './append.ts';
import { askOpinions } from './ask-opinions.ts';
import { insertCase } from './case-rows.ts';
import { type CheckedClaim, checkClaim } from './claim.ts';
import type { CasesContext } from './context.ts';
import { decideWhenConfirmed } from './decide.ts';
import { keepFiles } from './files.ts';
import { EMPTY_CASE } from './fold.ts';
import { propose } from './propose.ts';
import { enqueueDeadline } from './queues.ts';

/**
 * A claim arrived: check it, open this authority's own case, run the rules. A claim that does not prove itself is refused with
 * its code, and so is a second one for an application that has its case here; one delivered twice is handled once.
 */
export async function claimArrived(
  ctx: CasesContext,
  tx: Tx,
  transaction: TransactionRecord,
  body: Json,
): Promise<void> {
  let claim: CheckedClaim;
  try {
    claim = checkClaim(ctx, transaction, body);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    await refuseTransaction(tx, ctx, transaction.id, { code: error.code });
    return;
  }
  const held = await openCase(ctx, tx, transaction, claim);
  if (held === undefined) {
    await refuseTransaction(tx, ctx, transaction.id, { code: 'CLAIM_TWICE' });
    return;
  }
  await keepFiles(ctx, tx, held.row.id, claim.files);
  await recordUse(ctx, tx, held, claim);
  await acceptTransaction(tx, ctx, transaction.id, { case: held.row.id });
  const basis = { ...claim, application: claim.application.payload };
  const proposed = await propose(ctx, tx, held, basis);
  await decideWhenConfirmed(ctx, tx, await askOpinions(ctx, tx, proposed, basis));
}

async function openCase(
  ctx: CasesContext,
  tx: Tx,
  transaction: TransactionRecord,
  { agreement, service, agency, annex, application, evidence }: CheckedClaim,
): Promise<HeldCase | undefined> {
  const { payload } = application;
  const now = ctx.clock.now();
  const row = {
    id: randomId(),
    application: payload.id,
    home: payload.home,
    reference: payload.reference,
    agreement: agreement.name,
    contract: agreement.contractDigest,
    annex,
    service: service.name,
    agency,
    transaction: transaction.id,
    phase: 'received' as const,
    filedOn: payload.filedOn,
    openedAt: now,
    // Counted from the receipt at home: a partition never costs a person her right, nor an officer's delay her time.
    due: decideBy(agreement, service, ctx.trust.self, payload.filedAt),
    actions: 0,
    head: NO_ACTION,
  };
  if (!(await insertCase(tx, row))) return undefined;
  await enqueueDeadline(tx, row);
  return append(
    tx,
    ctx,
    { row, state: EMPTY_CASE },
    {
      verb: 'open',
      key: `open/${transaction.id}`,
      actor: { kind: 'home', id: payload.home, agency, assurance: payload.actor.assurance },
      payload: { application, evidence, filedOn: payload.filedOn, due: row.due },
    },
  );
}

/** The rules read her evidence: one use of her data, told to her home node. */
async function recordUse(ctx: CasesContext, tx: Tx, { row }: HeldCase, claim: CheckedClaim): Promise<void> {
  await recordAccess(tx, ctx, {
    subject: { home: row.home, reference: row.reference },
    state: ctx.trust.self,
    agency: row.agency,
    fields: claim.evidence.map(({ payload }) => `${payload.type}/${payload.issuer.state}`),
    purpose: `${claim.agreement.name}.decision`,
    ground: { kind: 'law', article: claim.agreement.rules[claim.service.decision.outcome]?.article ?? '' },
    application: row.application,
    case: row.id,
  });
}

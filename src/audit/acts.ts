import { randomId } from '../crypto/index.ts';
import { appendLeaf, type LedgerContext } from '../ledger/index.ts';
import { Failure, type Instant, type Queryable, type Tx } from '../storage/index.ts';

/** What can be done to a node. */
export type ActKind = 'messageResent' | 'messageDropped' | 'jobRevived';

/** Something that was done. */
export interface Act {
  at: Instant;
  /** The account of whoever did it. */
  by: string;
  act: ActKind;
  /** The id of what it was done to; never what it says. */
  about: string;
  reason: string;
}

/** Every refusal of this room. */
export const auditFailures = {
  AUDIT_REASON: 'Say why in 3 to 300 characters: it stands in the history and in the ledger for good.',
} as const;

const REASON = { least: 3, most: 300 };

/** A reason as it is kept. @throws Failure AUDIT_REASON */
export function demandReason(reason: string): string {
  const why = reason.trim();
  if (why.length < REASON.least || why.length > REASON.most) throw new Failure('AUDIT_REASON');
  return why;
}

/**
 * Writes what somebody does into the history and the ledger, in the transaction that does it.
 * @throws Failure AUDIT_REASON
 * @example await recordAct(tx, ctx, { by: 'operator-kz-1', act: 'messageDropped', about: id, reason: 'sent twice by hand' })
 */
export async function recordAct(
  tx: Tx,
  ctx: LedgerContext,
  { by, act, about, reason }: Omit<Act, 'at'>,
): Promise<void> {
  const why = demandReason(reason);
  const at = ctx.clock.now();
  const leaf = await appendLeaf(tx, ctx, { kind: 'configuration', content: { at, by, act, about, reason: why } });
  await tx.query('insert into audit_act (id, at, by, act, about, reason, leaf) values ($1, $2, $3, $4, $5, $6, $7)', [
    randomId(),
    at,
    by,
    act,
    about,
    why,
    leaf.id,
  ]);
}

/** The latest acts, the newest first. */
export async function listActs(db: Queryable, most = 20): Promise<Act[]> {
  return db.query<Act>('select at, by, act, about, reason from audit_act order by at desc, id desc limit $1', [most]);
}

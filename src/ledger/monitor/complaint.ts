import { randomId } from '../../crypto/index.ts';
import { type Instant, type Json, json, type Queryable, type StoreContext } from '../../storage/index.ts';

/**
 * What a log did:
 * - `fork`: it signed two histories of one size;
 * - `rewritten-leaf`: a leaf that it served before is another one now;
 * - `cut-tail`: it shows fewer leaves than it had shown;
 * - `reused-index`: it proves a leaf at an index where it had shown another;
 * - `backdated`: the time in a leaf is earlier than witnesses can have missed it.
 */
export type ComplaintKind = 'fork' | 'rewritten-leaf' | 'cut-tail' | 'reused-index' | 'backdated';

/** One leaf in the tree of one signed checkpoint. `data` is hex, `path` base64 (RFC 9162 section 2.1.3). */
export interface ShownLeaf {
  data: string;
  path: string[];
  checkpoint: string;
}

/** What a complaint rests on, by kind. Checkpoints are signed notes. */
export type ComplaintEvidence =
  | { kind: 'fork' | 'cut-tail'; first: string; second: string }
  | { kind: 'rewritten-leaf' | 'reused-index'; index: number; first: ShownLeaf; second: ShownLeaf | { data: string } }
  | { kind: 'backdated'; proof: Json; content: Json; within: number; checkpoint: string };

export interface Complaint {
  id: string;
  origin: string;
  /** By the clock of the node that complains. */
  at: Instant;
  evidence: ComplaintEvidence;
}

/** Keeps a complaint; the first of its cause stays, since it proves all that a second could. */
export async function recordComplaint(
  db: Queryable,
  ctx: Pick<StoreContext, 'clock'>,
  origin: string,
  cause: string,
  evidence: ComplaintEvidence,
): Promise<void> {
  await db.query(
    `insert into ledger_complaint (origin, kind, cause, id, evidence, at) values ($1, $2, $3, $4, $5::jsonb, $6)
     on conflict (origin, kind, cause) do nothing`,
    [origin, evidence.kind, cause, randomId(), json(evidence as unknown as Json), ctx.clock.now()],
  );
}

/** All that this node has against other logs, oldest first. */
export async function listComplaints({ db }: { db: Queryable }): Promise<Complaint[]> {
  return db.query<Complaint>('select id, origin, at, evidence from ledger_complaint order by at, id');
}

import {
  addMilliseconds,
  describeError,
  type Instant,
  type Queryable,
  retryNow,
  type StoreContext,
  type Tx,
} from '../storage/index.ts';
import { QUEUES } from './context.ts';

/** How it goes with a peer. */
interface PeerHealth {
  peer: string;
  /** When it was last heard of: it answered us, or asked us. */
  heardAt?: Instant;
  /** The last failure that was not followed by success. */
  failedAt?: Instant;
  failure?: string;
  /** How far its clock is ahead of ours, as its last greeting showed; what the way took leaves half of itself open. */
  skewMs?: number;
  /** How its charter compared with ours: same, older, newer, fork. */
  charter?: string;
  /** Messages for it that wait, and the oldest of them. */
  waiting: number;
  oldest?: Instant;
}

const OFTEN_ENOUGH_MS = 10_000;

/** Notes that a peer was heard of, at most every ten seconds. `delivered`: it took a batch, so no failure stands any more. */
export async function noteHeard(
  db: Queryable,
  ctx: StoreContext,
  peer: string,
  what: { delivered?: boolean; charter?: string } = {},
): Promise<void> {
  const now = ctx.clock.now();
  await db.query(
    `insert into exchange_peer as p (peer, heard_at, charter) values ($1, $2, $4)
     on conflict (peer) do update set heard_at = excluded.heard_at, charter = coalesce(excluded.charter, p.charter),
       failed_at = case when $5 then null else p.failed_at end, failure = case when $5 then null else p.failure end
     where p.heard_at is null or p.heard_at < $3 or ($5 and p.failed_at is not null) or p.charter is distinct from coalesce($4, p.charter)`,
    [peer, now, addMilliseconds(now, -OFTEN_ENOUGH_MS), what.charter ?? null, what.delivered ?? false],
  );
}

/** Notes how far a peer's clock is ahead of ours. */
export async function noteSkew(db: Queryable, peer: string, skewMs: number): Promise<void> {
  await db.query(
    `insert into exchange_peer (peer, skew_ms) values ($1, $2) on conflict (peer) do update set skew_ms = excluded.skew_ms`,
    [peer, Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, Math.round(skewMs)))],
  );
}

/** Notes that a peer could not be reached or refused a batch. */
export async function noteFailure(ctx: StoreContext, peer: string, error: unknown): Promise<void> {
  await ctx.db.query(
    `insert into exchange_peer (peer, failed_at, failure) values ($1, $2, $3)
     on conflict (peer) do update set failed_at = excluded.failed_at, failure = excluded.failure`,
    [peer, ctx.clock.now(), describeError(error)],
  );
}

/** A peer that was away asked us something: what waits for it need not wait for the next attempt. */
export async function peerIsBack(ctx: StoreContext, peer: string): Promise<void> {
  await ctx.db.transaction(async (tx: Tx) => {
    const rows = await tx.query('select 1 from exchange_peer where peer = $1 and failed_at is not null', [peer]);
    if (rows.length === 0) return;
    await retryNow(tx, QUEUES.outgoing(peer));
  });
}

/** How it goes with each peer that there was something with. */
export async function exchangeHealth(db: Queryable): Promise<PeerHealth[]> {
  const rows = await db.query<Record<string, string | number | null>>(
    `select coalesce(p.peer, w.peer) as peer, p.heard_at as "heardAt", p.failed_at as "failedAt", p.failure, p.charter,
       p.skew_ms as "skewMs",
       coalesce(w.waiting, 0) as waiting, w.oldest
     from exchange_peer p full join (
       select receiver as peer, count(*)::int as waiting, min(created) as oldest
       from exchange_sent where status in ('waiting', 'confirming') group by receiver) w on w.peer = p.peer
     order by 1`,
  );
  return rows.map(
    (row) => Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)) as unknown as PeerHealth,
  );
}

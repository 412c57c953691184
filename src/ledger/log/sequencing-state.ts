import type { Instant } from '../../storage/index.ts';
import type { LedgerReader } from '../context.ts';

/** How it goes with giving leaves their indexes. */
export interface SequencingState {
  /** Leaves that are committed and have no index yet. */
  pending: number;
  /** When the oldest of them was made, and how long ago, both by the machines' clocks. */
  oldest?: Instant;
  lagMs: number;
  /** How long nobody holds the sequencing; undefined while somebody does, or before there is a log. */
  freeForMs?: number;
}

/** The oldest leaf is told by its id, whose first 48 bits are the time it was made (RFC 9562 section 5.7). */
export async function sequencingState({ db, ledger }: LedgerReader): Promise<SequencingState> {
  const [row] = await db.query<{ pending: number; first: string | null; freeForMs: number | null; log: number }>(
    `select log, (select count(*)::int from ledger_pending p where p.log = l.log) as pending,
       (select id from ledger_pending p where p.log = l.log order by id limit 1) as first,
       (select extract(epoch from clock_timestamp() - until)::float8 * 1000 from ledger_lease e
         where e.log = l.log and task = 'sequence') as "freeForMs"
     from ledger_log l where origin = $1`,
    [ledger.origin],
  );
  if (row === undefined) return { pending: 0, lagMs: 0 };
  const { pending, first, freeForMs } = row;
  const free = freeForMs !== null && freeForMs > 0 ? { freeForMs } : {};
  if (first === null) return { pending, lagMs: 0, ...free };
  const madeAt = Number.parseInt(first.replaceAll('-', '').slice(0, 12), 16);
  const lagMs = Math.max(0, Date.now() - madeAt);
  return { pending, oldest: new Date(madeAt).toISOString(), lagMs, ...free };
}

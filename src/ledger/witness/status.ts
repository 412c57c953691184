import type { Instant } from '../../storage/index.ts';
import type { LedgerReader } from '../context.ts';
import { getLog } from '../log/log-row.ts';
import type { PeerState } from './cosignatures.ts';

/** How a log stands, for consoles and health pages. */
export interface LedgerStatus {
  origin: string;
  size: number;
  /** Base64. */
  root: string;
  at: Instant;
  /** Leaves that are committed and have no index yet. */
  pending: number;
  /** The largest checkpoint that a quorum of witnesses saw; null before there is one. */
  witnessed: { size: number; at: Instant } | null;
  witnesses: { name: string; key: string; size: number; state: PeerState; at: Instant }[];
}

/** @throws Failure LEDGER_UNKNOWN */
export async function ledgerStatus(reader: LedgerReader): Promise<LedgerStatus> {
  const { log, origin, size, root, at } = await getLog(reader);
  const [pending] = await reader.db.query<{ count: number }>('select count(*) from ledger_pending where log = $1', [
    log,
  ]);
  const [witnessed] = await reader.db.query<{ size: number; at: Instant }>(
    'select size, at from ledger_checkpoint where log = $1 and witnessed order by size desc limit 1',
    [log],
  );
  const witnesses = await reader.db.query<LedgerStatus['witnesses'][number]>(
    'select witness as name, key, size, state, at from ledger_peer where log = $1 order by witness',
    [log],
  );
  const count = pending?.count ?? 0;
  return { origin, size, root: root.toString('base64'), at, pending: count, witnessed: witnessed ?? null, witnesses };
}

/** How it goes with being witnessed. */
export interface WitnessingState {
  size: number;
  /** Where a quorum is behind: the size that it last saw, and the time of the first checkpoint beyond it. */
  unwitnessed?: { witnessed: number; since: Instant };
  /** `cosignedAt`: when a witness last cosigned a checkpoint of this log. */
  witnesses: { name: string; size: number; state: PeerState; at: Instant; cosignedAt: Instant | null }[];
}

export async function witnessingState({ db, ledger }: LedgerReader): Promise<WitnessingState> {
  const [log] = await db.query<{ log: number; size: number }>('select log, size from ledger_log where origin = $1', [
    ledger.origin,
  ]);
  if (log === undefined) return { size: 0, witnesses: [] };
  const [behind] = await db.query<{ witnessed: number; since: Instant | null }>(
    `with seen as (select coalesce((select size from ledger_checkpoint where log = $1 and witnessed order by size desc limit 1), 0) as size)
     select seen.size as witnessed, (select c.at from ledger_checkpoint c where log = $1 and c.size > seen.size order by c.size limit 1) as since
     from seen`,
    [log.log],
  );
  const witnesses = await db.query<WitnessingState['witnesses'][number]>(
    `select witness as name, size, state, at, (select c.at from ledger_cosignature c
         where c.log = p.log and c.witness = p.witness and c.size <= p.size order by c.size desc limit 1) as "cosignedAt"
     from ledger_peer p where log = $1 order by witness`,
    [log.log],
  );
  const unwitnessed =
    behind && behind.since !== null ? { witnessed: behind.witnessed, since: behind.since } : undefined;
  return { size: log.size, witnesses, ...(unwitnessed === undefined ? {} : { unwitnessed }) };
}

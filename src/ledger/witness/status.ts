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

import type { Clock, Queryable } from '../../storage/index.ts';
import type { LedgerContext } from '../context.ts';
import type { LogRow } from '../log/log-row.ts';
import type { WitnessPeer } from './peer.ts';

/** What a witness said last: cosigned; holds more than we have; refused what we showed; did not answer. */
export type PeerState = 'ok' | 'ahead' | 'refused' | 'silent';

/** Keeps the checkpoint that witnesses are now asked about. @returns the peers whose cosignature of it is missing */
export async function offerCheckpoint(
  ctx: LedgerContext,
  row: LogRow,
  peers: readonly WitnessPeer[],
): Promise<WitnessPeer[]> {
  await ctx.db.query(
    'insert into ledger_checkpoint (log, size, note, at) values ($1, $2, $3, $4) on conflict (log, size) do nothing',
    [row.log, row.size, row.note, row.at],
  );
  const cosigned = await ctx.db.query<{ witness: string }>(
    'select witness from ledger_cosignature where log = $1 and size = $2',
    [row.log, row.size],
  );
  return peers.filter(({ name }) => !cosigned.some(({ witness }) => witness === name));
}

/** The size that a witness is believed to hold of our log. */
export async function peerSize(ctx: LedgerContext, log: number, peer: WitnessPeer): Promise<number> {
  const [row] = await ctx.db.query<{ size: number }>(
    `select least(peer.size, ledger_log.size) as size from ledger_peer peer join ledger_log using (log)
      where log = $1 and witness = $2`,
    [log, peer.name],
  );
  return row?.size ?? 0;
}

/** Notes how it went with a witness; `size` where it said what it holds. */
export async function recordPeer(
  ctx: { db: Queryable; clock: Clock },
  log: number,
  peer: WitnessPeer,
  state: PeerState,
  size?: number,
): Promise<PeerState> {
  await ctx.db.query(
    `insert into ledger_peer as p (log, witness, key, size, state, at) values ($1, $2, $3, coalesce($4, 0), $5, $6)
     on conflict (log, witness) do update
       set key = excluded.key, size = coalesce($4, p.size), state = excluded.state, at = excluded.at`,
    [log, peer.name, peer.key.id, size ?? null, state, ctx.clock.now()],
  );
  return state;
}

/** Keeps a verified cosignature, and marks the checkpoint once a quorum has seen it. */
export async function recordCosignature(
  ctx: LedgerContext,
  row: LogRow,
  peer: WitnessPeer,
  line: string,
  quorum: number,
): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    // Two cosignatures at once would each count without the other: the checkpoint's row makes them take turns.
    await tx.query('select 1 from ledger_checkpoint where log = $1 and size = $2 for update', [row.log, row.size]);
    await tx.query(
      `insert into ledger_cosignature (log, size, witness, line, at) values ($1, $2, $3, $4, $5)
       on conflict (log, size, witness) do nothing`,
      [row.log, row.size, peer.name, line, ctx.clock.now()],
    );
    await tx.query(
      `update ledger_checkpoint set witnessed = true
        where log = $1 and size = $2 and not witnessed
          and (select count(*) from ledger_cosignature where log = $1 and size = $2) >= $3`,
      [row.log, row.size, quorum],
    );
    await recordPeer({ db: tx, clock: ctx.clock }, row.log, peer, 'ok', row.size);
  });
}

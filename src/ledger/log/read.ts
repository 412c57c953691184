import { Failure } from '../../storage/index.ts';
import type { LedgerReader } from '../context.ts';
import type { ConsistencyProof, InclusionProof, LeafKind } from '../proof/index.ts';
import { consistencyRanges, inclusionRanges, type Range } from '../tree/blocks.ts';
import { rootOfRange } from '../tree/hash.ts';
import { loadTiles } from '../tree/stored-tiles.ts';
import { getLog } from './log-row.ts';

/** The log of `$1` and the earlier ones of its node. */
const OWN_LOGS = String.raw`regexp_replace(ledger_log.origin, '/\d+$', '') = regexp_replace($1, '/\d+$', '')`;

/** Where a leaf stands: undefined for an unknown id, without `index` until it is sequenced. */
export async function leafState(reader: LedgerReader, id: string): Promise<{ index?: number } | undefined> {
  const [row] = await reader.db.query<{ index: number | null }>(
    `select position.index from ledger_log
       left join ledger_position position on position.log = ledger_log.log and position.id = $2
       left join ledger_pending pending on pending.log = ledger_log.log and pending.id = $2
      where origin = $1 and (position.id is not null or pending.id is not null)`,
    [reader.ledger.origin, id],
  );
  if (!row) return undefined;
  return row.index === null ? {} : { index: row.index };
}

/** Which of these leaves have their place in this log, or in an earlier one of this node: each of them can be proven. */
export async function provable(reader: LedgerReader, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const rows = await reader.db.query<{ id: string }>(
    `select position.id from ledger_log join ledger_position position on position.log = ledger_log.log
     where ${OWN_LOGS} and position.id = any($2::uuid[])`,
    [reader.ledger.origin, ids],
  );
  return new Set(rows.map(({ id }) => id));
}

/** The lines of the witnesses that came in for a checkpoint, in one text. */
const COSIGNATURES = (log: string, size: string): string =>
  `coalesce((select string_agg(line, '' order by witness) from ledger_cosignature where log = ${log} and size = ${size}), '')`;

/**
 * The latest checkpoint as a signed note, with the cosignatures that have come in for it.
 * @throws Failure LEDGER_UNKNOWN
 */
export async function checkpoint(reader: LedgerReader): Promise<string> {
  const { log, size, note } = await getLog(reader);
  const [row] = await reader.db.query<{ lines: string }>(`select ${COSIGNATURES('$1', '$2')} as lines`, [log, size]);
  return note + (row?.lines ?? '');
}

/** The latest checkpoint that a quorum of witnesses saw; undefined before there is one. */
export async function witnessedCheckpoint(reader: LedgerReader): Promise<{ size: number; note: string } | undefined> {
  const [row] = await reader.db.query<{ size: number; note: string }>(
    `select c.size, c.note || ${COSIGNATURES('c.log', 'c.size')} as note
       from ledger_log join ledger_checkpoint c on c.log = ledger_log.log and c.witnessed
      where origin = $1 order by c.size desc limit 1`,
    [reader.ledger.origin],
  );
  return row;
}

interface Located {
  log: number;
  /** An earlier log of this node proves what was logged in it. */
  origin: string;
  index: number;
  size: number;
  note: string;
  kind: LeafKind | null;
  salt: Buffer | null;
  digest: Buffer | null;
}

/** A sequenced leaf, its opening, and the checkpoint to prove it under. */
const locate = (order: 'asc' | 'desc'): string => `
  select ledger_log.log, ledger_log.origin, index, kind, salt, content_digest as digest, coalesce(seen.size, ledger_log.size) as size,
         coalesce(seen.note, ledger_log.note)
           || ${COSIGNATURES('ledger_log.log', 'coalesce(seen.size, ledger_log.size)')} as note
    from ledger_log
    join ledger_position position on position.log = ledger_log.log and position.id = $2
    left join ledger_opening opening on opening.log = ledger_log.log and opening.id = $2
    left join lateral (
      select size, note from ledger_checkpoint
       where log = ledger_log.log and size > position.index and witnessed order by size ${order} limit 1) seen on true
   where ${OWN_LOGS}`;

/**
 * The proof that a leaf stands in this log; undefined until it is sequenced, or for an unknown id. Its checkpoint is the
 * *first* that covers the leaf and that a quorum of witnesses saw, so that the proof bounds the time of logging as early as it can
 * and stays the same for ever; where there is none yet, the latest. With `checkpoint: 'latest'` the latest witnessed one.
 * @throws Failure LEDGER_LEAF_ERASED
 * @example const proof = await inclusion(ctx, entry.leaf); if (proof) page.embed(proofFile(proof));
 */
export async function inclusion(
  reader: LedgerReader,
  id: string,
  options: { checkpoint?: 'first' | 'latest' } = {},
): Promise<InclusionProof | undefined> {
  const order = options.checkpoint === 'latest' ? 'desc' : 'asc';
  const [found] = await reader.db.query<Located>(locate(order), [reader.ledger.origin, id]);
  if (!found) return undefined;
  const { log, origin, index, size, note, kind, salt, digest } = found;
  if (!kind || !salt || !digest) throw new Failure('LEDGER_LEAF_ERASED', { id });
  return {
    origin,
    index,
    size,
    leaf: { kind, salt: salt.toString('base64url'), contentDigest: digest.toString('hex') },
    path: await rootsOf(reader, log, inclusionRanges(index, size)),
    checkpoint: note,
  };
}

/**
 * The proof that the log of `second` leaves begins with the log of `first` leaves.
 * @throws Failure LEDGER_SIZE where the log is not that large or the sizes are in the wrong order
 */
export async function consistencyProof(reader: LedgerReader, first: number, second: number): Promise<ConsistencyProof> {
  const { log, origin, size } = await getLog(reader);
  if (
    !(Number.isSafeInteger(first) && Number.isSafeInteger(second) && 0 <= first && first <= second && second <= size)
  ) {
    throw new Failure('LEDGER_SIZE', { origin, size, first, second });
  }
  return { first, second, path: await rootsOf(reader, log, consistencyRanges(first, second)) };
}

async function rootsOf(reader: LedgerReader, log: number, ranges: Range[]): Promise<string[]> {
  const tiles = await loadTiles(reader.db, log, ranges);
  return ranges.map((range) => rootOfRange(range, tiles).toString('base64'));
}

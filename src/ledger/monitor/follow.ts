import type { StoreContext } from '../../storage/index.ts';
import type { ReadPath } from '../log/audit.ts';
import { tilePath } from '../log/paths.ts';
import { nodeProofCrypto } from '../node-proof-crypto.ts';
import { type LedgerTrust, type VerifiedCheckpoint, verifyCheckpoint } from '../proof/index.ts';
import { TILE_WIDTH } from '../tree/blocks.ts';
import { ENTRY } from '../tree/hash.ts';
import { type ComplaintEvidence, recordComplaint } from './complaint.ts';
import { entriesOf } from './entries.ts';
import { findRewritten } from './find-rewritten.ts';
import { type Aim, aimOf, growMirror, STEPS } from './grow-mirror.ts';
import { type Mirror, mirroredTile, mirrorPath, openMirror } from './mirror.ts';

/**
 * How a look at another log ended: the mirror has all that the log shows; or it is behind, and the next look goes on; or it broke its word, which was recorded; or it cannot be
 * told now, because a part was not served or is not signed.
 */
export type Followed = { state: 'mirrored' | 'behind'; size: number } | { state: 'broken' | 'unread'; reason: string };

/** Checkpoints older than this say nothing that a later one does not. */
const HEADS_KEPT_DAYS = 30;

/**
 * Looks at another log once: verifies its checkpoint, takes the leaves that are new into the mirror, recomputes the root from all
 * leaves seen so far, and compares one older tile with what was served before. What the log did wrong becomes a complaint.
 * Several processes may do it at once.
 * @param read reads a path below the log's prefix, from the log itself
 * @param trust with the log's origin; a quorum is not asked for, since the latest checkpoint is seldom witnessed yet
 * @example const { state } = await followLog(ctx, (path) => fetchPath(peer, path), { origin, ledgerKeys, witnesses, quorum: 0 });
 */
export async function followLog(
  ctx: StoreContext,
  read: ReadPath,
  trust: LedgerTrust & { origin: string },
  steps = STEPS,
): Promise<Followed> {
  // Before the question: whatever is asked afterwards must have at least as many leaves.
  const mirror = await openMirror(ctx.db, trust.origin, ctx.clock.now());
  const note = (await read('checkpoint'))?.toString('utf8') ?? '';
  const verified = await verifyCheckpoint(nodeProofCrypto, note, { ...trust, quorum: 0 });
  if (!verified.verified) return { state: 'unread', reason: verified.code };
  const { head } = verified;
  const known = aimOf(mirror) ?? { head: mirror, note: mirror.note };
  if (head.size < known.head.size) {
    return complain(ctx, trust.origin, `${known.head.size}`, { kind: 'cut-tail', first: known.note, second: note });
  }
  if (head.size === mirror.size && !mirror.root.equals(head.root)) {
    // Of an empty mirror there is no note yet; a root of no leaves that is none is simply wrong.
    if (mirror.note === '') return { state: 'unread', reason: 'the empty tree has another root' };
    return complain(ctx, trust.origin, `${head.size}`, { kind: 'fork', first: mirror.note, second: note });
  }
  if (head.size > mirror.size) {
    await keepHead(ctx, mirror.mirror, verified, note);
    const aim = aimOf(mirror) ?? { head, note };
    const grown = await growMirror(ctx, read, mirror, aim, steps);
    if (grown === 'unserved') return { state: 'unread', reason: 'not all entries are served' };
    if (grown === 'otherwise') return accuse(ctx, read, mirror, aim);
    if (grown === 'behind' || aim.note !== note) return { state: 'behind', size: head.size };
  } else await keepHead(ctx, mirror.mirror, verified, note);
  return (await probe(ctx, read, mirror, trust.origin)) ?? { state: 'mirrored', size: head.size };
}

/** What the new checkpoint does not go on from the mirror by: the first leaf that changed is named. */
async function accuse(ctx: StoreContext, read: ReadPath, mirror: Mirror, { head, note }: Aim): Promise<Followed> {
  const found = await findRewritten(ctx.db, read, mirror, head, note);
  if (found === 'unserved') return { state: 'unread', reason: 'not all entries are served' };
  if (found === undefined) {
    return { state: 'unread', reason: 'the entries that are served do not give the signed root' };
  }
  const { index, data, now } = found;
  const first = await shown(ctx, mirror, index, data);
  return complain(ctx, head.origin, `${index}`, { kind: 'rewritten-leaf', index, first, second: now });
}

/** Compares the bytes of one mirrored tile with those that are served now, another tile each time. */
async function probe(ctx: StoreContext, read: ReadPath, mirror: Mirror, origin: string): Promise<Followed | undefined> {
  const tiles = Math.ceil(mirror.size / TILE_WIDTH);
  if (tiles === 0) return undefined;
  const tile = mirror.probe % tiles;
  await ctx.db.query('update ledger_mirror set probe = $2 where mirror = $1', [mirror.mirror, (tile + 1) % tiles]);
  const body = await mirroredTile(ctx.db, mirror, tile);
  const width = Math.min(TILE_WIDTH, mirror.size - tile * TILE_WIDTH);
  const bundle = await read(tilePath('entries', tile, width));
  const served = bundle && entriesOf(bundle);
  if (served?.length !== width) return { state: 'unread', reason: `tile ${tile} is not served` };
  for (const [place, data] of served.entries()) {
    const known = body.subarray(place * ENTRY, (place + 1) * ENTRY);
    if (known.equals(data)) continue;
    const index = tile * TILE_WIDTH + place;
    return complain(ctx, origin, `${index}`, {
      kind: 'rewritten-leaf',
      index,
      first: await shown(ctx, mirror, index, known),
      second: { data: data.toString('hex') },
    });
  }
  return undefined;
}

async function shown(ctx: StoreContext, mirror: Mirror, index: number, data: Buffer) {
  return { data: data.toString('hex'), path: await mirrorPath(ctx.db, mirror, index), checkpoint: mirror.note };
}

/** Of two notes of one size the one that more witnesses had seen: lines of nobody make it no better. */
async function keepHead(
  ctx: StoreContext,
  mirror: number,
  { head: { size }, witnesses }: VerifiedCheckpoint,
  note: string,
): Promise<void> {
  const now = ctx.clock.now();
  await ctx.db.query(
    `insert into ledger_mirror_head (mirror, size, note, at, witnessed) values ($1, $2, $3, $4, $5)
     on conflict (mirror, size) do update set note = excluded.note, witnessed = excluded.witnessed
       where excluded.witnessed > ledger_mirror_head.witnessed`,
    [mirror, size, note, now, witnesses.length],
  );
  await ctx.db.query(
    `delete from ledger_mirror_head where mirror = $1 and at < $2::timestamptz - make_interval(days => $3)`,
    [mirror, now, HEADS_KEPT_DAYS],
  );
}

async function complain(
  ctx: StoreContext,
  origin: string,
  cause: string,
  evidence: ComplaintEvidence,
): Promise<Followed> {
  await recordComplaint(ctx.db, ctx, origin, cause, evidence);
  return { state: 'broken', reason: evidence.kind };
}

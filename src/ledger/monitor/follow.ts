import type { StoreContext } from '../../storage/index.ts';
import type { ReadPath } from '../log/audit.ts';
import { tilePath } from '../log/paths.ts';
import { nodeProofCrypto } from '../node-proof-crypto.ts';
import { type LedgerTrust, type TreeHead, verifyCheckpoint } from '../proof/index.ts';
import { inclusionRanges, TILE_WIDTH } from '../tree/blocks.ts';
import { bodiesOf, hashesIn, tileName } from '../tree/bodies.ts';
import { growTiles } from '../tree/grow.ts';
import { ENTRY, rootOfRange, rootOfTree } from '../tree/hash.ts';
import { type ComplaintEvidence, recordComplaint } from './complaint.ts';
import { entriesOf, readEntries } from './entries.ts';
import {
  type Mirror,
  mirrorEdge,
  mirroredLeaf,
  mirrorPath,
  mirrorTiles,
  openMirror,
  writeMirrorTiles,
} from './mirror.ts';

/**
 * How a look at another log ended: the mirror has all that the log shows; or it broke its word, which was recorded; or it cannot be
 * told now, because a part was not served or is not signed.
 */
export type Followed = { state: 'mirrored'; size: number } | { state: 'broken' | 'unread'; reason: string };

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
): Promise<Followed> {
  // Before the question: whatever is asked afterwards must have at least as many leaves.
  const mirror = await openMirror(ctx.db, trust.origin, ctx.clock.now());
  const note = (await read('checkpoint'))?.toString('utf8') ?? '';
  const verified = await verifyCheckpoint(nodeProofCrypto, note, { ...trust, quorum: 0 });
  if (!verified.verified) return { state: 'unread', reason: verified.code };
  const { head } = verified;
  if (head.size < mirror.size) {
    return complain(ctx, trust.origin, `${mirror.size}`, { kind: 'cut-tail', first: mirror.note, second: note });
  }
  if (head.size === mirror.size && !mirror.root.equals(head.root)) {
    // Of an empty mirror there is no note yet; a root of no leaves that is none is simply wrong.
    if (mirror.note === '') return { state: 'unread', reason: 'the empty tree has another root' };
    return complain(ctx, trust.origin, `${head.size}`, { kind: 'fork', first: mirror.note, second: note });
  }
  if (head.size > mirror.size) {
    const grown = await grow(ctx, read, mirror, head, note);
    if (grown.state !== 'mirrored') return grown;
  }
  await keepHead(ctx, mirror.mirror, head.size, note);
  return (await probe(ctx, read, mirror, trust.origin)) ?? { state: 'mirrored', size: head.size };
}

/** Takes the new leaves; the whole counts only if they and those mirrored give the signed root. */
async function grow(
  ctx: StoreContext,
  read: ReadPath,
  mirror: Mirror,
  head: TreeHead,
  note: string,
): Promise<Followed> {
  const edge = await mirrorEdge(ctx.db, mirror);
  const served = await readEntries(read, mirror.size, head.size);
  if (served === undefined) return { state: 'unread', reason: 'not all entries are served' };
  const added = served.slice(mirror.size % TILE_WIDTH);
  const tiles = growTiles(mirror.size, edge, added);
  const known = await allTiles(ctx, mirror, head.size);
  const root = rootOfTree(head.size, hashesIn(new Map([...known, ...bodiesOf(tiles)])));
  if (!root.equals(head.root)) return findRewritten(ctx, read, mirror, head, note);
  return ctx.db.transaction(async (tx): Promise<Followed> => {
    const moved = await tx.query(
      `update ledger_mirror set size = $2, root = $3, note = $4, at = $5 where mirror = $1 and size = $6 returning 1`,
      [mirror.mirror, head.size, root, note, ctx.clock.now(), mirror.size],
    );
    // Another process was faster: it has done the same.
    if (moved.length > 0) await writeMirrorTiles(tx, mirror.mirror, tiles);
    return { state: 'mirrored', size: head.size };
  });
}

/** The mirrored tiles that the root of a tree of `size` leaves may need: the right edge, and all of the highest levels. */
async function allTiles(ctx: StoreContext, { mirror, size }: Mirror, larger: number) {
  const wanted: [number, number][] = [];
  for (let level = 0, entries = size, all = larger; all > 0; level++) {
    const last = Math.floor(all / TILE_WIDTH);
    if (entries > 0) for (const tile of new Set([Math.floor(entries / TILE_WIDTH), last])) wanted.push([level, tile]);
    entries = Math.floor(entries / TILE_WIDTH);
    all = last;
  }
  return mirrorTiles(ctx.db, mirror, wanted);
}

/** The checkpoint does not go on from the mirror: every leaf is read again, and the first that changed is named. */
async function findRewritten(
  ctx: StoreContext,
  read: ReadPath,
  mirror: Mirror,
  head: TreeHead,
  note: string,
): Promise<Followed> {
  const served = await readEntries(read, 0, head.size);
  if (served === undefined) return { state: 'unread', reason: 'not all entries are served' };
  const tiles = hashesIn(bodiesOf(growTiles(0, new Map(), served)));
  if (!rootOfTree(head.size, tiles).equals(head.root)) {
    return { state: 'unread', reason: 'the entries that are served do not give the signed root' };
  }
  for (let index = 0; index < mirror.size; index++) {
    const data = await mirroredLeaf(ctx.db, mirror, index);
    const now = served[index] as Buffer;
    if (data === undefined || data.equals(now)) continue;
    const path = inclusionRanges(index, head.size).map((range) => rootOfRange(range, tiles).toString('base64'));
    return complain(ctx, head.origin, `${index}`, {
      kind: 'rewritten-leaf',
      index,
      first: await shown(ctx, mirror, index, data),
      second: { data: now.toString('hex'), path, checkpoint: note },
    });
  }
  return { state: 'unread', reason: 'the mirror here is damaged' };
}

/** Compares the bytes of one mirrored tile with those that are served now, another tile each time. */
async function probe(ctx: StoreContext, read: ReadPath, mirror: Mirror, origin: string): Promise<Followed | undefined> {
  const tiles = Math.ceil(mirror.size / TILE_WIDTH);
  if (tiles === 0) return undefined;
  const tile = mirror.probe % tiles;
  await ctx.db.query('update ledger_mirror set probe = $2 where mirror = $1', [mirror.mirror, (tile + 1) % tiles]);
  const body = (await mirrorTiles(ctx.db, mirror.mirror, [[0, tile]])).get(tileName(0, tile));
  const width = Math.min(TILE_WIDTH, mirror.size - tile * TILE_WIDTH);
  const bundle = await read(tilePath('entries', tile, width));
  const served = bundle && entriesOf(bundle);
  if (body === undefined || served?.length !== width) return { state: 'unread', reason: `tile ${tile} is not served` };
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

async function keepHead(ctx: StoreContext, mirror: number, size: number, note: string): Promise<void> {
  const now = ctx.clock.now();
  await ctx.db.query(
    `insert into ledger_mirror_head (mirror, size, note, at) values ($1, $2, $3, $4)
     on conflict (mirror, size) do update set note = excluded.note
       where length(excluded.note) > length(ledger_mirror_head.note)`,
    [mirror, size, note, now],
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

import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import type { Visit } from './browser.ts';
import { digestOf, type Value } from './canonical.ts';
import { type Checkpoint, isOfLog, isSeenBy, readCheckpoint } from './note.ts';
import { headFrom, leafData, leafHash, nodeHash, type Opening, treeHead } from './tree.ts';
import type { Known } from './union-files.ts';

/** A state's ledger as its public address tells it, recomputed from the data of its leaves. */
export interface Ledger {
  state: string;
  checkpoint: Checkpoint;
  /** Data of each leaf. */
  data: Buffer[];
  leaves: Buffer[];
}

/** An inclusion proof as files hold it. */
export interface Proof {
  origin: string;
  index: number;
  size: number;
  leaf: Opening;
  path: string[];
  checkpoint: string;
}

const QUORUM = 3;
const PATIENCE = 150;

/** The states whose witnesses saw a checkpoint; the log's own signature must hold. */
export function witnessesOf(checkpoint: Checkpoint, state: string, known: Known): string[] {
  const { union, states } = known.charter.payload;
  assert.equal(checkpoint.origin, known.manifests[state]?.payload.ledger.origin);
  assert.ok(
    known.keys(state, 'ledger').some((key) => isOfLog(checkpoint, key)),
    `the ledger of ${state} signed its checkpoint`,
  );
  return states
    .map((one) => one.state)
    .filter((other) => other !== state)
    .filter((other) =>
      known.keys(other, 'witness').some((key) => isSeenBy(checkpoint, `commonway/${union}/${other}/witness`, key)),
    );
}

/** Reads a whole ledger from `<portal>/ledger/`, once enough witnesses saw its checkpoint, and recomputes its root. */
export async function readLedger(visit: Visit, state: string, known: Known): Promise<Ledger> {
  let checkpoint: Checkpoint | undefined;
  for (let attempt = 0; attempt < PATIENCE; attempt++) {
    checkpoint = readCheckpoint((await visit('/ledger/checkpoint')).toString('utf8'));
    if (witnessesOf(checkpoint, state, known).length >= QUORUM) break;
    await pause(200);
  }
  assert.ok(checkpoint !== undefined);
  assert.ok(witnessesOf(checkpoint, state, known).length >= QUORUM, `${state}: three other states saw the checkpoint`);
  const { size } = checkpoint;
  const data = entriesOf(await readLevel(visit, 'entries', size));
  const leaves = data.map(leafHash);
  assert.equal(leaves.length, size);
  assert.deepEqual(treeHead(leaves), checkpoint.root, `${state}: the root is that of the entries`);
  await demandTiles(visit, leaves);
  return { state, checkpoint, data, leaves };
}

/** The tiles of a level, whole ones and the partial one, as one piece (c2sp.org/tlog-tiles). */
async function readLevel(visit: Visit, level: string, width: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  for (let tile = 0; tile * 256 < width; tile++) {
    const rest = Math.min(256, width - tile * 256);
    const place = String(tile).padStart(3, '0');
    assert.ok(tile < 1000, 'this checker reads small ledgers');
    parts.push(await visit(`/ledger/tile/${level}/${place}${rest === 256 ? '' : `.p/${rest}`}`));
  }
  return Buffer.concat(parts);
}

/** Leaf data in a tile of entries: each with its length in two bytes before it. */
function entriesOf(bytes: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = bytes.readUInt16BE(at);
    found.push(bytes.subarray(at + 2, at + 2 + length));
    at += 2 + length;
  }
  return found;
}

/** The tiles of hashes say the same as the entries: level 0 leaf by leaf, each level above 256 hashes by 256. */
async function demandTiles(visit: Visit, leaves: readonly Buffer[]): Promise<void> {
  let hashes = [...leaves];
  for (let level = 0; hashes.length > 0; level++) {
    const served = await readLevel(visit, String(level), hashes.length);
    assert.deepEqual(served, Buffer.concat(hashes), `the tiles of level ${level}`);
    const above: Buffer[] = [];
    for (let at = 0; at + 256 <= hashes.length; at += 256) above.push(fullHead(hashes.slice(at, at + 256)));
    hashes = above;
  }
}

function fullHead(hashes: Buffer[]): Buffer {
  if (hashes.length === 1) return hashes[0] as Buffer;
  const half = hashes.length / 2;
  return nodeHash(fullHead(hashes.slice(0, half)), fullHead(hashes.slice(half)));
}

/**
 * Demands that a proof is of exactly this content, and that it and the served ledger tell one history: its leaf stands there, its path
 * leads to its root, and its root is that of the ledger's first so many leaves.
 */
export function demandProof(proof: Proof, ledger: Ledger, kind: string, content: Value, known: Known): void {
  assert.equal(proof.leaf.kind, kind);
  assert.equal(proof.leaf.contentDigest, digestOf(content), 'the leaf is of this content');
  const data = leafData(proof.leaf);
  assert.deepEqual(ledger.data[proof.index], data, `leaf ${proof.index} of ${ledger.state}`);
  const checkpoint = readCheckpoint(proof.checkpoint);
  assert.deepEqual([checkpoint.origin, checkpoint.size], [proof.origin, proof.size]);
  const path = proof.path.map((hash) => Buffer.from(hash, 'base64'));
  assert.deepEqual(
    headFrom(leafHash(data), proof.index, proof.size, path),
    checkpoint.root,
    'the path leads to the root',
  );
  assert.deepEqual(treeHead(ledger.leaves.slice(0, proof.size)), checkpoint.root, 'one history');
  assert.ok(witnessesOf(checkpoint, ledger.state, known).length >= QUORUM, 'three other states saw it');
}

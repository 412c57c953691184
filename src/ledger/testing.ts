import { digestOf, generateKey, randomBytes, sha256, toBase64Url } from '../crypto/index.ts';
import { parseLedgerPath } from './log/paths.ts';
import { cosign, signCheckpoint } from './log/sign-checkpoint.ts';
import { nodeProofCrypto } from './node-proof-crypto.ts';
import { type InclusionProof, type LeafKind, type LedgerTrust, leafData } from './proof/index.ts';
import { inclusionRanges } from './tree/blocks.ts';
import { bodiesOf, hashesIn, tileName } from './tree/bodies.ts';
import { growTiles } from './tree/grow.ts';
import { ENTRY, leafHashes, rootOfRange, rootOfTree } from './tree/hash.ts';

/** Some leaves. */
export const leavesOf = (count: number): Buffer[] =>
  Array.from({ length: count }, (_, number) => sha256(`leaf ${number}`));

/** What a log of a test shows. */
export interface ShownLog {
  note: string;
  pathOf(index: number): string[];
  read(path: string): Promise<Buffer | undefined>;
}

/** A log that says what a test wants, under one key. */
export interface LyingLog {
  key: ReturnType<typeof generateKey>;
  /** How the others know the log and its witnesses; four witnesses, a quorum of three. */
  trust: LedgerTrust & { origin: string };
  /** A log that signs and serves exactly these leaves, whatever it said before; seen by three witnesses at a second, where one is given. */
  logOf(entries: Buffer[], seenAt?: number): ShownLog;
  /** A proof of a leaf of this content that is the last of `entries` leaves, or stands at `index`. */
  proofOf(
    content: { at: string },
    before: Buffer[],
    index?: number,
    kind?: LeafKind,
  ): { proof: InclusionProof; entries: Buffer[] };
}

/** A log whose keeper shows whom he wants what he wants. */
export function lyingLog(origin: string): LyingLog {
  const key = generateKey();
  const witnesses = ['a', 'b', 'c', 'd'].map((name) => ({
    name: `commonway/test/${name}/witness`,
    key: generateKey(),
  }));
  const trust = {
    origin,
    ledgerKeys: [key.public],
    witnesses: witnesses.map((witness) => [witness.key.public]),
    quorum: 3,
  };
  const logOf = (entries: Buffer[], seenAt?: number): ShownLog => {
    const tiles = bodiesOf(growTiles(0, new Map(), entries));
    const hashes = hashesIn(tiles);
    const root = rootOfTree(entries.length, hashes);
    const text = `${origin}\n${entries.length}\n${root.toString('base64')}\n`;
    const lines = seenAt === undefined ? [] : witnesses.slice(1).map((witness) => cosign(text, seenAt, witness));
    const note = signCheckpoint({ origin, size: entries.length, root }, key) + lines.join('');
    return {
      note,
      pathOf: (index) =>
        inclusionRanges(index, entries.length).map((range) => rootOfRange(range, hashes).toString('base64')),
      async read(path) {
        const wanted = parseLedgerPath(path);
        if (wanted?.what === 'checkpoint') return Buffer.from(note);
        if (wanted?.what === 'tile') {
          const body = tiles.get(tileName(wanted.level, wanted.tile));
          const whole = body && wanted.level === 0 ? leafHashes(body) : body;
          return whole?.subarray(0, wanted.width * ENTRY);
        }
        const body = wanted?.what === 'entries' ? tiles.get(tileName(0, wanted.tile)) : undefined;
        if (wanted?.what !== 'entries' || body === undefined || body.length < wanted.width * ENTRY) return undefined;
        const bundle = Array.from({ length: wanted.width }, (_, at) => [
          Buffer.from([0, ENTRY]),
          body.subarray(at * ENTRY, (at + 1) * ENTRY),
        ]);
        return Buffer.concat(bundle.flat());
      },
    };
  };
  return {
    key,
    trust,
    logOf,
    proofOf(content, before, index = before.length, kind = 'message-received') {
      const leaf = { kind, salt: toBase64Url(randomBytes(32)), contentDigest: digestOf(content) };
      const data = leafData(nodeProofCrypto, leaf) as Buffer;
      const entries = [...before.slice(0, index), data, ...before.slice(index + 1)];
      const { note, pathOf } = logOf(entries);
      const proof = { origin, index, size: entries.length, leaf, path: pathOf(index), checkpoint: note };
      return { proof, entries };
    },
  };
}

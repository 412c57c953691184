import { readEntries } from '../monitor/entries.ts';
import { nodeProofCrypto } from '../node-proof-crypto.ts';
import { type LedgerTrust, type ProofRefusal, type TreeHead, verifyCheckpoint } from '../proof/index.ts';
import { bodiesOf, hashesIn } from '../tree/bodies.ts';
import { growTiles } from '../tree/grow.ts';
import { ENTRY, leafHashes, rootOfTree } from '../tree/hash.ts';
import { tilePath } from './paths.ts';

/** Reads a path below a log's prefix, from a folder, a mirror or a node; undefined where there is nothing. */
export type ReadPath = (path: string) => Promise<Buffer | undefined>;

/**
 * Recomputes a whole log from its entries as an outsider does: every leaf hash, every tile and the root must follow from the
 * entries, and the checkpoint must hold. Reads everything: for folders, mirrors and tests.
 * @returns the tree head and the data of all leaves in their order, or why not
 * @example await auditLedger((path) => readFile(join(folder, path)), { origin, ledgerKeys, witnesses: [], quorum: 0 })
 */
export async function auditLedger(
  read: ReadPath,
  trust: LedgerTrust,
): Promise<{ verified: true; head: TreeHead; entries: Buffer[] } | ProofRefusal> {
  const note = (await read('checkpoint'))?.toString('utf8') ?? '';
  const checkpoint = await verifyCheckpoint(nodeProofCrypto, note, trust);
  if (!checkpoint.verified) return checkpoint;
  const { head } = checkpoint;
  const entries = await readEntries(read, 0, head.size);
  if (entries === undefined) return refused('not all entries are there');
  const tiles = growTiles(0, new Map(), entries);
  for (const { level, index, body } of tiles) {
    const wanted = level === 0 ? leafHashes(body) : body;
    const served = await read(tilePath(level, index, body.length / ENTRY));
    if (!served?.equals(wanted)) return refused(`tile ${level}/${index} does not follow from the entries`);
  }
  const root = rootOfTree(head.size, hashesIn(bodiesOf(tiles)));
  if (!root.equals(head.root)) return refused('the root does not follow from the entries');
  return { verified: true, head, entries };
}

function refused(reason: string): ProofRefusal {
  return { verified: false, code: 'LEDGER_PROOF_FORM', params: { reason } };
}

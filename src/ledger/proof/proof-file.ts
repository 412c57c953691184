import { fromBase64, fromDecimal, toBase64, utf8 } from './bytes.ts';
import { parseTreeHead } from './checkpoint.ts';
import type { InclusionProof } from './inclusion.ts';
import type { LeafOpening } from './leaf.ts';
import { parseNote } from './note.ts';
import { MalformedProof } from './refusal.ts';

const FIRST_LINE = 'c2sp.org/tlog-proof@v1';
/** A tree of 2^53 leaves has no longer path. */
const LONGEST_PATH = 53;

/**
 * The proof as a file (c2sp.org/tlog-proof, `.tlog-proof`). The `extra` line carries the opening of the leaf: the canonical JSON of
 * `{contentDigest, kind, salt}`, from which the leaf's data is made.
 */
export function proofFile(proof: InclusionProof): string {
  const { contentDigest, kind, salt } = proof.leaf;
  // Three plain ASCII members in sorted order: JSON.stringify writes their canonical form.
  const extra = toBase64(utf8(JSON.stringify({ contentDigest, kind, salt })));
  const lines = [FIRST_LINE, `extra ${extra}`, `index ${proof.index}`, ...proof.path];
  return `${lines.join('\n')}\n\n${proof.checkpoint}`;
}

/** Reads a proof file of ours. It is a claim until `verifyInclusion` has said otherwise. @throws MalformedProof */
export function parseProofFile(file: string): InclusionProof {
  const split = file.indexOf('\n\n');
  if (split < 0) throw new MalformedProof('the proof has no checkpoint');
  const checkpoint = file.slice(split + 2);
  const [first, extra, index, ...path] = file.slice(0, split).split('\n');
  if (first !== FIRST_LINE) throw new MalformedProof('the first line is not that of a tlog-proof');
  if (!extra?.startsWith('extra ')) throw new MalformedProof('the line with the opening of the leaf is missing');
  if (!index?.startsWith('index ')) throw new MalformedProof('the line with the index is missing');
  if (path.length > LONGEST_PATH) throw new MalformedProof('the path is too long');
  for (const hash of path) fromBase64(hash);
  const head = parseTreeHead(parseNote(checkpoint).text);
  const proof = {
    origin: head.origin,
    index: fromDecimal(index.slice(6)),
    size: head.size,
    leaf: readOpening(extra.slice(6)),
    path,
    checkpoint,
  };
  if (proofFile(proof) !== file) throw new MalformedProof('the proof is not in its canonical form');
  return proof;
}

function readOpening(extra: string): LeafOpening {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(fromBase64(extra)));
  } catch {
    throw new MalformedProof('the opening of the leaf cannot be read');
  }
  const { kind, salt, contentDigest } = (value ?? {}) as Record<string, unknown>;
  if (typeof kind !== 'string' || typeof salt !== 'string' || typeof contentDigest !== 'string') {
    throw new MalformedProof('the opening of the leaf lacks a member');
  }
  return { kind: kind as LeafOpening['kind'], salt, contentDigest };
}

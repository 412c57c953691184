import { fromBase64, fromDecimal, toBase64 } from './bytes.ts';
import { MalformedProof } from './refusal.ts';

/** A tree head (c2sp.org/tlog-checkpoint): which log, how many leaves, which root (32 bytes). */
export interface TreeHead {
  origin: string;
  size: number;
  root: Uint8Array;
}

/** The text of a checkpoint without its signatures. */
export function formatTreeHead(head: TreeHead): string {
  return `${head.origin}\n${head.size}\n${toBase64(head.root)}\n`;
}

/**
 * Reads the text of a checkpoint. Extension lines are refused: nobody can audit them, and no node of ours writes any.
 * @throws MalformedProof
 */
export function parseTreeHead(text: string): TreeHead {
  const [origin, size, root, end, ...rest] = text.split('\n');
  if (!origin || size === undefined || root === undefined || end !== '' || rest.length > 0) {
    throw new MalformedProof('the checkpoint has not exactly three lines');
  }
  const head = { origin, size: fromDecimal(size), root: fromBase64(root) };
  if (head.root.length !== 32) throw new MalformedProof('the root of the checkpoint has not 32 bytes');
  return head;
}

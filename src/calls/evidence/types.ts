import type { InclusionProof } from '../../ledger/index.ts';
import type { Instant } from '../../storage/index.ts';
import type { Envelope } from '../protocol/batch.ts';
import type { EntryKind } from '../protocol/statement.ts';

/** A step towards a root, as it stands in a file. */
export interface FileStep {
  side: 'left' | 'right';
  /** Hex. */
  hash: string;
}

/** One statement of a call, with all that proves it. */
export interface StatementEvidence {
  kind: EntryKind;
  /** Hex, or null: as in the statement's text. */
  link: string | null;
  /** The exact bytes of the head, base64url; null where there is none. */
  head: string | null;
  body: { digest: string; size: number } | 'streamed' | null;
  /** Hex. */
  salt: string;
  batch: {
    envelope: Envelope;
    /** base64url */
    signature: string;
    place: number;
    path: FileStep[];
  };
  /** The word of the ledger of the node that made the file: when the batch was durable there. */
  logged: {
    direction: 'in' | 'out';
    at: Instant;
    place: number;
    count: number;
    path: FileStep[];
    /** null while the leaf is not sequenced yet */
    proof: InclusionProof | null;
  };
}

/** The content of a sealed `call` file: the statements in the order in which they answer one another. */
export interface CallContent {
  call: string;
  /** Whose log the file is from. */
  node: string;
  statements: StatementEvidence[];
}

import type { InclusionProof } from '../../ledger/index.ts';
import type { Json } from '../../storage/index.ts';
import type { Answer } from '../protocol/answer.ts';
import type { AnswerEnvelope, BatchEnvelope } from '../protocol/envelope.ts';
import type { MessageHead } from '../protocol/head.ts';

/** A part under a signed Merkle root: its place, the hashes that lead from it to the root (hex), the envelope and its signature. */
export interface SignedPlace<E> {
  envelope: E;
  /** base64url. */
  signature: string;
  place: number;
  path: string[];
}

/** Everything that proves one message alone: who sent what to whom, that it was received, and both ledgers' word. */
export interface MessageEvidence {
  head: MessageHead;
  /** Hex SHA-256 of the body's exact bytes. */
  bodyDigest: string;
  /** Left out where the file is not for the parties' eyes alone. */
  body?: Json;
  /** base64url; opens the message's leaf in the batch. */
  salt: string;
  batch: SignedPlace<BatchEnvelope>;
  receipt: SignedPlace<AnswerEnvelope> & { answer: Answer };
  /** null where the proof is not there yet. */
  ledger: { sent: InclusionProof | null; received: InclusionProof | null };
}

/** The content of a sealed `transaction` file. */
export interface TransactionContent {
  /** The messages in the order of their making; of one message alone, one. */
  messages: MessageEvidence[];
}

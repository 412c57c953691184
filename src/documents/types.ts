import type { PublicKey } from '../crypto/index.ts';
import type { InclusionProof } from '../ledger/index.ts';
import type { Instant, Json } from '../storage/index.ts';
import type { Language } from '../texts/index.ts';
import type { DocumentStatus } from './status/token.ts';

/** What stands on the printed page, in its reader's language: made from the claims and the agreement's texts by whoever shows it. */
export interface DocumentPage {
  language: Language;
  title: string;
  lines: { label: string; value: string }[];
  /** Sentences below the lines, e.g. on which articles it rests and how to appeal. */
  notes?: string[];
}

/** What to issue. */
export interface DocumentRequest {
  /** Idempotency key: the same key gives the same document, whoever asks and however often. */
  key: string;
  /** Name of the document type in its agreement. */
  type: string;
  /** The credential type (SD-JWT VC `vct`). */
  vct: string;
  /** The issuing agency of this state. */
  agency: string;
  /** Whose it is: her home state, and the name under which this state knows her in the application. */
  holder: { home: string; reference: string };
  case?: string;
  claims: Record<string, Json>;
  /** Claims that the holder shows or keeps, each alone; all of them when left out. */
  selective?: string[];
  /** ISO 8601 duration; for ever when left out. */
  validFor?: string;
  /** The key of her wallet, when she has one. */
  holderKey?: PublicKey;
}

/** A document that this state issued. */
export interface IssuedDocument {
  id: string;
  type: string;
  vct: string;
  agency: string;
  holder: { home: string; reference: string };
  case?: string;
  /** SD-JWT VC with all disclosures. */
  credential: string;
  /** Text of the QR code on paper. */
  paper: string;
  issuedAt: Instant;
  validUntil?: Instant;
  status: DocumentStatus;
}

/** What the ledger says of a document: nothing about a person. */
export type DocumentLeaf = {
  document: string;
  agency: string;
  vct: string;
  /** Hex SHA-256 of the issuer's token. */
  credential: string;
};

/** The content of a sealed file of the kind `document`. */
export interface DocumentContent {
  id: string;
  /** Name of the document type in its agreement. */
  type: string;
  issuer: { state: string; agency: string };
  credential: string;
  paper: string;
  /** The signed status list of the moment of sealing. */
  status: string;
  leaf: DocumentLeaf;
  proof: InclusionProof;
}

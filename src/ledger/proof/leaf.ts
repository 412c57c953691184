import { concat, fromBase64Url, fromHex, utf8 } from './bytes.ts';
import type { ProofCrypto } from './proof-crypto.ts';
import { MalformedProof } from './refusal.ts';

/** What happened, as far as the ledger says it. */
export type LeafKind =
  | 'message-sent'
  | 'message-received'
  | 'receipt'
  | 'calls'
  | 'decision'
  | 'document'
  | 'document-status'
  | 'access'
  | 'charter'
  | 'manifest'
  | 'ratification'
  | 'agreement'
  | 'configuration';

/** What opens a leaf: with it, and only with it, somebody can tell what was logged. */
export interface LeafOpening {
  kind: LeafKind;
  /** 32 random bytes, base64url. */
  salt: string;
  /** Hex SHA-256 of the content's canonical JSON. */
  contentDigest: string;
}

const LABEL = utf8('commonway-leaf/1\0');

/**
 * The data of a leaf: SHA-256("commonway-leaf/1" || 0x00 || kind || 0x00 || salt || contentDigest), 32 bytes. It says nothing to
 * those who lack the salt, so that an erased opening leaves nothing behind.
 * @throws MalformedProof where the opening is not of its form
 */
export function leafData(crypto: ProofCrypto, leaf: LeafOpening): Uint8Array | Promise<Uint8Array> {
  const salt = fromBase64Url(leaf.salt);
  const digest = fromHex(leaf.contentDigest);
  if (!/^[a-z-]+$/.test(leaf.kind) || salt.length !== 32 || digest.length !== 32) {
    throw new MalformedProof('the opening of the leaf has a wrong form');
  }
  return crypto.sha256(concat(LABEL, utf8(`${leaf.kind}\0`), salt, digest));
}

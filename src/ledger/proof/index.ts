// The part of the ledger that needs no machine: everything by which a proof is verified, for node and for a citizen's browser
// alike. Nothing below this folder imports node or the database; hashing and signature checks are handed in.
export { formatTreeHead, parseTreeHead, type TreeHead } from './checkpoint.ts';
export { type ConsistencyProof, verifyConsistency } from './consistency.ts';
export { cosignatureMessage, cosignatureValue, readCosignature } from './cosignature.ts';
export { type InclusionProof, type VerifiedInclusion, verifyInclusion } from './inclusion.ts';
export { type LeafKind, type LeafOpening, leafData } from './leaf.ts';
export { hashLeaf, hashNode, holdsConsistency, holdsInclusion } from './merkle.ts';
export {
  formatNote,
  formatSignature,
  NOTE_COSIGNATURE,
  NOTE_ED25519,
  type Note,
  type NoteSignature,
  noteKeyId,
  parseNote,
  parseSignatureLines,
  verifierKey,
} from './note.ts';
export {
  isFork,
  type LedgerTrust,
  quorumOf,
  type VerifiedCheckpoint,
  verifyCheckpoint,
  verifyCosignatures,
  verifyLogSignature,
} from './policy.ts';
export { type ProofCrypto, webProofCrypto } from './proof-crypto.ts';
export { parseProofFile, proofFile } from './proof-file.ts';
export { MalformedProof, type ProofRefusal } from './refusal.ts';

import type { PublicKey } from '../../crypto/index.ts';
import { equal, fromBase64Url, toHex, utf8 } from './bytes.ts';
import { parseTreeHead, type TreeHead } from './checkpoint.ts';
import { cosignatureMessage, readCosignature } from './cosignature.ts';
import { NOTE_COSIGNATURE, NOTE_ED25519, type Note, type NoteSignature, noteKeyId, parseNote } from './note.ts';
import type { ProofCrypto } from './proof-crypto.ts';
import { MalformedProof, type ProofRefusal, refuse } from './refusal.ts';

/** Whom a verifier believes. All of it comes from its own charter and manifests, never from the proof. */
export interface LedgerTrust {
  /** The log's name; left out, any origin that the ledger key signed. */
  origin?: string;
  /** The log's keys, the present one and those before it: any of them may have signed. */
  ledgerKeys: readonly PublicKey[];
  /**
   * The other states' witnesses, each with its present and former keys. A witness counts once, however many keys its state
   * declares: else one state could make up a quorum alone. The keys of the log itself never count.
   */
  witnesses: readonly (readonly PublicKey[])[];
  /** How many of the witnesses must have seen the checkpoint: `quorumOf(witnesses.length)`. */
  quorum: number;
}

/** How many of `others` witnesses make a checkpoint count: floor(others / 2) + 1; none when alone. */
export function quorumOf(others: number): number {
  return others === 0 ? 0 : Math.floor(others / 2) + 1;
}

export interface VerifiedCheckpoint {
  verified: true;
  head: TreeHead;
  /** The witnesses whose cosignatures hold, each once, with the time they gave (POSIX seconds), earliest first. */
  witnesses: { key: string; time: number }[];
  /**
   * POSIX seconds by which so many witnesses as the quorum asks had seen the checkpoint; null where the quorum is none. It bounds
   * from above when everything in the log was logged.
   */
  seenBy: number | null;
}

/**
 * Verifies a checkpoint with its cosignatures: signed by the ledger's key under the origin's name, and by enough witnesses. Lines
 * of unknown keys are passed over, as the format demands; a line of a known key that does not verify spoils the whole.
 */
export async function verifyCheckpoint(
  crypto: ProofCrypto,
  note: string,
  trust: LedgerTrust,
): Promise<VerifiedCheckpoint | ProofRefusal> {
  let parsed: Note;
  let head: TreeHead;
  try {
    parsed = parseNote(note);
    head = parseTreeHead(parsed.text);
  } catch (error) {
    return malformed(error);
  }
  if (trust.origin !== undefined && head.origin !== trust.origin) {
    return refuse('LEDGER_PROOF_ORIGIN', { found: head.origin, wanted: trust.origin });
  }
  const signed = await verifyLogSignature(crypto, parsed, head.origin, trust.ledgerKeys);
  if (!signed) return refuse('LEDGER_PROOF_LOG_SIGNATURE', { origin: head.origin });

  const witnesses: VerifiedCheckpoint['witnesses'] = [];
  // A key that two witnesses declare counts for the first of them only.
  const seen = new Set(trust.ledgerKeys.map(({ id }) => id));
  for (const keys of trust.witnesses) {
    let earliest: (typeof witnesses)[number] | undefined;
    for (const key of keys.filter(({ id }) => !seen.has(id))) {
      seen.add(key.id);
      const time = await verifyCosignatures(crypto, parsed, key);
      if (time === 'invalid') return refuse('LEDGER_PROOF_WITNESS_SIGNATURE', { witness: key.id });
      if (time !== undefined && time < (earliest?.time ?? Number.POSITIVE_INFINITY)) earliest = { key: key.id, time };
    }
    if (earliest) witnesses.push(earliest);
  }
  if (witnesses.length < trust.quorum) {
    return refuse('LEDGER_PROOF_WITNESSES', { found: witnesses.length, wanted: trust.quorum });
  }
  witnesses.sort((a, b) => a.time - b.time);
  return { verified: true, head, witnesses, seenBy: witnesses[trust.quorum - 1]?.time ?? null };
}

/** Whether the note bears a signature of one of the log's own keys, and no false one under the log's name and their ids. */
export async function verifyLogSignature(
  crypto: ProofCrypto,
  note: Note,
  origin: string,
  keys: readonly PublicKey[],
): Promise<boolean> {
  let valid = 0;
  for (const key of keys) {
    const raw = rawKey(key);
    if (raw === undefined) continue;
    for (const { value } of await signaturesOf(crypto, note, NOTE_ED25519, raw, origin)) {
      if (value.length !== 64 || !(await crypto.verifyEd25519(raw, utf8(note.text), value))) return false;
      valid++;
    }
  }
  return valid > 0;
}

/**
 * The earliest time at which this witness cosigned the note, undefined where it did not, 'invalid' where a line that claims to
 * be its does not verify.
 */
export async function verifyCosignatures(
  crypto: ProofCrypto,
  note: Note,
  key: PublicKey,
): Promise<number | 'invalid' | undefined> {
  const raw = rawKey(key);
  if (raw === undefined) return undefined;
  let earliest: number | undefined;
  for (const line of await signaturesOf(crypto, note, NOTE_COSIGNATURE, raw)) {
    const read = readCosignature(line.value);
    if (read === undefined) return 'invalid';
    if (!(await crypto.verifyEd25519(raw, cosignatureMessage(read.time, note.text), read.signature))) return 'invalid';
    earliest = Math.min(earliest ?? read.time, read.time);
  }
  return earliest;
}

/** The lines whose key id is this key's under the line's name. A witness's name is free: its key tells who it is. */
async function signaturesOf(
  crypto: ProofCrypto,
  note: Note,
  type: number,
  raw: Uint8Array,
  name?: string,
): Promise<NoteSignature[]> {
  const found: NoteSignature[] = [];
  for (const line of note.signatures) {
    if (name !== undefined && line.name !== name) continue;
    if (toHex(await noteKeyId(crypto, line.name, type, raw)) === line.keyId) found.push(line);
  }
  return found;
}

function rawKey(key: PublicKey): Uint8Array | undefined {
  return key.suite === 'ed25519' ? fromBase64Url(key.jwk.x) : undefined;
}

export function malformed(error: unknown): ProofRefusal {
  if (error instanceof MalformedProof) return refuse('LEDGER_PROOF_FORM', { reason: error.message });
  throw error;
}

/** Whether two tree heads of one size show two histories. */
export function isFork(a: TreeHead, b: TreeHead): boolean {
  return a.origin === b.origin && a.size === b.size && !equal(a.root, b.root);
}

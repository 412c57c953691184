import { concat, fromBase64, toBase64, toHex, utf8 } from './bytes.ts';
import type { ProofCrypto } from './proof-crypto.ts';
import { MalformedProof } from './refusal.ts';

/** A C2SP signed note (c2sp.org/signed-note): a text and the signature lines below it. `text` ends with a newline. */
export interface Note {
  text: string;
  signatures: NoteSignature[];
}

export interface NoteSignature {
  name: string;
  /** Eight hex digits: the four bytes that tell keys of one name apart. */
  keyId: string;
  /** What the key made: 64 bytes for Ed25519, 72 for a cosignature (timestamp first). */
  value: Uint8Array;
}

/** The signature types that are spoken here: Ed25519 of a log, and a witness's timestamped cosignature. */
export const NOTE_ED25519 = 1;
export const NOTE_COSIGNATURE = 4;

const LONGEST_NOTE = 65_536;
const MOST_SIGNATURES = 64;
const DASH = '\u2014';

/** Reads a note. Its signatures are not checked yet. @throws MalformedProof */
export function parseNote(note: string): Note {
  if (note.length > LONGEST_NOTE) throw new MalformedProof('the note is too long');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the format forbids exactly these.
  if (/[\0-\x09\x0b-\x1f]/.test(note) || !note.isWellFormed())
    throw new MalformedProof('the note has control characters');
  const split = note.lastIndexOf('\n\n');
  if (split < 0 || !note.endsWith('\n')) throw new MalformedProof('the note has no signatures');
  return { text: note.slice(0, split + 1), signatures: parseSignatureLines(note.slice(split + 2)) };
}

/** Reads signature lines alone, as a witness answers them; at least one. @throws MalformedProof */
export function parseSignatureLines(lines: string): NoteSignature[] {
  if (!lines.endsWith('\n')) throw new MalformedProof('a signature line does not end');
  const signatures = lines.slice(0, -1).split('\n').map(parseSignatureLine);
  if (signatures.length > MOST_SIGNATURES) throw new MalformedProof('the note has too many signatures');
  return signatures;
}

function parseSignatureLine(line: string): NoteSignature {
  const [dash, name, text, ...rest] = line.split(' ');
  if (dash !== DASH || name === undefined || text === undefined || rest.length > 0 || !isKeyName(name)) {
    throw new MalformedProof('a signature line has a wrong form');
  }
  const bytes = fromBase64(text);
  if (bytes.length < 5) throw new MalformedProof('a signature is too short');
  return { name, keyId: toHex(bytes.subarray(0, 4)), value: bytes.subarray(4) };
}

/** One signature line with its newline. */
export function formatSignature(name: string, keyId: Uint8Array, value: Uint8Array): string {
  if (!isKeyName(name)) throw new MalformedProof('a key name has a space or a plus');
  return `${DASH} ${name} ${toBase64(concat(keyId, value))}\n`;
}

/** A note of a text (which ends with a newline) and finished signature lines. */
export function formatNote(text: string, lines: string[]): string {
  return `${text}\n${lines.join('')}`;
}

/** The id of a key under a name: SHA-256(name || LF || type || key)[:4]. `publicKey` is 32 bytes (RFC 8032). */
export async function noteKeyId(
  crypto: ProofCrypto,
  name: string,
  type: number,
  publicKey: Uint8Array,
): Promise<Uint8Array> {
  return (await crypto.sha256(concat(utf8(`${name}\n`), Uint8Array.of(type), publicKey))).subarray(0, 4);
}

/** The text form of a verifier key, for outside tools: `<name>+<key id>+<base64(type || key)>`. */
export async function verifierKey(
  crypto: ProofCrypto,
  name: string,
  type: number,
  publicKey: Uint8Array,
): Promise<string> {
  const id = await noteKeyId(crypto, name, type, publicKey);
  return `${name}+${toHex(id)}+${toBase64(concat(Uint8Array.of(type), publicKey))}`;
}

function isKeyName(name: string): boolean {
  return name !== '' && !/[\s+\p{White_Space}]/u.test(name);
}

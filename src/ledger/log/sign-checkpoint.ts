import { demandSuite, fromBase64Url, rawSign, type SigningKey, sha256 } from '../../crypto/index.ts';
import { Failure } from '../../storage/index.ts';
import {
  cosignatureMessage,
  cosignatureValue,
  formatNote,
  formatSignature,
  formatTreeHead,
  NOTE_COSIGNATURE,
  NOTE_ED25519,
  type TreeHead,
} from '../proof/index.ts';

/**
 * A checkpoint signed by its log: a note of three lines and one signature, whose name is the origin.
 * @throws Failure LEDGER_ORIGIN, CRYPTO_KEY for a key that is not Ed25519
 */
export function signCheckpoint(head: TreeHead, key: SigningKey): string {
  const text = formatTreeHead(head);
  return formatNote(text, [signatureLine(head.origin, NOTE_ED25519, key, rawSign(key, Buffer.from(text)))]);
}

/**
 * A witness's line under a checkpoint (c2sp.org/tlog-cosignature): `text` is the checkpoint's text, `time` POSIX seconds.
 * @throws Failure LEDGER_ORIGIN, CRYPTO_KEY
 */
export function cosign(text: string, time: number, witness: { name: string; key: SigningKey }): string {
  const signature = rawSign(witness.key, cosignatureMessage(time, text));
  return signatureLine(witness.name, NOTE_COSIGNATURE, witness.key, cosignatureValue(time, signature));
}

/** The synchronous twin of `noteKeyId`. */
function signatureLine(name: string, type: number, key: SigningKey, value: Uint8Array): string {
  demandSuite(key.public, 'ed25519');
  checkOrigin(name);
  const id = sha256(Buffer.concat([Buffer.from(`${name}\n`), Buffer.from([type]), fromBase64Url(key.public.jwk.x)]));
  return formatSignature(name, id.subarray(0, 4), value);
}

/** @throws Failure LEDGER_ORIGIN for a name that cannot stand in a note */
export function checkOrigin(origin: string): void {
  if (origin === '' || /[\s+\p{White_Space}\p{Cc}]/u.test(origin) || !origin.isWellFormed()) {
    throw new Failure('LEDGER_ORIGIN', { origin });
  }
}

import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from 'node:crypto';
import { Failure } from '../storage/index.ts';

/** scrypt (RFC 7914) with N = 2^16, r = 8, p = 1: about 64 MB and a tenth of a second for each guess. */
const COST = { N: 65_536, r: 8, p: 1, maxmem: 128 * 1024 * 1024 } as const;
const MARK = Buffer.from('commonway-locked-1\n');
const [SALT, NONCE, TAG] = [16, 12, 16];

/**
 * Locks bytes under a passphrase: AES-256-GCM (NIST SP 800-38D) under a key by scrypt, with the form's mark as associated data.
 * @returns mark, salt, nonce, tag, ciphertext
 * @example writeFileSync('secrets.locked', lockWith(passphrase, bytes))
 */
export function lockWith(passphrase: string, bytes: Uint8Array): Buffer {
  const [salt, nonce] = [randomBytes(SALT), randomBytes(NONCE)];
  const cipher = createCipheriv('aes-256-gcm', scryptSync(passphrase, salt, 32, COST), nonce);
  cipher.setAAD(MARK);
  const body = Buffer.concat([cipher.update(bytes), cipher.final()]);
  return Buffer.concat([MARK, salt, nonce, cipher.getAuthTag(), body]);
}

/**
 * Opens what `lockWith` made.
 * @throws Failure CRYPTO_LOCKED for another passphrase, or where a byte was changed: they cannot be told apart
 */
export function unlockWith(passphrase: string, locked: Uint8Array): Buffer {
  const bytes = Buffer.from(locked);
  const at = MARK.length;
  if (!bytes.subarray(0, at).equals(MARK) || bytes.length < at + SALT + NONCE + TAG) throw new Failure('CRYPTO_LOCKED');
  const salt = bytes.subarray(at, at + SALT);
  const nonce = bytes.subarray(at + SALT, at + SALT + NONCE);
  const tag = bytes.subarray(at + SALT + NONCE, at + SALT + NONCE + TAG);
  const decipher = createDecipheriv('aes-256-gcm', scryptSync(passphrase, salt, 32, COST), nonce);
  decipher.setAAD(MARK);
  decipher.setAuthTag(tag);
  try {
    return Buffer.concat([decipher.update(bytes.subarray(at + SALT + NONCE + TAG)), decipher.final()]);
  } catch (error) {
    throw new Failure('CRYPTO_LOCKED', {}, { cause: error });
  }
}

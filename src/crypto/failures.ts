/** Every refusal of this room: code -> one English sentence. */
export const cryptoFailures = {
  CRYPTO_BASE64URL: 'The text is not canonical base64url.',
  CRYPTO_JSON: 'The value has no canonical JSON form: {reason} at {path}.',
  CRYPTO_KEY: 'The key is not a valid {suite} key: {reason}.',
  CRYPTO_SUITE: 'The signature suite {suite} is not known.',
  CRYPTO_DOMAIN: 'A signature domain is 1 to 255 bytes of text without NUL.',
  CRYPTO_SEALED_FORM: 'The sealed object is not in its canonical form: {reason}.',
  CRYPTO_SEALED_KIND: 'The sealed object is of kind {found}, not {wanted}.',
  CRYPTO_SEALED_SIGNER: 'The sealed object is signed by the key {key}, which is not known here.',
  CRYPTO_SEALED_SIGNATURE: 'The signature of the key {key} does not match the sealed object.',
  CRYPTO_CERTIFICATE: 'The certificate is refused: {reason}.',
  CRYPTO_LOCKED: 'The locked file does not open: another passphrase, or its bytes were changed.',
} as const;

export type CryptoFailureCode = keyof typeof cryptoFailures;

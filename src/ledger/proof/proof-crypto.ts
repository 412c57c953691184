/**
 * The two operations that verification needs, handed in: browsers have them asynchronously by WebCrypto, node synchronously.
 * Ed25519 alone, since C2SP checkpoints and cosignatures are made with it.
 */
export interface ProofCrypto {
  sha256(bytes: Uint8Array): Uint8Array | Promise<Uint8Array>;
  /** `publicKey` is the 32-byte form of RFC 8032. A signature of any wrong shape is false, never an exception. */
  verifyEd25519(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean | Promise<boolean>;
}

type Bytes = Uint8Array<ArrayBuffer>;

/**
 * The operations by WebCrypto: in a browser (a secure context; Ed25519 needs Chrome 137, Firefox 129, Safari 17) or in node.
 * @example const result = await verifyInclusion(webProofCrypto(), proof, trust)
 */
export function webProofCrypto(subtle: SubtleCrypto = globalThis.crypto.subtle): ProofCrypto {
  return {
    sha256: async (bytes) => new Uint8Array(await subtle.digest('SHA-256', bytes as Bytes)),
    async verifyEd25519(publicKey, message, signature) {
      const key = await subtle.importKey('raw', publicKey as Bytes, 'Ed25519', false, ['verify']);
      return subtle.verify('Ed25519', key, signature as Bytes, message as Bytes);
    },
  };
}

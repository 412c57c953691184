import { rawVerify, sha256, toBase64Url } from '../crypto/index.ts';
import type { ProofCrypto } from './proof/index.ts';

/** The operations of verification by our own crypto room, with its strictness about keys and signatures. */
export const nodeProofCrypto: ProofCrypto = {
  sha256,
  verifyEd25519(publicKey, message, signature) {
    const jwk = { crv: 'Ed25519', kty: 'OKP', x: toBase64Url(publicKey) } as const;
    const id = toBase64Url(sha256(JSON.stringify(jwk)));
    return rawVerify({ suite: 'ed25519', id, jwk }, message, signature);
  },
};

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createSignatureSync } from 'http-message-sig';
import { canonicalJson, importPublicKey, importSigningKey, rawSign, rawVerify, sha256 } from '../../crypto/index.ts';

// RFC 9421, appendix B: its keys of our two suites, its messages, its signatures.
const CREATED = 1618884473;
const ED25519 = {
  jwk: { crv: 'Ed25519', kty: 'OKP', x: 'JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs' },
  d: 'n4Ni-HpISpVObnQMW0wOhCKROaIKqKtW_2ZYb2p9KcU',
} as const;
const P256 = {
  crv: 'P-256',
  kty: 'EC',
  x: 'qIVYZVLCrPZHGHjP17CTW0_-D9Lfw0EkjqF7xB4FivA',
  y: 'Mc4nN9LTDOBhfoUeg8Ye9WedFRhnZXZJA12Qp0zZ6F0',
} as const;

const thumbprint = (jwk: Record<string, string>): string => sha256(canonicalJson(jwk)).toString('base64url');

/** Section B.2: `test-request`. */
const REQUEST = {
  kind: 'request',
  method: 'POST',
  targetUri: 'https://example.com/foo?param=Value&Pet=dog',
  fields: [
    { name: 'host', value: 'example.com' },
    { name: 'date', value: 'Tue, 20 Apr 2021 02:07:55 GMT' },
    { name: 'content-type', value: 'application/json' },
    {
      name: 'content-digest',
      value: 'sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:',
    },
    { name: 'content-length', value: '18' },
  ],
} as const;

describe('the examples of RFC 9421', () => {
  test('B.2.6: a request signed with Ed25519 has exactly the signature of the RFC', () => {
    const key = importSigningKey({
      public: { suite: 'ed25519', id: thumbprint(ED25519.jwk), jwk: ED25519.jwk },
      privateJwk: { ...ED25519.jwk, d: ED25519.d },
    });
    const made = createSignatureSync(REQUEST, {
      label: 'sig-b26',
      components: ['date', '@method', '@path', '@authority', 'content-type', 'content-length'],
      parameters: { created: CREATED, keyid: 'test-key-ed25519' },
      signer: { algorithm: 'ed25519', sign: (base) => rawSign(key, base) },
    });
    assert.equal(
      made.signature,
      'sig-b26=:wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==:',
    );
  });

  test('B.2.4: the response signed with P-256 verifies in the one form that we take, and with any other line it does not', () => {
    const key = importPublicKey({ suite: 'es256', id: thumbprint(P256), jwk: P256 });
    const signature = Buffer.from(
      'wNmSUAhwb5LxtOtOpNa6W5xj067m5hFrj0XQ4fvpaCLx0NKocgPquLgyahnzDnDAUy5eCdlYUEkLIj+32oiasw==',
      'base64',
    );
    const lines = [
      '"@status": 200',
      '"content-type": application/json',
      '"content-digest": sha-512=:mEWXIS7MaLRuGgxOBdODa3xqM1XdEvxoYhvlCFJ41QJgJc4GTsPp29l5oGX69wWdXymyU0rjJuahq4l5aGgfLQ==:',
      '"content-length": 23',
      `"@signature-params": ("@status" "content-type" "content-digest" "content-length");created=${CREATED};keyid="test-key-ecc-p256"`,
    ];
    // The RFC's has the greater of the two values that verify; a second form of a signature is none of ours.
    const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
    const lower = order - BigInt(`0x${signature.subarray(32).toString('hex')}`);
    const taken = Buffer.concat([signature.subarray(0, 32), Buffer.from(lower.toString(16).padStart(64, '0'), 'hex')]);
    assert.ok(rawVerify(key, Buffer.from(lines.join('\n')), taken));
    assert.ok(!rawVerify(key, Buffer.from(lines.join('\n')), signature));
    for (const place of lines.keys()) {
      const changed = lines.map((line, at) => (at === place ? `${line} ` : line));
      assert.ok(!rawVerify(key, Buffer.from(changed.join('\n')), taken), lines[place]);
    }
  });
});

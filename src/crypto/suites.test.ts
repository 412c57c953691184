import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isFailure } from '../storage/index.ts';
import { toBase64Url } from './base64url.ts';
import { canonicalJson } from './canonical-json.ts';
import { sha256 } from './digests.ts';
import { generateKey, importPublicKey, importSigningKey, type PublicKey } from './keys.ts';
import { rawSign, rawVerify, signBytes, verifyBytes } from './signatures.ts';
import type { PublicJwk, Suite } from './suite.ts';
import { getSuite } from './suites.ts';

const SUITES: Suite[] = ['ed25519', 'es256'];
const ORDER = {
  ed25519: 2n ** 252n + 27742317777372353535851937790883648493n,
  es256: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
};
const hex = (text: string): Buffer => Buffer.from(text, 'hex');
const keyFrom = (suite: Suite, jwk: PublicJwk): PublicKey =>
  importPublicKey({ suite, id: toBase64Url(sha256(canonicalJson({ ...jwk }))), jwk });

test('Ed25519 gives the signatures of RFC 8032 section 7.1', () => {
  const vectors = [
    [
      '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
      'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
      '',
      'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
    ],
    [
      '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
      '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
      '72',
      '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
    ],
  ] as const;
  for (const [secret, point, message, signature] of vectors) {
    const jwk = { kty: 'OKP', crv: 'Ed25519', x: toBase64Url(hex(point)) } as const;
    const key = importSigningKey({
      public: keyFrom('ed25519', jwk),
      privateJwk: { ...jwk, d: toBase64Url(hex(secret)) },
    });
    assert.equal(rawSign(key, hex(message)).toString('hex'), signature);
    assert.ok(rawVerify(key.public, hex(message), hex(signature)));
  }
});

test('the key of RFC 8037 has the thumbprint of its appendix A.3', () => {
  const key = keyFrom('ed25519', { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' });
  assert.equal(key.id, 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k');
});

test('of the two forms of an ES256 signature only the one with the lower s is taken (RFC 6979 A.2.5 shows the higher)', () => {
  const key = keyFrom('es256', {
    kty: 'EC',
    crv: 'P-256',
    x: toBase64Url(hex('60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6')),
    y: toBase64Url(hex('7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299')),
  });
  const r = 'efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716';
  const s = 0xf7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8n;
  const form = (value: bigint) => hex(r + value.toString(16).padStart(64, '0'));
  assert.equal(rawVerify(key, Buffer.from('sample'), form(s)), false);
  assert.equal(rawVerify(key, Buffer.from('sample'), form(ORDER.es256 - s)), true);
});

for (const suite of SUITES) {
  test(`${suite}: a signature verifies for its key, domain and bytes, and for nothing else`, () => {
    const key = generateKey(suite);
    const other = generateKey(suite);
    const bytes = Buffer.from('the evidence');
    const signature = signBytes(key, 'commonway/test/1', bytes);
    assert.equal(signature.length, 64);
    assert.ok(verifyBytes(key.public, 'commonway/test/1', bytes, signature));
    assert.ok(!verifyBytes(other.public, 'commonway/test/1', bytes, signature));
    assert.ok(!verifyBytes(key.public, 'commonway/test/2', bytes, signature));
    assert.ok(!verifyBytes(key.public, 'commonway/test/1', Buffer.from('The evidence'), signature));
    assert.ok(!rawVerify(key.public, bytes, signature));
  });

  test(`${suite}: no changed, shortened, lengthened or otherwise malleable signature verifies`, () => {
    const key = generateKey(suite);
    const bytes = Buffer.from('the evidence');
    const signature = rawSign(key, bytes);
    fc.assert(
      fc.property(fc.nat(511), (bit) => {
        const changed = Buffer.from(signature);
        changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
        assert.ok(!rawVerify(key.public, bytes, changed));
      }),
    );
    for (const wrong of [
      Buffer.alloc(0),
      Buffer.alloc(64),
      signature.subarray(0, 63),
      Buffer.concat([signature, hex('00')]),
    ]) {
      assert.ok(!rawVerify(key.public, bytes, wrong));
    }
    const half = suite === 'ed25519' ? Buffer.from(signature.subarray(32)).reverse() : signature.subarray(32);
    const s = BigInt(`0x${half.toString('hex')}`);
    const second = suite === 'ed25519' ? s + ORDER.ed25519 : ORDER.es256 - s;
    const form = hex(second.toString(16).padStart(64, '0'));
    const twin = Buffer.concat([signature.subarray(0, 32), suite === 'ed25519' ? form.reverse() : form]);
    assert.ok(!rawVerify(key.public, bytes, twin));
  });

  test(`${suite}: everything it signs is in the one form it takes`, () => {
    const key = generateKey(suite);
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        assert.ok(rawVerify(key.public, bytes, rawSign(key, bytes)));
      }),
    );
  });
}

test('the algorithm is the suite of the key: a key under another suite name is refused', () => {
  const key = generateKey('ed25519').public;
  const claimed = { ...key, suite: 'es256' as const };
  assert.throws(
    () => rawVerify(claimed, Buffer.from('a'), Buffer.alloc(64)),
    (error) => isFailure(error, 'CRYPTO_KEY'),
  );
  const unknown = { ...key, suite: 'none' as Suite };
  assert.throws(
    () => rawVerify(unknown, Buffer.from('a'), Buffer.alloc(64)),
    (error) => isFailure(error, 'CRYPTO_SUITE'),
  );
  assert.throws(
    () => getSuite('toString'),
    (error) => isFailure(error, 'CRYPTO_SUITE'),
  );
});

test('a domain is not empty, has no NUL and is not longer than 255 bytes', () => {
  const key = generateKey();
  for (const domain of ['', 'a\0b', '\ud800', 'x'.repeat(256)]) {
    assert.throws(
      () => signBytes(key, domain, Buffer.from('a')),
      (error) => isFailure(error, 'CRYPTO_DOMAIN'),
    );
  }
});

test('text cannot move between domain and bytes', () => {
  const key = generateKey();
  const signature = signBytes(key, 'ab', Buffer.from('c'));
  assert.ok(!verifyBytes(key.public, 'a', Buffer.from('bc'), signature));
});

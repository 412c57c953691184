import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isFailure } from '../storage/index.ts';
import { toBase64Url } from './base64url.ts';
import { canonicalJson } from './canonical-json.ts';
import { sha256 } from './digests.ts';
import { isId, randomId } from './ids.ts';
import { exportSigningKey, generateKey, importPublicKey, importSigningKey, privateKeyPem } from './keys.ts';
import { rawSign, rawVerify } from './signatures.ts';
import type { Suite } from './suite.ts';

const SUITES: Suite[] = ['ed25519', 'es256'];
const refusedKey = (error: unknown) => isFailure(error, 'CRYPTO_KEY');
const thumbprint = (jwk: Record<string, string>): string => toBase64Url(sha256(canonicalJson(jwk)));

for (const suite of SUITES) {
  test(`${suite}: a key comes back from its file and signs as before`, () => {
    const key = generateKey(suite);
    const read = importSigningKey(JSON.parse(exportSigningKey(key)));
    assert.deepEqual(read, key);
    assert.ok(rawVerify(key.public, Buffer.from('a'), rawSign(read, Buffer.from('a'))));
    assert.match(privateKeyPem(key), /^-----BEGIN PRIVATE KEY-----/);
  });

  test(`${suite}: a public key with a foreign member, a missing one or another id is refused`, () => {
    const { public: key } = generateKey(suite);
    const other = generateKey(suite).public;
    const { x: _, ...withoutX } = key.jwk as { x: string };
    const wrong: unknown[] = [
      null,
      [],
      'key',
      { ...key, id: other.id },
      { ...key, note: 'x' },
      { suite, jwk: key.jwk },
      { ...key, jwk: { ...key.jwk, alg: 'none' } },
      { ...key, jwk: withoutX },
      { ...key, jwk: { ...key.jwk, x: `${(key.jwk as { x: string }).x}=` } },
      { ...key, jwk: { ...key.jwk, x: 'AAAA' } },
      { ...key, jwk: { ...key.jwk, crv: 'P-384' } },
    ];
    for (const value of wrong) assert.throws(() => importPublicKey(value), refusedKey, JSON.stringify(value));
  });

  test(`${suite}: a private part of another key is refused`, () => {
    const [mine, theirs] = [generateKey(suite), generateKey(suite)];
    assert.throws(() => importSigningKey({ public: mine.public, privateJwk: theirs.privateJwk }), refusedKey);
    const mixed = { ...mine.privateJwk, d: theirs.privateJwk.d };
    assert.throws(() => importSigningKey({ public: mine.public, privateJwk: mixed }), refusedKey);
    assert.throws(() => rawSign({ public: mine.public, privateJwk: mixed }, Buffer.from('a')), refusedKey);
  });
}

test('a public key that was altered after its first use is not the key that was checked', () => {
  const key = structuredClone(generateKey().public);
  const signing = generateKey();
  rawVerify(key, Buffer.from('a'), Buffer.alloc(64));
  Object.assign(key.jwk, signing.public.jwk);
  assert.throws(() => rawVerify(key, Buffer.from('a'), rawSign(signing, Buffer.from('a'))), refusedKey);
});

test('Ed25519 points of small order or in a second form are no keys', () => {
  const points = [
    '0100000000000000000000000000000000000000000000000000000000000000',
    'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
    '0000000000000000000000000000000000000000000000000000000000000000',
    '0000000000000000000000000000000000000000000000000000000000000080',
    '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
    '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
    'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
    'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
    'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
    'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
    'ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
  ];
  for (const point of points) {
    const jwk = { kty: 'OKP', crv: 'Ed25519', x: toBase64Url(Buffer.from(point, 'hex')) };
    assert.throws(() => importPublicKey({ suite: 'ed25519', id: thumbprint(jwk), jwk }), refusedKey, point);
  }
});

test('a pair of coordinates off the curve is no ES256 key', () => {
  const { jwk } = generateKey('es256').public as { jwk: { kty: string; crv: string; x: string; y: string } };
  const moved = { ...jwk, y: jwk.x };
  assert.throws(() => importPublicKey({ suite: 'es256', id: thumbprint(moved), jwk: moved }), refusedKey);
});

test('ids are UUIDs of version 7, new each time', () => {
  const ids = Array.from({ length: 1000 }, randomId);
  assert.equal(new Set(ids).size, 1000);
  assert.ok(ids.every((id) => isId(id) && id[14] === '7'));
  for (const text of ['', 'x', `${ids[0]} `, (ids[0] as string).toUpperCase(), `{${ids[0]}}`]) assert.ok(!isId(text));
});

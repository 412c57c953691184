import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isFailure } from '../storage/index.ts';
import { fromBase64Url, toBase64Url } from './base64url.ts';

test('bytes come back from their base64url text', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      assert.deepEqual(new Uint8Array(fromBase64Url(toBase64Url(bytes))), bytes);
    }),
  );
});

test('a text that is not the canonical one is refused', () => {
  const refused = ['AA==', 'AB', 'A', 'AAB', '+A', '/w', 'A A', 'AA\n', 'AA.', '-_=', 'é'];
  for (const text of refused) {
    assert.throws(
      () => fromBase64Url(text),
      (error) => isFailure(error, 'CRYPTO_BASE64URL'),
      text,
    );
  }
  assert.equal(fromBase64Url('').length, 0);
});

test('no two texts give the same bytes', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 12 }), (text) => {
      let bytes: Buffer;
      try {
        bytes = fromBase64Url(text);
      } catch {
        return;
      }
      assert.equal(toBase64Url(bytes), text);
    }),
  );
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isFailure, type Json } from '../storage/index.ts';
import { canonicalJson } from './canonical-json.ts';
import { generateKey } from './keys.ts';
import { parseSealed, type Sealed, seal, sealedBytes, signersOf } from './sealed.ts';

const [kz, kg, stranger] = [generateKey(), generateKey('es256'), generateKey()];
const known = [kz.public, kg.public];
const payload = { version: 1, states: ['kz', 'kg'], names: { ru: 'Союз' } };

test('a sealed object names exactly the keys that signed it, whatever their order', () => {
  const sealed = seal('charter', payload, [kz, kg]);
  assert.deepEqual(sealed, { ...seal('charter', payload, [kg, kz]), signatures: sealed.signatures });
  const read = parseSealed<typeof payload>(sealedBytes(sealed), 'charter');
  assert.deepEqual(read, sealed);
  const signers = signersOf(read, 'charter', known).map((key) => key.id);
  assert.deepEqual(signers, [kz.public.id, kg.public.id].sort());
});

test('a signature of an unknown key is refused, though others are good', () => {
  const sealed = seal('charter', payload, [kz, stranger]);
  assert.throws(
    () => signersOf(sealed, 'charter', known),
    (error) => isFailure(error, 'CRYPTO_SEALED_SIGNER'),
  );
});

test('a changed payload, kind or signature is refused', () => {
  const sealed = seal('charter', payload, [kz, kg]);
  const changed: Sealed<unknown> = { ...sealed, payload: { ...payload, version: 2 } };
  assert.throws(
    () => signersOf(changed, 'charter', known),
    (error) => isFailure(error, 'CRYPTO_SEALED_SIGNATURE'),
  );
  const renamed = { ...sealed, kind: 'manifest' };
  assert.throws(
    () => signersOf(renamed, 'manifest', known),
    (error) => isFailure(error, 'CRYPTO_SEALED_SIGNATURE'),
  );
  assert.throws(
    () => signersOf(sealed, 'manifest', known),
    (error) => isFailure(error, 'CRYPTO_SEALED_KIND'),
  );
  const values = sealed.signatures.map((signature) => signature.value).reverse();
  const swapped = {
    ...sealed,
    signatures: sealed.signatures.map((s, index) => ({ ...s, value: values[index] as string })),
  };
  assert.throws(
    () => signersOf(swapped, 'charter', known),
    (error) => isFailure(error, 'CRYPTO_SEALED_SIGNATURE'),
  );
});

test('signatures that are missing, doubled, unsorted or carry more than they should are refused', () => {
  const sealed = seal('charter', payload, [kz, kg]);
  const [first, second] = sealed.signatures as [{ key: string; value: string }, { key: string; value: string }];
  const wrong: unknown[] = [
    [],
    [first, first],
    [second, first],
    [{ ...first, note: 1 }],
    [{ key: first.key }],
    [{ ...first, value: `${first.value}=` }],
    [{ ...first, value: 7 }],
    {},
  ];
  for (const signatures of wrong) {
    const object = { ...sealed, signatures } as Sealed<Json>;
    assert.throws(
      () => signersOf(object, 'charter', known),
      (error) => isFailure(error, 'CRYPTO_SEALED_FORM'),
    );
    const bytes = Buffer.from(canonicalJson(object as unknown as Json));
    assert.throws(
      () => parseSealed(bytes, 'charter'),
      (error) => isFailure(error, 'CRYPTO_SEALED_FORM'),
    );
  }
  assert.throws(
    () => seal('charter', payload, [kz, kz]),
    (error) => isFailure(error, 'CRYPTO_SEALED_FORM'),
  );
  assert.throws(
    () => seal('charter', payload, []),
    (error) => isFailure(error, 'CRYPTO_SEALED_FORM'),
  );
  assert.throws(
    () => seal('Charter/1', payload, [kz]),
    (error) => isFailure(error, 'CRYPTO_SEALED_FORM'),
  );
});

test('bytes that are not exactly the canonical form are refused', () => {
  const text = sealedBytes(seal('charter', payload, [kz])).toString();
  const others = [
    ` ${text}`,
    `${text}\n`,
    `\ufeff${text}`,
    text.replace('"version":1', '"version":1.0'),
    text.replace('{"kind"', '{"kind":"charter","kind"'),
    text.replace('"kind":"charter",', ''),
    text.replace('{"kind"', '{"also":1,"kind"'),
    text.replace('Союз', String.raw`\u0421оюз`),
    '',
    'null',
    '{}',
  ];
  for (const other of others) {
    assert.notEqual(other, text);
    assert.throws(
      () => parseSealed(Buffer.from(other), 'charter'),
      (error) => isFailure(error, 'CRYPTO_SEALED_FORM'),
    );
  }
  assert.throws(
    () => parseSealed(Buffer.from(text), 'manifest'),
    (error) => isFailure(error, 'CRYPTO_SEALED_KIND'),
  );
  assert.throws(
    () => parseSealed(Buffer.from([0xff]), 'charter'),
    (error) => isFailure(error, 'CRYPTO_SEALED_FORM'),
  );
});

test('every changed byte is noticed', () => {
  const bytes = sealedBytes(seal('charter', payload, [kz]));
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, mask) => {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] as number) ^ mask;
      assert.throws(() => signersOf(parseSealed(changed, 'charter'), 'charter', known));
    }),
    { numRuns: 500 },
  );
});

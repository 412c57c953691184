import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isFailure, type Json } from '../storage/index.ts';
import { canonicalJson } from './canonical-json.ts';
import { digestOf } from './digests.ts';

test('the example of RFC 8785 section 3.2.2 has the text of section 3.2.3', () => {
  const value = JSON.parse(String.raw`{
    "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
    "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
    "literals": [null, true, false]
  }`) as Json;
  assert.equal(
    canonicalJson(value),
    String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
  );
});

test('members are sorted by UTF-16 code units, as in the sorting example of RFC 8785', () => {
  const names = ['\u20ac', '\r', '\ufb33', '1', '\ud83d\ude00', '\u0080', '\u00f6'];
  const text = canonicalJson(Object.fromEntries(names.map((name) => [name, 1])));
  const sorted = Object.keys(JSON.parse(text.replace('"1":1,', '')) as object);
  assert.deepEqual(sorted, ['\r', '\u0080', '\u00f6', '\u20ac', '\ud83d\ude00', '\ufb33']);
  assert.ok(text.startsWith(String.raw`{"\r":1,"1":1,`));
});

test('numbers have the texts of RFC 8785 appendix B', () => {
  const samples: Record<string, string> = {
    '0000000000000000': '0',
    '0000000000000001': '5e-324',
    '8000000000000001': '-5e-324',
    '7fefffffffffffff': '1.7976931348623157e+308',
    ffefffffffffffff: '-1.7976931348623157e+308',
    '4340000000000000': '9007199254740992',
    c340000000000000: '-9007199254740992',
    '4430000000000000': '295147905179352830000',
    '44b52d02c7e14af5': '9.999999999999997e+22',
    '44b52d02c7e14af6': '1e+23',
    '44b52d02c7e14af7': '1.0000000000000001e+23',
    '444b1ae4d6e2ef4e': '999999999999999700000',
    '444b1ae4d6e2ef4f': '999999999999999900000',
    '444b1ae4d6e2ef50': '1e+21',
    '3eb0c6f7a0b5ed8c': '9.999999999999997e-7',
    '3eb0c6f7a0b5ed8d': '0.000001',
    '41b3de4355555553': '333333333.3333332',
    '41b3de4355555554': '333333333.33333325',
    '41b3de4355555555': '333333333.3333333',
    '41b3de4355555556': '333333333.3333334',
    '41b3de4355555557': '333333333.33333343',
    becbf647612f3696: '-0.0000033333333333333333',
    '43143ff3c1cb0959': '1424953923781206.2',
  };
  for (const [bits, text] of Object.entries(samples)) {
    assert.equal(canonicalJson(Buffer.from(bits, 'hex').readDoubleBE()), text, bits);
  }
});

test('what JSON cannot carry unchanged is refused, with its place and without its value', () => {
  const cycle: Json[] = [];
  cycle.push(cycle);
  const hidden = Object.defineProperty({}, 'a', { value: 1, enumerable: false });
  const values: unknown[] = [
    Number.NaN,
    Number.POSITIVE_INFINITY,
    -0,
    '\ud800',
    'a\udc00',
    { '\udfff': 1 },
    undefined,
    { a: undefined },
    [undefined],
    new Array(2),
    Object.assign([1], { extra: 1 }),
    1n,
    Symbol('s'),
    () => 1,
    new Date(0),
    Buffer.from('a'),
    new Map(),
    Object.create({ inherited: 1 }),
    { [Symbol('s')]: 1 },
    hidden,
    cycle,
  ];
  for (const value of values) {
    assert.throws(
      () => canonicalJson({ in: [value as Json] }),
      (error) => isFailure(error, 'CRYPTO_JSON'),
    );
  }
  assert.throws(() => canonicalJson({ a: [1, { b: Number.NaN }] }), /\$\.a\[1\]\.b/);
});

test('the canonical text means the same value, is a fixed point, and does not depend on the order of members', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 2, stringUnit: 'binary' }), (raw) => {
      const value = JSON.parse(JSON.stringify(raw)) as Json;
      const text = canonicalJson(value);
      const back = JSON.parse(text) as Json;
      assert.deepEqual(back, value);
      assert.equal(canonicalJson(back), text);
      assert.equal(digestOf(reversed(value)), digestOf(value));
    }),
  );
});

test('a member called __proto__ is a member like others', () => {
  const value = JSON.parse('{"b":1,"__proto__":{"a":1}}') as Json;
  assert.equal(canonicalJson(value), '{"__proto__":{"a":1},"b":1}');
});

function reversed(value: Json): Json {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  const copy: { [key: string]: Json } = Object.create(null);
  for (const name of Object.keys(value).reverse()) copy[name] = reversed(value[name] as Json);
  return copy;
}

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { fromBase64Url, generateKey, rawSign, type Suite } from '../../crypto/index.ts';
import type { Json } from '../../storage/index.ts';
import type { TrustView } from '../../union/index.ts';
import { fromBase45, toBase45 } from './base45.ts';
import { type Cbor, decodeCbor, encodeCbor } from './cbor.ts';
import { type PaperContent, signPaperCode, verifyPaperCode } from './paper-code.ts';

const key = generateKey('es256');
const now = '2026-11-22T10:00:00.000Z';

/** A union of one state whose documents these keys sign. */
function trusting(...keys: ReturnType<typeof generateKey>[]): TrustView {
  const view: Partial<TrustView> = {
    everStates: () => ['kz'],
    keys: () => keys.map((one) => one.public),
    key: (_state, _purpose, id) => keys.map((one) => one.public).find((one) => one.id === id) as never,
    manifest: () => ({ agencies: [{ id: 'kz.pension-fund' }] }) as never,
  };
  return view as TrustView;
}

const content: PaperContent = {
  state: 'kz',
  agency: 'kz.pension-fund',
  document: '019a0c6e-8f53-8d3a-9d51-7a1f0c2b3e4d',
  vct: 'urn:commonway:pension:decision:1',
  issuedAt: '2026-11-22T09:00:00.000Z',
  expiresAt: '2036-11-22T09:00:00.000Z',
  claims: {
    name: 'Әйгерім',
    months: 143,
    amount: 1234.56,
    granted: true,
    periods: [{ state: 'kg', months: 12 }],
    note: null,
  },
  credential: 'ab'.repeat(32),
};
const signer = { key, x5c: [] };

describe('base45', () => {
  it('is that of RFC 9285', () => {
    for (const [plain, text] of [
      ['AB', 'BB8'],
      ['Hello!!', '%69 VD92EX0'],
      ['base-45', 'UJCLQE7W581'],
      ['ietf!', 'QED8WEX0'],
    ] as const) {
      assert.equal(toBase45(Buffer.from(plain)), text);
      assert.equal(fromBase45(text).toString(), plain);
    }
  });
  it('gives back what it was given', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => assert.deepEqual(new Uint8Array(fromBase45(toBase45(bytes))), bytes)),
    );
  });
  it('refuses what it never writes', () => {
    for (const text of ['A', 'GGW', ':::', 'ab8', 'BB8A', '::']) {
      assert.throws(() => fromBase45(text), { code: 'DOCUMENTS_PAPER_FORM' });
    }
  });
});

describe('CBOR', () => {
  const value: fc.Arbitrary<Cbor> = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constant(null),
      fc.boolean(),
      fc.maxSafeInteger().map((one) => (Object.is(one, -0) ? 0 : one)),
      fc.double({ noNaN: true, noDefaultInfinity: true }).filter((one) => !Number.isInteger(one)),
      fc.string({ unit: 'grapheme' }),
      fc.uint8Array(),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(fc.string(), tie('value'), { maxKeys: 4 }).map((object) => new Map(Object.entries(object))),
    ) as fc.Arbitrary<Cbor>,
  })).value as fc.Arbitrary<Cbor>;

  it('gives back what it was given, in one form', () => {
    fc.assert(
      fc.property(value, (one) => {
        const bytes = encodeCbor(one);
        assert.deepEqual(encodeCbor(decodeCbor(bytes)), bytes);
      }),
    );
  });
  it('is that of RFC 8949, appendix A', () => {
    for (const [one, hex] of [
      [1000000, '1a000f4240'],
      [-1000, '3903e7'],
      [1.1, 'fb3ff199999999999a'],
      ['ü', '62c3bc'],
      [[1, [2, 3]], '8201820203'],
      [
        new Map<number, Cbor>([
          [3, 4],
          [1, 2],
        ]),
        'a201020304',
      ],
    ] as [Cbor, string][]) {
      assert.equal(encodeCbor(one).toString('hex'), hex);
      assert.deepEqual(encodeCbor(decodeCbor(Buffer.from(hex, 'hex'))).toString('hex'), hex);
    }
  });
  it('is refused in any other form', () => {
    for (const hex of [
      '1800',
      '5b00000000000000',
      '9f01ff',
      'a201020103',
      'a203040102',
      'f97e00',
      'c101',
      'ff',
      '',
      '0000',
      '9bffffffffffffffff',
      '62c328',
    ]) {
      assert.throws(() => decodeCbor(Buffer.from(hex, 'hex')), { code: 'DOCUMENTS_PAPER_FORM' }, hex);
    }
  });
});

describe('a paper code', () => {
  for (const suite of ['es256', 'ed25519'] as Suite[]) {
    it(`says by itself what the document says (${suite})`, () => {
      const own = generateKey(suite);
      const text = signPaperCode({ key: own, x5c: [] }, content);
      assert.deepEqual(verifyPaperCode(text, trusting(generateKey(suite), own), now), content);
      assert.match(text, /^[0-9A-Z $%*+\-./:]+$/);
    });
  }

  it('leaves out claims that do not fit', () => {
    const claims: Record<string, Json> = { long: 'Қ'.repeat(500) };
    const text = signPaperCode(signer, { ...content, claims });
    assert.ok(fromBase45(text.slice(4)).length <= 900);
    const { claims: _left, ...rest } = content;
    assert.deepEqual(verifyPaperCode(text, trusting(key), now), rest);
  });

  it('is refused when any byte of it is another one, is missing or added', () => {
    const text = signPaperCode(signer, content);
    const bytes = fromBase45(text.slice(4));
    const trust = trusting(key);
    for (let at = 0; at < bytes.length; at++) {
      for (const flip of [1, 0x80]) {
        const changed = Buffer.from(bytes);
        changed[at] = (changed[at] as number) ^ flip;
        assert.throws(() => verifyPaperCode(`CW1:${toBase45(changed)}`, trust, now), `byte ${at}`);
      }
      assert.throws(() => verifyPaperCode(`CW1:${toBase45(bytes.subarray(0, at))}`, trust, now));
    }
    assert.throws(() => verifyPaperCode(`${text}00`, trust, now));
  });

  const refuses = (text: string, code: string, trust = trusting(key), at = now) =>
    assert.throws(() => verifyPaperCode(text, trust, at), { code });
  it('is refused from a key that the manifest does not list', () =>
    refuses(signPaperCode(signer, content), 'DOCUMENTS_ISSUER_KEY', trusting(generateKey('es256'))));
  it('is refused from a state that the charter does not have', () =>
    refuses(signPaperCode(signer, { ...content, state: 'xx' }), 'DOCUMENTS_ISSUER_UNKNOWN'));
  it('is refused from an agency that the state does not have', () =>
    refuses(signPaperCode(signer, { ...content, agency: 'kz.other' }), 'DOCUMENTS_ISSUER_NAME'));
  it('is refused before its time and after it', () => {
    const text = signPaperCode(signer, content);
    refuses(text, 'DOCUMENTS_NOT_YET_VALID', trusting(key), '2026-11-22T08:00:00.000Z');
    refuses(text, 'DOCUMENTS_EXPIRED', trusting(key), '2036-11-22T09:00:00.000Z');
  });
  it('is refused with an algorithm that is not its key’s, or with unsigned members', () => {
    const [header, , payload] = decodeCbor(fromBase45(signPaperCode(signer, content).slice(4))) as [
      Uint8Array,
      Cbor,
      Uint8Array,
    ];
    const id = fromBase64Url(key.public.id).subarray(0, 8);
    const other = encodeCbor(
      new Map<number, Cbor>([
        [1, -19],
        [4, id],
      ]),
    );
    const made = (protectedHeader: Uint8Array, open: Map<number, Cbor>) => {
      const signed = encodeCbor(['Signature1', protectedHeader, new Uint8Array(), payload]);
      return `CW1:${toBase45(encodeCbor([protectedHeader, open, payload, rawSign(key, signed)]))}`;
    };
    verifyPaperCode(made(header, new Map()), trusting(key), now);
    refuses(made(other, new Map()), 'DOCUMENTS_TOKEN_ALGORITHM');
    refuses(made(header, new Map([[4, id]])), 'DOCUMENTS_PAPER_FORM');
  });
  it('is refused when it is something else', () => {
    for (const text of ['', 'CW1:', 'HC1:BB8', 'https://example', 'CW1:BB8', `CW1:${'0'.repeat(9000)}`])
      refuses(text, 'DOCUMENTS_PAPER_FORM');
  });
});

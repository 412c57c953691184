import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { generateKey, toBase64Url } from '../../crypto/index.ts';
import type { Json } from '../../storage/index.ts';
import { bindKey, disclosure, disclosureOf, forge, part, sign } from './forge.testing.ts';
import { issueSdJwt } from './issue.ts';
import { type SdJwtDemand, verifySdJwt } from './verify.ts';

const key = generateKey('ed25519');
const holder = generateKey('es256');
const now = '2026-09-21T14:15:00.000Z'; // 1 790 000 100
const demand: SdJwtDemand = { now, issuerKey: () => key.public };
const keyBinding = { audience: 'https://verifier.example', nonce: 'n-1', maxAgeSeconds: 300 };

const refuses = (text: string, code: string, change: Partial<SdJwtDemand> = {}) =>
  assert.rejects(verifySdJwt(text, { ...demand, ...change }), { code });

function issue(suite: 'ed25519' | 'es256' = 'ed25519', withHolder = false) {
  const signer = suite === 'ed25519' ? key : generateKey(suite);
  return issueSdJwt(
    { key: signer, x5c: ['AAAA'] },
    {
      vct: 'urn:test:1',
      issuedAt: '2026-09-21T14:13:20.000Z',
      expiresAt: '2027-09-21T14:13:20.000Z',
      open: { agency: 'kz.pension-fund' },
      hidden: { months: 143, name: 'Айгерім', parts: [{ state: 'kg', months: 12 }] },
      status: { uri: 'https://kz.example/status/1', index: 7 },
      holderKey: withHolder ? holder.public : undefined,
    },
  ).then((text) => ({ text, key: signer.public }));
}

describe('a credential', () => {
  for (const suite of ['ed25519', 'es256'] as const) {
    it(`says its claims to who trusts its issuer (${suite})`, async () => {
      const issued = await issue(suite);
      const verified = await verifySdJwt(issued.text, { now, issuerKey: () => issued.key, vct: ['urn:test:1'] });
      assert.equal(verified.claims.months, 143);
      assert.deepEqual(verified.claims.parts, [{ state: 'kg', months: 12 }]);
      assert.deepEqual(verified.disclosed.sort(), ['months', 'name', 'parts']);
      assert.deepEqual(verified.status, { uri: 'https://kz.example/status/1', index: 7 });
      assert.equal(verified.expiresAt, '2027-09-21T14:13:20.000Z');
      assert.equal('_sd' in verified.claims || '_sd_alg' in verified.claims, false);
    });
  }

  it('shows only what its holder leaves in', async () => {
    const { text } = await issue();
    const [token = '', first = ''] = text.split('~');
    const verified = await verifySdJwt(`${token}~${first}~`, demand);
    assert.equal(verified.disclosed.length, 1);
  });

  it('is refused when any letter of it is another one, is missing or added', async () => {
    const { text } = await issue();
    const letters = 'ABCabc019-_.~ =+/é\n';
    await fc.assert(
      fc.asyncProperty(fc.nat(text.length - 1), fc.constantFrom(...letters), fc.nat(2), async (at, letter, how) => {
        const changed =
          how === 0
            ? text.slice(0, at) + letter + text.slice(at + 1)
            : how === 1
              ? text.slice(0, at) + letter + text.slice(at)
              : text.slice(0, at) + text.slice(at + 1);
        if (changed === text) return;
        // Leaving out a whole disclosure is the holder's right; one letter never does it.
        await assert.rejects(verifySdJwt(changed, demand));
      }),
      { numRuns: 400 },
    );
  });
});

describe('the signature', () => {
  it('is refused under another key', () => refuses(forge({ key: generateKey() }), 'DOCUMENTS_TOKEN_SIGNATURE'));
  it('is refused when the header says another algorithm than the key', () =>
    refuses(forge({ key, header: { alg: 'ES256' } }), 'DOCUMENTS_TOKEN_ALGORITHM'));
  for (const alg of ['none', 'HS256', 'EdDSA', 'ed25519', '', 7, null]) {
    it(`is refused under the algorithm ${JSON.stringify(alg)}`, () =>
      refuses(forge({ key, header: { alg } }), 'DOCUMENTS_TOKEN_ALGORITHM'));
  }
  it('is refused when it is empty', () =>
    refuses(`${forge({ key }).split('.').slice(0, 2).join('.')}.~`, 'DOCUMENTS_TOKEN_FORM'));
  it('is checked with the key of the verifier, not one that the token brings', () =>
    refuses(forge({ key, header: { jwk: { ...key.public.jwk } } }), 'DOCUMENTS_TOKEN_HEADER'));
});

describe('the header', () => {
  for (const typ of ['vc+sd-jwt', 'JWT', 'kb+jwt', 'DC+SD-JWT', '', null]) {
    it(`is refused with the type ${JSON.stringify(typ)}`, () =>
      refuses(forge({ key, header: { typ } }), 'DOCUMENTS_TOKEN_TYPE'));
  }
  for (const name of ['crit', 'b64', 'kid', 'jku', 'x5u', 'zip']) {
    it(`is refused with ${name}`, () => refuses(forge({ key, header: { [name]: [] } }), 'DOCUMENTS_TOKEN_HEADER'));
  }
  for (const x5c of [null, [], 'AAAA', [7]] as Json[]) {
    it(`is refused with the chain ${JSON.stringify(x5c)}`, () =>
      refuses(forge({ key, header: { x5c } }), 'DOCUMENTS_CHAIN'));
  }
});

describe('the form', () => {
  const head = part({ alg: 'Ed25519', typ: 'dc+sd-jwt', x5c: ['AAAA'] });
  const signed = (body: string) => `${sign(key, head, toBase64Url(Buffer.from(body)))}~`;
  it('is refused without its last ~', () => refuses(forge({ key }).slice(0, -1), 'DOCUMENTS_TOKEN_FORM'));
  it('is refused with an empty disclosure', () => refuses(`${forge({ key })}~`, 'DOCUMENTS_TOKEN_FORM'));
  it('is refused with white space', () => refuses(`${forge({ key })} `, 'DOCUMENTS_TOKEN_FORM'));
  it('is refused with padding', () => refuses(forge({ key }).replace('~', '=~'), 'DOCUMENTS_TOKEN_FORM'));
  it('is refused with a fourth part', () => refuses(forge({ key }).replace('~', '.AA~'), 'DOCUMENTS_TOKEN_FORM'));
  it('is refused with set trailing bits', () => {
    const text = forge({ key });
    const last = text.at(-2) as string;
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const other = alphabet[alphabet.indexOf(last) ^ 1] as string;
    return refuses(`${text.slice(0, -2)}${other}~`, 'DOCUMENTS_TOKEN_FORM');
  });
  it('is refused when a claim stands twice', () =>
    refuses(signed('{"vct":"urn:test:1","iat":1790000000,"months":11,"months":12}'), 'DOCUMENTS_TOKEN_JSON'));
  it('is refused when a claim stands twice in two spellings', () =>
    refuses(signed('{"vct":"urn:test:1","iat":1790000000,"a":{"b":1,"\\u0062":2}}'), 'DOCUMENTS_TOKEN_JSON'));
  it('is refused when it would reach into the prototype', () =>
    refuses(signed('{"vct":"urn:test:1","iat":1790000000,"__proto__":{"months":12}}'), 'DOCUMENTS_TOKEN_JSON'));
  it('is refused when its payload is a list', () => refuses(signed('[]'), 'DOCUMENTS_TOKEN_JSON'));
  it('is refused with a byte order mark', () =>
    refuses(signed('\ufeff{"vct":"urn:test:1","iat":1790000000}'), 'DOCUMENTS_TOKEN_JSON'));
  it('is refused when it is not UTF-8', () => {
    const body = Buffer.concat([Buffer.from('{"vct":"'), Buffer.from([0xff]), Buffer.from('"}')]);
    return refuses(`${sign(key, head, toBase64Url(body))}~`, 'DOCUMENTS_TOKEN_JSON');
  });
});

describe('a disclosure', () => {
  const months = disclosure('months', 12);
  it('is refused when nothing refers to it', () =>
    refuses(forge({ key, disclosures: [months.text] }), 'DOCUMENTS_DISCLOSURE_UNREFERENCED'));
  it('is refused twice', () =>
    refuses(
      forge({ key, payload: { _sd: [months.digest] }, disclosures: [months.text, months.text] }),
      'DOCUMENTS_DISCLOSURE_TWICE',
    ));
  it('is refused when two digests refer to it', () =>
    refuses(
      forge({ key, payload: { _sd: [months.digest, months.digest] }, disclosures: [months.text] }),
      'DOCUMENTS_DISCLOSURE_TWICE',
    ));
  it('is refused when it is referred to in two places', () =>
    refuses(
      forge({ key, payload: { _sd: [months.digest], a: { _sd: [months.digest] } }, disclosures: [months.text] }),
      'DOCUMENTS_DISCLOSURE_TWICE',
    ));
  it('is refused when it would overwrite a claim', () =>
    refuses(
      forge({ key, payload: { months: 1, _sd: [months.digest] }, disclosures: [months.text] }),
      'DOCUMENTS_DISCLOSURE_OVERWRITES',
    ));
  it('is refused when two would be the same claim', () => {
    const other = disclosure('months', 13);
    const payload = { _sd: [months.digest, other.digest] };
    return refuses(forge({ key, payload, disclosures: [months.text, other.text] }), 'DOCUMENTS_DISCLOSURE_OVERWRITES');
  });
  for (const claim of ['iss', 'iat', 'nbf', 'exp', 'cnf', 'vct', 'status']) {
    it(`is refused when it hides ${claim}`, () => {
      const hidden = disclosure(claim, 'urn:test:1');
      const payload: Record<string, Json> = { _sd: [hidden.digest] };
      const token = forge({ key, payload: { ...payload, [claim]: undefined as never }, disclosures: [hidden.text] });
      return refuses(token, 'DOCUMENTS_DISCLOSURE_RESERVED');
    });
  }
  for (const name of ['_sd', '...', '_sd_alg', 7, null]) {
    it(`is refused with the name ${JSON.stringify(name)}`, () => {
      const odd = disclosure(name, []);
      return refuses(
        forge({ key, payload: { _sd: [odd.digest] }, disclosures: [odd.text] }),
        'DOCUMENTS_DISCLOSURE_FORM',
      );
    });
  }
  for (const [why, text] of [
    ['a short salt', part(['short', 'months', 12])],
    ['four parts', part(['0123456789012345678901', 'months', 12, 13])],
    ['one part', part(['0123456789012345678901'])],
    ['an object', part({ salt: '0123456789012345678901' })],
    ['no JSON', 'AAAA'],
  ] as const) {
    it(`is refused with ${why}`, () => {
      const odd = disclosureOf(text);
      return refuses(
        forge({ key, payload: { _sd: [odd.digest] }, disclosures: [odd.text] }),
        'DOCUMENTS_DISCLOSURE_FORM',
      );
    });
  }
  it('is refused as a member where an element belongs, and the other way round', async () => {
    const element = disclosure(12);
    const asElement = forge({ key, payload: { list: [{ '...': months.digest }] }, disclosures: [months.text] });
    const asMember = forge({ key, payload: { _sd: [element.digest] }, disclosures: [element.text] });
    await refuses(asElement, 'DOCUMENTS_DISCLOSURE_FORM');
    await refuses(asMember, 'DOCUMENTS_DISCLOSURE_FORM');
  });
  it('is refused when a hidden element has other members, or stands outside a list', async () => {
    const element = disclosure(12);
    const mixed = { list: [{ '...': element.digest, months: 12 }] };
    await refuses(forge({ key, payload: mixed, disclosures: [element.text] }), 'DOCUMENTS_DISCLOSURE_FORM');
    await refuses(
      forge({ key, payload: { a: { '...': element.digest } }, disclosures: [element.text] }),
      'DOCUMENTS_DISCLOSURE_FORM',
    );
  });
  it('is refused where a digest is no digest', async () => {
    for (const _sd of ['x', [7], ['AAAA'], [`${months.digest}=`], {}] as Json[]) {
      await refuses(forge({ key, payload: { _sd } }), 'DOCUMENTS_DISCLOSURE_FORM');
    }
  });
  it('is refused when it changes the digest algorithm, on top or inside', async () => {
    for (const _sd_alg of ['sha-512', 'md5', null]) {
      await refuses(forge({ key, payload: { _sd_alg } }), 'DOCUMENTS_DIGEST_ALGORITHM');
    }
    await refuses(forge({ key, payload: { a: { _sd_alg: 'sha-256' } } }), 'DOCUMENTS_DISCLOSURE_FORM');
  });
  it('is read inside another one', async () => {
    const inner = disclosure('months', 12);
    const outer = disclosure('period', { state: 'kg', _sd: [inner.digest] });
    const element = disclosure('kg');
    const payload = { _sd: [outer.digest], list: ['kz', { '...': element.digest }] };
    const token = forge({ key, payload, disclosures: [outer.text, inner.text, element.text] });
    const { claims } = await verifySdJwt(token, demand);
    assert.deepEqual(claims.period, { state: 'kg', months: 12 });
    assert.deepEqual(claims.list, ['kz', 'kg']);
    await refuses(forge({ key, payload, disclosures: [inner.text] }), 'DOCUMENTS_DISCLOSURE_UNREFERENCED');
  });
});

describe('the time of a credential', () => {
  const at = (payload: Record<string, Json>, code: string) => refuses(forge({ key, payload }), code);
  it('is refused when it is missing', () => at({ iat: undefined as never }, 'DOCUMENTS_CLAIM_MISSING'));
  it('is refused when it is no whole number', async () => {
    for (const iat of ['1790000000', 1.5, -1, 1e300, null]) await at({ iat }, 'DOCUMENTS_CLAIM_FORM');
  });
  it('is refused from the future', () => at({ iat: 1_790_000_200 }, 'DOCUMENTS_NOT_YET_VALID'));
  it('is refused before nbf', () => at({ nbf: 1_790_000_200 }, 'DOCUMENTS_NOT_YET_VALID'));
  it('is refused after exp', () => at({ iat: 1_780_000_000, exp: 1_790_000_000 }, 'DOCUMENTS_EXPIRED'));
  it('is refused when it ends before it begins', () => at({ exp: 1_789_999_999 }, 'DOCUMENTS_CLAIM_FORM'));
  it('is taken within the skew of a clock', async () => {
    await verifySdJwt(forge({ key, payload: { iat: 1_790_000_150 } }), demand);
  });
});

describe('the type of a credential', () => {
  it('is refused when it is missing', () =>
    refuses(forge({ key, payload: { vct: undefined as never } }), 'DOCUMENTS_CLAIM_MISSING'));
  it('is refused when another one was asked for', () =>
    refuses(forge({ key }), 'DOCUMENTS_WRONG_TYPE', { vct: ['urn:test:2'] }));
  it('is refused with a status that we would overlook', async () => {
    for (const status of [
      'ok',
      {},
      { other: 1 },
      { status_list: { idx: -1, uri: 'u' } },
      { status_list: { uri: 'u' } },
    ]) {
      await refuses(forge({ key, payload: { status } as never }), 'DOCUMENTS_CLAIM_FORM');
    }
  });
});

describe('the proof of the holder', () => {
  const cnf = { jwk: { ...holder.public.jwk } };
  const presented = forge({ key, payload: { cnf } });
  const binding = { keyBinding };

  it('is taken when it answers the question', async () => {
    const { holderKey } = await verifySdJwt(bindKey(holder, presented), { ...demand, ...binding });
    assert.equal(holderKey?.id, holder.public.id);
  });
  it('is refused when nobody asked', () => refuses(bindKey(holder, presented), 'DOCUMENTS_KEY_BINDING_UNASKED'));
  it('is demanded when it was asked', () => refuses(presented, 'DOCUMENTS_KEY_BINDING_MISSING', binding));
  it('is refused when the credential is bound to nobody', () =>
    refuses(bindKey(holder, forge({ key })), 'DOCUMENTS_KEY_BINDING_MISSING', binding));
  it('is refused from another key', () =>
    refuses(bindKey(generateKey('es256'), presented), 'DOCUMENTS_KEY_BINDING_SIGNATURE', binding));

  const changes: [string, Parameters<typeof bindKey>[2], string][] = [
    ['for another audience', { payload: { aud: 'https://other.example' } }, 'DOCUMENTS_KEY_BINDING_AUDIENCE'],
    ['without an audience', { payload: { aud: undefined } }, 'DOCUMENTS_KEY_BINDING_AUDIENCE'],
    ['with a list of audiences', { payload: { aud: ['https://verifier.example'] } }, 'DOCUMENTS_KEY_BINDING_AUDIENCE'],
    ['with another nonce', { payload: { nonce: 'n-2' } }, 'DOCUMENTS_KEY_BINDING_NONCE'],
    ['without a nonce', { payload: { nonce: undefined } }, 'DOCUMENTS_KEY_BINDING_NONCE'],
    ['without a time', { payload: { iat: undefined } }, 'DOCUMENTS_CLAIM_MISSING'],
    ['from long ago', { payload: { iat: 1_789_999_000 } }, 'DOCUMENTS_KEY_BINDING_TIME'],
    ['from the future', { payload: { iat: 1_790_000_900 } }, 'DOCUMENTS_KEY_BINDING_TIME'],
    ['past its expiry', { payload: { exp: 1_790_000_000 } }, 'DOCUMENTS_KEY_BINDING_TIME'],
    ['over other disclosures', { payload: { sd_hash: 'AAAA' } }, 'DOCUMENTS_KEY_BINDING_DIGEST'],
    [
      'over the name that drafts used',
      { payload: { sd_hash: undefined, _sd_hash: 'AAAA' } },
      'DOCUMENTS_KEY_BINDING_DIGEST',
    ],
    ['of another type', { header: { typ: 'JWT' } }, 'DOCUMENTS_KEY_BINDING_FORM'],
    ['under no algorithm', { header: { alg: 'none' } }, 'DOCUMENTS_TOKEN_ALGORITHM'],
    ['under the algorithm of another key', { header: { alg: 'Ed25519' } }, 'DOCUMENTS_TOKEN_ALGORITHM'],
    ['with a header of its own key', { header: { jwk: {} } }, 'DOCUMENTS_KEY_BINDING_FORM'],
  ];
  for (const [why, change, code] of changes) {
    it(`is refused ${why}`, () => refuses(bindKey(holder, presented, change), code, binding));
  }
  it('is refused when a disclosure was added after it', () => {
    const months = disclosure('months', 12);
    const bound = bindKey(holder, forge({ key, payload: { cnf, _sd: [months.digest] } }));
    const [token = '', proof = ''] = bound.split('~');
    return refuses(`${token}~${months.text}~${proof}`, 'DOCUMENTS_KEY_BINDING_DIGEST', binding);
  });
  it('is refused where the credential names no usable key', async () => {
    for (const odd of [{}, { kid: 'x' }, { jwk: { kty: 'oct', k: 'AA' } }, { jwk: { ...holder.privateJwk } }]) {
      await refuses(forge({ key, payload: { cnf: odd } as never }), 'DOCUMENTS_KEY_BINDING_FORM');
    }
  });
});

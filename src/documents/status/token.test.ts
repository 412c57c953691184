import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { deflateSync } from 'node:zlib';
import { StatusList } from '@sd-jwt/jwt-status-list';
import fc from 'fast-check';
import { generateKey, toBase64Url } from '../../crypto/index.ts';
import type { Json } from '../../storage/index.ts';
import { signJws } from '../sd-jwt/jws.ts';
import { packStatuses, type StatusBits, statusAt } from './bits.ts';
import { readStatus, signStatusList } from './token.ts';

const key = generateKey();
const signer = { key, x5c: ['AAAA'] };
const uri = 'https://kz.example/status/1';
const now = '2026-09-21T14:15:00.000Z';
const demand = { now, uri, index: 3, signerKey: () => key.public };
const list = {
  uri,
  size: 1024,
  bits: 2 as const,
  statuses: [
    [3, 1],
    [4, 2],
  ] as const,
};
const seconds = Date.parse(now) / 1000;

describe('the places of a status list', () => {
  it('are where other implementations look for them', () => {
    fc.assert(
      fc.property(
        fc.constantFrom<StatusBits>(1, 2, 4, 8),
        fc.array(fc.nat(255), { minLength: 8, maxLength: 64 }),
        (bits, raw) => {
          const values = raw.slice(0, raw.length - (raw.length % 8)).map((value) => value % 2 ** bits);
          const packed = packStatuses(
            values.length,
            bits,
            values.map((value, index) => [index, value] as const),
          );
          const theirs = StatusList.decompressStatusList(toBase64Url(packed), bits);
          values.forEach((value, index) => {
            assert.equal(statusAt(packed, bits, index), value);
            assert.equal(theirs.getStatus(index), value);
          });
        },
      ),
    );
  });
  it('agree with the example of the draft (section 4.1)', () => {
    const statuses = [1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1].map((value, index) => [index, value] as const);
    assert.equal(toBase64Url(packStatuses(16, 1, statuses)), 'eNrbuRgAAhcBXQ');
  });
  it('end where the list ends', () => {
    assert.throws(() => statusAt(packStatuses(16, 1, []), 1, 16), { code: 'DOCUMENTS_STATUS_INDEX' });
  });
  it('are not unpacked beyond all measure', () => {
    const bomb = deflateSync(Buffer.alloc(64 * 1024 * 1024));
    assert.throws(() => statusAt(bomb, 1, 0), { code: 'DOCUMENTS_STATUS_FORM' });
  });
});

describe('a signed status list', () => {
  it('says the status of a place, and for when', () => {
    const token = signStatusList(signer, list, now);
    assert.deepEqual(readStatus(token, demand), { status: 'revoked', asOf: now });
    assert.equal(readStatus(token, { ...demand, index: 4 }).status, 'suspended');
    assert.equal(readStatus(token, { ...demand, index: 5 }).status, 'valid');
  });

  const refuses = (token: string, code: string, change: Partial<typeof demand> & { maxAgeSeconds?: number } = {}) =>
    assert.throws(() => readStatus(token, { ...demand, ...change }), { code });
  const made = (payload: Record<string, Json>, header: Record<string, Json> = {}) =>
    signJws(
      key,
      { typ: 'statuslist+jwt', x5c: ['AAAA'], ...header },
      { sub: uri, iat: seconds, status_list: { bits: 2, lst: toBase64Url(packStatuses(16, 2, [])) }, ...payload },
    );

  it('is refused under another key', () =>
    refuses(signStatusList({ ...signer, key: generateKey() }, list, now), 'DOCUMENTS_TOKEN_SIGNATURE'));
  it('is refused when it is another list', () =>
    refuses(signStatusList(signer, { ...list, uri: `${uri}0` }, now), 'DOCUMENTS_STATUS_OTHER_LIST'));
  it('is refused with another type', () => refuses(made({}, { typ: 'dc+sd-jwt' }), 'DOCUMENTS_TOKEN_TYPE'));
  it('is refused after its expiry', () =>
    refuses(signStatusList(signer, list, '2026-09-01T00:00:00.000Z'), 'DOCUMENTS_STATUS_OLD'));
  it('is refused when it is older than the verifier accepts', () =>
    refuses(signStatusList(signer, list, '2026-09-21T10:15:00.000Z'), 'DOCUMENTS_STATUS_OLD', { maxAgeSeconds: 3600 }));
  it('is refused from the future', () =>
    refuses(signStatusList(signer, list, '2026-09-21T15:15:00.000Z'), 'DOCUMENTS_STATUS_FORM'));
  it('is refused without a time', () => refuses(made({ iat: undefined as never }), 'DOCUMENTS_CLAIM_MISSING'));
  it('is refused when it says what we do not know', () =>
    refuses(
      made({ status_list: { bits: 2, lst: toBase64Url(packStatuses(16, 2, [[3, 3]])) } }),
      'DOCUMENTS_STATUS_FORM',
    ));
  it('is refused with a list that is none', () => {
    for (const status_list of [
      null,
      {},
      { bits: 3, lst: '' },
      { bits: 1, lst: 7 },
      { bits: 1, lst: 'AA=' },
      { bits: 1, lst: 'AAAA' },
    ]) {
      refuses(made({ status_list } as never), 'DOCUMENTS_STATUS_FORM');
    }
  });
});

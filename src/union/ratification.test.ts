import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { countersign, generateKey, type SigningKey } from '../crypto/index.ts';
import { isFailure } from '../storage/index.ts';
import { manualClock } from '../storage/testing.ts';
import { type Ratification, ratificationsInForce, sealRatification } from './ratification.ts';
import { FOUNDED, testTrust, testUnion } from './testing.ts';

const refused = (code: string) => (error: unknown) => isFailure(error, code);
const hex = (letter: string): string => letter.repeat(64);

const WORD: Ratification = {
  state: 'kz',
  agreement: 'pension',
  contract: hex('a'),
  annex: hex('1'),
  from: '2026-01-01',
  issued: '2026-01-01T00:00:00.000Z',
};

const annexOn = (words: Ratification[], day: string): string | undefined =>
  ratificationsInForce(words, 'kz', 'pension', day)[0]?.annex;

describe('the words of a state on one contract', () => {
  const corrected = { ...WORD, annex: hex('2'), from: '2026-06-01', issued: '2026-03-01T00:00:00.000Z' };

  test('a correction holds from its own day on, and the word before it until then', () => {
    assert.equal(annexOn([WORD, corrected], '2026-05-31'), WORD.annex);
    assert.equal(annexOn([WORD, corrected], '2026-06-01'), corrected.annex);
  });

  test('a word of no days ends the contract on that day, also where a correction was to begin later', () => {
    const ended = { ...WORD, from: '2026-04-01', until: '2026-04-01', issued: '2026-03-02T00:00:00.000Z' };
    assert.equal(annexOn([WORD, corrected, ended], '2026-03-31'), WORD.annex);
    assert.equal(annexOn([WORD, corrected, ended], '2026-04-01'), undefined);
    assert.equal(annexOn([WORD, corrected, ended], '2026-06-02'), undefined);
  });

  test('whoever ratifies again after a withdrawal is in again', () => {
    const ended = { ...WORD, from: '2026-04-01', until: '2026-04-01', issued: '2026-03-02T00:00:00.000Z' };
    const again = { ...WORD, from: '2026-05-01', issued: '2026-04-20T00:00:00.000Z' };
    assert.deepEqual(
      ['2026-03-31', '2026-04-10', '2026-05-01'].map((day) => annexOn([WORD, ended, again], day)),
      [WORD.annex, undefined, WORD.annex],
    );
  });

  test('no later word changes a day before its own, whatever the order in which words arrive', () => {
    const day = fc.integer({ min: 1, max: 27 }).map((number) => `2026-02-${String(number).padStart(2, '0')}`);
    const word = fc.record({ from: day, annex: fc.constantFrom(hex('1'), hex('2'), hex('3')), length: fc.nat(10) });
    fc.assert(
      fc.property(fc.array(word, { maxLength: 8 }), word, day, fc.integer(), (earlier, last, asked, seed) => {
        const issued = (place: number) => `2026-01-01T00:00:00.${String(place).padStart(3, '0')}Z`;
        const words = [...earlier, last].map(({ from, annex, length }, place): Ratification => {
          const until = Temporal.PlainDate.from(from).add({ days: length }).toString();
          return { ...WORD, from, annex, ...(length === 10 ? {} : { until }), issued: issued(place) };
        });
        const mixed = words.toSorted(
          (a, b) =>
            ((Number(a.issued.slice(20, 23)) * 7 + seed) % 5) - ((Number(b.issued.slice(20, 23)) * 7 + seed) % 5),
        );
        assert.equal(annexOn(mixed, asked), annexOn(words, asked));
        if (asked < last.from) assert.equal(annexOn(words, asked), annexOn(words.slice(0, -1), asked));
      }),
    );
  });
});

describe('the second person of a state', () => {
  const union = testUnion(['kg', 'kz'], { approvers: true });
  const own = union.keys.kz?.ratification as SigningKey;
  const approver = union.approvers.kz as SigningKey;

  test('has to sign: without him nothing is ratified', async (t) => {
    const { trust } = await testTrust(t, union, 'kz', manualClock(FOUNDED));
    await assert.rejects(trust.learnRatification(sealRatification(WORD, own)), refused('UNION_RATIFICATION_ALONE'));
    await assert.rejects(
      trust.learnRatification(sealRatification(WORD, approver)),
      refused('UNION_RATIFICATION_FORGED'),
    );
    assert.equal(await trust.learnRatification(countersign(sealRatification(WORD, own), approver)), true);
  });

  test('is one of his own state, and not the first person again', async (t) => {
    const { trust } = await testTrust(t, union, 'kz', manualClock(FOUNDED));
    for (const key of [
      union.approvers.kg,
      union.keys.kz?.messages,
      union.keys.kz?.agencies['kz.portal'],
      generateKey(),
    ]) {
      const sealed = sealRatification(WORD, own, key as SigningKey);
      await assert.rejects(trust.learnRatification(sealed), refused('UNION_RATIFICATION_FORGED'));
    }
    assert.throws(() => countersign(sealRatification(WORD, own), own), refused('CRYPTO_SEALED_FORM'));
  });

  test('is not got around by a word that is dated back to before there was one', async (t) => {
    const { trust } = await testTrust(t, union, 'kz', manualClock(FOUNDED));
    const early = sealRatification({ ...WORD, issued: '2025-01-01T00:00:00.000Z' }, own);
    await assert.rejects(trust.learnRatification(early), refused('UNION_RATIFICATION_FORGED'));
  });

  test('is no one that a state has not listed: there one person’s word still counts', async (t) => {
    const alone = testUnion(['kg', 'kz']);
    const { trust } = await testTrust(t, alone, 'kz', manualClock(FOUNDED));
    const key = alone.keys.kz?.ratification as SigningKey;
    assert.equal(await trust.learnRatification(sealRatification(WORD, key)), true);
  });
});

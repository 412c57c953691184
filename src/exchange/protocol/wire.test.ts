import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { generateKey, randomBytes, randomId, sha256 } from '../../crypto/index.ts';
import { isFailure } from '../../storage/index.ts';
import { answerBytes, parseAnswer } from './answer.ts';
import { BATCH_DOMAIN, parseAnswerEnvelope, parseBatchEnvelope, signEnvelope } from './envelope.ts';
import { readAnswers, readBatch, writeAnswers, writeBatch } from './frame.ts';
import { headBytes, type MessageHead, parseHead } from './head.ts';
import { messageLeaf } from './message.ts';

const refused =
  (...codes: string[]) =>
  (error: unknown) =>
    isFailure(error, ...codes);
const AT = '2026-03-01T09:00:00.000Z';
const head: MessageHead = {
  id: '019a0c6e-8f53-7d3a-9d51-7a1f0c2b3e4d',
  type: 'transaction/request',
  from: 'kz',
  to: 'ru',
  lane: 'case-1',
  sequence: 1,
  created: AT,
  expires: '2026-06-01T09:00:00.000Z',
};
const envelope = {
  id: randomId(),
  union: 'test',
  sender: 'kz',
  receiver: 'ru',
  charter: { version: 1, digest: 'a'.repeat(64) },
  count: 1,
  root: 'b'.repeat(64),
  created: AT,
  expires: '2026-03-01T09:05:00.000Z',
  key: 'key',
};
const encode = (value: unknown) => Buffer.from(JSON.stringify(value));

describe('a head', () => {
  test('has one form of bytes, and comes back from it', () => {
    const bytes = headBytes(head);
    assert.deepEqual(parseHead(bytes), head);
    assert.throws(() => parseHead(Buffer.concat([bytes, Buffer.from(' ')])), refused('EXCHANGE_MALFORMED'));
    assert.throws(
      () => parseHead(Buffer.from(`{"type":"x",${bytes.toString().slice(1)}`)),
      refused('EXCHANGE_MALFORMED'),
    );
  });

  const wrong: Record<string, unknown> = {
    'an unknown member': { note: 1 },
    'an id that is no UUID': { id: 'x' },
    'an id in capitals': { id: head.id.toUpperCase() },
    'no sequence': { sequence: 0 },
    'a sequence that is not whole': { sequence: 1.5 },
    'a type with blanks': { type: 'a b' },
    'a lane with a line end': { lane: 'a\n' },
    'a time without milliseconds': { created: '2026-03-01T09:00:00Z' },
    'a day that does not exist': { expires: '2026-13-01T09:00:00.000Z' },
    'a transaction of an unknown pattern': {
      transaction: { id: head.id, code: 'P.1', pattern: 'gossip', contract: 'a'.repeat(64) },
    },
    'a state in capitals': { from: 'KZ' },
  };
  for (const [name, change] of Object.entries(wrong)) {
    test(`is refused with ${name}`, () => {
      assert.throws(() => headBytes({ ...head, ...(change as object) }), refused('EXCHANGE_MALFORMED'));
    });
  }

  test('is refused without a member, or too long', () => {
    const { lane: _lane, ...rest } = head;
    assert.throws(() => headBytes(rest as MessageHead), refused('EXCHANGE_MALFORMED'));
    assert.throws(() => parseHead(Buffer.alloc(9000, 32)), refused('EXCHANGE_TOO_LARGE'));
  });
});

describe("a message's leaf", () => {
  const parts = {
    salt: Buffer.alloc(32, 1),
    type: 'note',
    headDigest: sha256('h'),
    bodyDigest: sha256('b'),
    id: head.id,
  };

  test('is of exactly the bytes that the protocol names', () => {
    const expected = sha256(
      Buffer.concat([
        Buffer.of(0x10),
        Buffer.alloc(32, 1),
        Buffer.of(4),
        Buffer.from('note'),
        sha256('h'),
        sha256('b'),
        Buffer.from('019a0c6e8f537d3a9d517a1f0c2b3e4d', 'hex'),
      ]),
    );
    assert.deepEqual(messageLeaf(parts), expected);
  });

  test('changes with each of its parts', () => {
    const leaf = messageLeaf(parts).toString('hex');
    const changes = [
      { salt: randomBytes(32) },
      { type: 'notes' },
      { headDigest: sha256('x') },
      { bodyDigest: sha256('x') },
      { id: randomId() },
    ];
    for (const change of changes) assert.notEqual(messageLeaf({ ...parts, ...change }).toString('hex'), leaf);
  });
});

describe('an envelope', () => {
  test('is refused with any member missing, added or wrong', () => {
    const good = signEnvelope(BATCH_DOMAIN, envelope, generateKey()).bytes;
    assert.deepEqual(parseBatchEnvelope(good), envelope);
    const changes = [
      { note: 1 },
      { count: 0 },
      { root: 'x' },
      { created: 'now' },
      { charter: { version: 1 } },
      { charter: { version: 1, digest: 'a'.repeat(64), x: 1 } },
      { id: 'x' },
      { sender: '' },
    ];
    for (const change of changes) {
      const bytes = signEnvelope(BATCH_DOMAIN, { ...envelope, ...change } as typeof envelope, generateKey()).bytes;
      assert.throws(() => parseBatchEnvelope(bytes), refused('EXCHANGE_MALFORMED'));
    }
    assert.throws(() => parseBatchEnvelope(encode({ z: 1 })), refused('EXCHANGE_MALFORMED'));
    const many = signEnvelope(BATCH_DOMAIN, { ...envelope, count: 501 }, generateKey()).bytes;
    assert.throws(() => parseBatchEnvelope(many), refused('EXCHANGE_TOO_LARGE'));
    assert.throws(() => parseAnswerEnvelope(good), refused('EXCHANGE_MALFORMED'));
  });
});

describe('a frame', () => {
  const signed = signEnvelope(BATCH_DOMAIN, envelope, generateKey());
  const messages = [
    { salt: randomBytes(32), head: headBytes(head), body: Buffer.from('{}') },
    { salt: randomBytes(32), head: Buffer.from('h'), body: Buffer.alloc(0) },
  ];

  test('comes back as it was written', () => {
    const frame = readBatch(writeBatch(signed, messages));
    assert.deepEqual(frame, { envelope: signed.bytes, signature: signed.signature, messages });
    const answers = [Buffer.from('a'), Buffer.from('bb')];
    assert.deepEqual(readAnswers(writeAnswers(signed, answers)).answers, answers);
  });

  test('that ends early at any byte, or is another kind of frame, is refused', () => {
    const bytes = writeBatch(signed, messages);
    const ends = new Set<number>();
    fc.assert(
      fc.property(fc.integer({ min: 0, max: bytes.length - 1 }), (length) => {
        try {
          const read = readBatch(bytes.subarray(0, length));
          // Only where a message ends can the bytes end, and then the count of the envelope tells.
          ends.add(read.messages.length);
        } catch (error) {
          assert.ok(isFailure(error, 'EXCHANGE_MALFORMED'));
        }
      }),
      { numRuns: 300 },
    );
    assert.ok([...ends].every((count) => count < messages.length));
    assert.throws(() => readAnswers(bytes), refused('EXCHANGE_MALFORMED'));
    assert.throws(() => readBatch(Buffer.alloc(0)), refused('EXCHANGE_MALFORMED'));
  });

  test('with a length beyond its end never reads there', () => {
    const bytes = writeBatch(signed, messages);
    bytes.writeUInt32BE(0xffffffff, 4);
    assert.throws(() => readBatch(bytes), refused('EXCHANGE_MALFORMED'));
  });
});

describe('an answer', () => {
  const receipt = {
    message: head.id,
    head: 'a'.repeat(64),
    body: 'b'.repeat(64),
    from: 'kz',
    to: 'ru',
    receivedAt: AT,
    batch: 'c'.repeat(64),
    promise: {
      origin: 'commonway/test/ru',
      within: 60,
      leaf: { kind: 'message-received' as const, salt: 's', contentDigest: 'd'.repeat(64) },
    },
  };

  test('is a receipt or a refusal and nothing else', () => {
    assert.deepEqual(parseAnswer(answerBytes(receipt)), receipt);
    const refusal = { message: head.id, refused: 'EXCHANGE_ID_REUSED', at: AT };
    assert.deepEqual(parseAnswer(answerBytes(refusal)), refusal);
    const wrong = [
      { ...receipt, note: 1 },
      { ...receipt, head: 'x' },
      { ...receipt, promise: { ...receipt.promise, leaf: { ...receipt.promise.leaf, kind: 'access' } } },
      ...[0, -60, 61, 2 ** 52, 1.5].map((within) => ({ ...receipt, promise: { ...receipt.promise, within } })),
      { ...refusal, refused: 'no reason' },
      { ...refusal, x: 1 },
      { ...receipt, message: 'x' },
    ];
    for (const answer of wrong) {
      assert.throws(() => parseAnswer(answerBytes(answer as typeof receipt)), refused('EXCHANGE_MALFORMED'));
    }
  });
});

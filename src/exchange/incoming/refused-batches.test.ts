import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { generateKey, sha256 } from '../../crypto/index.ts';
import { isFailure } from '../../storage/index.ts';
import { listAlarms } from '../../union/index.ts';
import { type Answer, isRefusal, parseAnswer } from '../protocol/answer.ts';
import { readAnswers, readBatch, writeBatch } from '../protocol/frame.ts';
import { craftBatch, craftingNode, craftMessage, testNet } from '../testing.ts';
import { receiveBatch } from './receive.ts';

async function pair(t: TestContext) {
  const net = await testNet(t, ['am', 'kz', 'ru'], { withStore: ['ru'] });
  const ru = net.node('ru');
  const [am, kz] = [craftingNode(net.union, 'am'), craftingNode(net.union, 'kz')];
  const receive = async (frame: Buffer, peer = 'kz'): Promise<Answer[]> =>
    readAnswers(await receiveBatch(ru.ctx, peer, frame)).answers.map(parseAnswer);
  const refuses = async (frame: Buffer, code: string, peer = 'kz') => {
    await assert.rejects(receive(frame, peer), (error: unknown) => isFailure(error, code), code);
    const rows = await ru.db.query('select 1 from exchange_received union all select 1 from exchange_envelope');
    assert.deepEqual(rows, [], 'nothing of a refused batch is taken');
  };
  return { am, kz, ru, receive, refuses };
}

const note = (body: unknown = 'x', head = {}) => craftMessage({ from: 'kz', to: 'ru', ...head }, body as string);
const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString();

describe('a batch is refused whole', () => {
  test('wrong-signature: by a key that is nobody’s, of another purpose, or of another state', async (t) => {
    const { am, kz, refuses } = await pair(t);
    await refuses(craftBatch(kz, 'ru', [note()], { key: generateKey() }), 'EXCHANGE_SIGNATURE');
    await refuses(craftBatch(kz, 'ru', [note()], { key: kz.ctx.keys.seal }), 'EXCHANGE_SIGNATURE');
    await refuses(craftBatch(kz, 'ru', [note()], { key: am.ctx.keys.messages }), 'EXCHANGE_SIGNATURE');
    const other = craftBatch(kz, 'ru', [note()], {
      key: generateKey(),
      change: { key: kz.ctx.keys.messages.public.id },
    });
    await refuses(other, 'EXCHANGE_SIGNATURE');
  });

  test('changed-in-transit: any byte of envelope, signature, salt, head or body', async (t) => {
    const { kz, refuses, receive } = await pair(t);
    const frame = craftBatch(kz, 'ru', [note({ months: 12 })]);
    for (const place of [4, 9, 120, 300, frame.length - 30, frame.length - 2]) {
      const changed = Buffer.from(frame);
      changed[place] = (changed[place] as number) ^ 1;
      await assert.rejects(receive(changed), (error: unknown) => isFailure(error), `byte ${place}`);
    }
    const { envelope, signature, messages } = readBatch(frame);
    const signed = { envelope: null, bytes: envelope, signature };
    const [message] = messages;
    assert.ok(message);
    await refuses(writeBatch(signed, [{ ...message, body: Buffer.from('{"months":13}') }]), 'EXCHANGE_MERKLE_ROOT');
    await refuses(writeBatch(signed, [{ ...message, salt: sha256('x') }]), 'EXCHANGE_MERKLE_ROOT');
    await refuses(writeBatch(signed, [message, message]), 'EXCHANGE_MERKLE_ROOT');
    await refuses(writeBatch({ ...signed, signature: signature.subarray(1) }, messages), 'EXCHANGE_SIGNATURE');
  });

  test('clock-skew: a sender more than a minute ahead, with its own code', async (t) => {
    const { kz, refuses, receive } = await pair(t);
    await refuses(craftBatch(kz, 'ru', [note()], { now: inSeconds(70) }), 'EXCHANGE_CLOCK_SKEW');
    assert.equal((await receive(craftBatch(kz, 'ru', [note()], { now: inSeconds(50) }))).length, 1);
  });

  test('stale: a batch that was kept back for more than five minutes, or that claims to live longer', async (t) => {
    const { kz, refuses } = await pair(t);
    await refuses(craftBatch(kz, 'ru', [note()], { now: inSeconds(-301) }), 'EXCHANGE_BATCH_EXPIRED');
    await refuses(craftBatch(kz, 'ru', [note()], { change: { expires: inSeconds(3600) } }), 'EXCHANGE_MALFORMED');
  });

  test('of another sender than the connection, or for another receiver', async (t) => {
    const { am, kz, refuses } = await pair(t);
    await refuses(craftBatch(kz, 'ru', [note()]), 'EXCHANGE_WRONG_SENDER', 'am');
    const toAm = craftMessage({ from: 'kz', to: 'am' }, 'x');
    await refuses(craftBatch(kz, 'am', [toAm]), 'EXCHANGE_WRONG_RECEIVER');
    await refuses(craftBatch(kz, 'ru', [toAm]), 'EXCHANGE_MALFORMED');
    const ofAm = craftMessage({ from: 'am', to: 'ru' }, 'x');
    await refuses(craftBatch(kz, 'ru', [ofAm]), 'EXCHANGE_MALFORMED');
    await refuses(craftBatch(am, 'ru', [ofAm]), 'EXCHANGE_WRONG_SENDER');
    await refuses(craftBatch(kz, 'ru', [note()], { change: { union: 'other' } }), 'EXCHANGE_WRONG_SENDER');
  });

  test('with one message twice', async (t) => {
    const { kz, refuses } = await pair(t);
    const message = note();
    await refuses(craftBatch(kz, 'ru', [message, message]), 'EXCHANGE_MALFORMED');
  });

  test('of a sender with another content of our charter version, with an alarm; one with a newer version is heard', async (t) => {
    const { kz, ru, refuses, receive } = await pair(t);
    const fork = { charter: { version: 1, digest: 'f'.repeat(64) } };
    await refuses(craftBatch(kz, 'ru', [note()], { change: fork }), 'EXCHANGE_CHARTER_FORK');
    assert.deepEqual(
      (await listAlarms(ru.db)).map(({ kind, peer }) => [kind, peer]),
      [['charter-fork', 'kz']],
    );
    const newer = { charter: { version: 2, digest: 'e'.repeat(64) } };
    assert.equal((await receive(craftBatch(kz, 'ru', [note()], { change: newer }))).length, 1);
    assert.equal((await listAlarms(ru.db)).length, 2);
  });
});

describe('within a batch that is taken, a message is refused with a signed word', () => {
  const refusals = (answers: Answer[]) => answers.map((answer) => (isRefusal(answer) ? answer.refused : 'received'));

  test('when it has expired', async (t) => {
    const { kz, receive } = await pair(t);
    const old = note('x', { expires: inSeconds(-1) });
    const answers = await receive(craftBatch(kz, 'ru', [old, note('y', { sequence: 2 })]));
    assert.deepEqual(refusals(answers), ['EXCHANGE_MESSAGE_EXPIRED', 'received']);
  });

  test('when its id was used for another content', async (t) => {
    const { kz, receive } = await pair(t);
    const first = note('x');
    await receive(craftBatch(kz, 'ru', [first]));
    const second = craftMessage({ ...first.parsed }, 'y');
    assert.deepEqual(refusals(await receive(craftBatch(kz, 'ru', [second]))), ['EXCHANGE_ID_REUSED']);
    const otherHead = note('x', { id: first.parsed.id, type: 'other' });
    assert.deepEqual(refusals(await receive(craftBatch(kz, 'ru', [otherHead]))), ['EXCHANGE_ID_REUSED']);
  });

  test('when its place in the lane is taken, in the store or in the batch itself', async (t) => {
    const { kz, receive } = await pair(t);
    const answers = await receive(craftBatch(kz, 'ru', [note('x'), note('y')]));
    assert.deepEqual(refusals(answers), ['received', 'EXCHANGE_SEQUENCE_TAKEN']);
    assert.deepEqual(refusals(await receive(craftBatch(kz, 'ru', [note('z')]))), ['EXCHANGE_SEQUENCE_TAKEN']);
  });

  test("but never because another sender used the same id or the same place: one state cannot block another's messages", async (t) => {
    const { am, kz, receive } = await pair(t);
    const mine = note('x');
    const theirs = craftMessage({ from: 'am', to: 'ru', id: mine.parsed.id }, 'spoof');
    await receive(craftBatch(am, 'ru', [theirs]), 'am');
    assert.deepEqual(refusals(await receive(craftBatch(kz, 'ru', [mine]))), ['received']);
  });
});

describe('replay', () => {
  test('of the same bytes gives the same receipt and no second message', async (t) => {
    const { kz, ru, receive } = await pair(t);
    const frame = craftBatch(kz, 'ru', [note()]);
    const first = await receive(frame);
    assert.deepEqual(await receive(frame), first);
    const rows = await ru.db.query<{ n: number }>(
      `select (select count(*)::int from exchange_received) + (select count(*)::int from ledger_pending) as n`,
    );
    assert.equal(rows[0]?.n, 2);
  });

  test('duplicate-delivery: in another batch, even after it expired, gives the receipt of the first time', async (t) => {
    const { kz, ru, receive } = await pair(t);
    const message = note('x', { expires: inSeconds(0.5) });
    const [first] = await receive(craftBatch(kz, 'ru', [message]));
    await new Promise((resolve) => setTimeout(resolve, 600));
    const [again, other] = await receive(craftBatch(kz, 'ru', [message, note('y', { sequence: 2 })]));
    assert.deepEqual(again, first);
    assert.ok(other && !isRefusal(other));
    assert.equal((await ru.db.query('select 1 from exchange_received')).length, 2);
  });

  test('at the same moment, from ten sides, takes it once', async (t) => {
    const { kz, ru, receive } = await pair(t);
    const messages = [note('x'), note('y', { sequence: 2 }), note('z', { lane: 'case-2' })];
    const all = await Promise.all(Array.from({ length: 10 }, () => receive(craftBatch(kz, 'ru', messages))));
    for (const answers of all) assert.deepEqual(answers, all[0]);
    assert.equal((await ru.db.query('select 1 from exchange_received')).length, 3);
  });
});

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { until } from '../exchange/testing.ts';
import { isFailure } from '../storage/index.ts';
import { dropDead, findMessage, listDeadMessages, retryDead } from './dead.ts';
import { LIMITS } from './limits.ts';
import { pullMessages } from './pull.ts';
import { resendMessage } from './resend.ts';
import { sendMessage } from './send.ts';
import { findSent, listSent, type SentStatus } from './sent.ts';
import { settleMessages } from './settle.ts';
import { ADDRESS, CHANNEL, type MessagesTest, messagesTest, SENDER } from './testing.ts';

const becomes = ({ by }: MessagesTest, id: string, status: SentStatus) =>
  until(`${id} is ${status}`, async () => (await findSent(by.ctx.db, SENDER, { id }))?.status === status);
const arrive = (net: MessagesTest, count: number) =>
  until(`${count} have arrived`, async () => (await net.count()) === count);

test('a message is handed out once, acknowledged, and its sender sees each step', async (t) => {
  const net = await messagesTest(t, { stopped: true });
  await net.grant();
  const sent = await net.send({ claim: 7, text: 'қазақша' }, { key: 'claim-7' });
  assert.equal(sent.status, 'waiting');
  await net.start(net.by);
  await net.start(net.kz);
  await becomes(net, sent.id, 'received');
  await arrive(net, 1);
  const { lease, messages, values } = await net.pull();
  assert.deepEqual(values, [{ claim: 7, text: 'қазақша' }]);
  assert.deepEqual(
    messages.map(({ id, sender, type, key, delivery }) => ({ id, sender, type, key, delivery })),
    [{ id: sent.id, sender: 'by.pension-fund/registry', type: 'claim.filed', key: 'claim-7', delivery: 1 }],
  );
  assert.deepEqual((await net.pull()).values, [], 'nobody else gets it meanwhile');
  const settled = await settleMessages(net.kz.ctx, ADDRESS, lease, { acknowledged: [sent.id] });
  assert.deepEqual(settled, { acknowledged: [sent.id], rejected: [], lost: [], early: [] });
  const again = await settleMessages(net.kz.ctx, ADDRESS, lease, { acknowledged: [sent.id] });
  assert.deepEqual(again.acknowledged, [sent.id], 'acknowledging twice is no error');
  await becomes(net, sent.id, 'acknowledged');
  const [row] = await net.kz.db.query<{ content: Buffer | null }>('select content from messages_inbox');
  assert.equal(row?.content, null, 'an acknowledged content is not kept');
});

test('bytes of any type arrive as they were', async (t) => {
  const net = await messagesTest(t);
  await net.grant();
  const bytes = Buffer.from([0, 255, 1, 254, 13, 10]);
  await net.send(null, { content: { bytes, contentType: 'application/pdf' } });
  await arrive(net, 1);
  const [message] = (await pullMessages(net.kz.ctx, ADDRESS)).messages;
  assert.equal(message?.contentType, 'application/pdf');
  assert.ok(message?.content.equals(bytes));
});

test('the same idempotency key is the same message, however often and however many at once; another message under it is refused', async (t) => {
  const net = await messagesTest(t, { stopped: true });
  const wanted = { channel: CHANNEL, type: 'claim.filed', content: { json: 1 }, idempotencyKey: 'k-1' };
  const results = await Promise.all(Array.from({ length: 8 }, () => sendMessage(net.by.ctx, SENDER, wanted)));
  assert.equal(new Set(results.map(({ message }) => message.id)).size, 1);
  assert.equal(results.filter(({ isNew }) => isNew).length, 1);
  for (const more of [{ content: { json: 2 } }, { type: 'claim.changed' }, { key: 'x' }])
    await assert.rejects(sendMessage(net.by.ctx, SENDER, { ...wanted, ...more }), (error) =>
      isFailure(error, 'MESSAGES_KEY_REUSED'),
    );
  const other = await sendMessage(net.by.ctx, { ...SENDER, system: 'other' }, wanted);
  assert.equal(other.isNew, true, 'the key is the system’s own');
});

test('what is too large, too old or of no form is refused before anything is stored', async (t) => {
  const net = await messagesTest(t, { stopped: true });
  const refused = async (code: string, more: Parameters<typeof net.send>[1]) =>
    assert.rejects(net.send('x', more), (error) => isFailure(error, code), code);
  await refused('MESSAGES_TOO_LARGE', { content: { json: 'x'.repeat(LIMITS.contentBytes) } });
  await refused('MESSAGES_LIFE', { expiresInSeconds: 0 });
  await refused('MESSAGES_LIFE', { expiresInSeconds: LIMITS.lifeSeconds.most + 1 });
  await refused('MESSAGES_TYPE', { type: '../x' });
  await refused('MESSAGES_KEY', { key: 'a b' });
  await refused('MESSAGES_RECEIVER_UNKNOWN', { channel: { ...CHANNEL, agency: 'kz.nobody' } });
  await refused('MESSAGES_RECEIVER_UNKNOWN', { channel: { ...CHANNEL, agency: 'xx.population' } });
  await refused('MESSAGES_CONTENT', { content: { bytes: Buffer.from('{'), contentType: 'application/json' } });
  assert.deepEqual(await listSent(net.by.ctx.db, SENDER, { limit: 10 }), []);
});

test('a system sends so many messages in a minute, and is told when the next may go', async (t) => {
  const net = await messagesTest(t, { stopped: true });
  await net.send(1);
  await net.by.db.query('update access_use set calls = $1', [LIMITS.sentInMinute]);
  const refusal = await (async () => {
    // What this process drew already goes; then it is over.
    for (;;) await net.send(1);
  })().catch((error: unknown) => error);
  assert.ok(isFailure(refusal, 'MESSAGES_RATE'), String(refusal));
  assert.ok(Date.parse(String(refusal.params.until)) > Date.now());
});

describe('the order of a key', () => {
  test('is that of the sending, and no two systems work on one key at once', async (t) => {
    const net = await messagesTest(t);
    await net.grant();
    for (let n = 1; n <= 6; n++) await net.send(n, { key: n % 2 ? 'odd' : 'even' });
    await arrive(net, 6);
    const first = await net.pull({ max: 1 });
    assert.equal(first.values.length, 1);
    const odd = Number(first.values[0]) % 2;
    const second = await net.pull();
    assert.ok(
      second.values.every((value) => Number(value) % 2 !== odd),
      'the other key alone goes on',
    );
    assert.deepEqual(second.values, [...second.values].sort());
    assert.equal(second.values.length, 3);
    await settleMessages(net.kz.ctx, ADDRESS, first.lease, { acknowledged: first.messages.map(({ id }) => id) });
    const third = await net.pull();
    assert.deepEqual(third.values, odd ? [3, 5] : [4, 6]);
  });

  test('cannot be acknowledged out of order, and one that is rejected takes those behind it back', async (t) => {
    const net = await messagesTest(t);
    await net.grant();
    for (let n = 1; n <= 3; n++) await net.send(n, { key: 'k' });
    await arrive(net, 3);
    const { lease, messages, values } = await net.pull();
    assert.deepEqual(values, [1, 2, 3]);
    const [one, two, three] = messages.map(({ id }) => id) as [string, string, string];
    const early = await settleMessages(net.kz.ctx, ADDRESS, lease, { acknowledged: [two, three] });
    assert.deepEqual(early, { acknowledged: [], rejected: [], lost: [], early: [two, three] });
    const rejected = await settleMessages(net.kz.ctx, ADDRESS, lease, {
      acknowledged: [one],
      rejected: [{ id: two, reason: 'BUSY', retryAfterSeconds: 5 }],
    });
    assert.deepEqual(rejected.rejected, [two]);
    assert.deepEqual((await net.pull()).values, [], 'it backs off, and the third waits behind it');
    net.advance(5_001);
    const again = await net.pull();
    assert.deepEqual(again.values, [2, 3]);
    assert.deepEqual(
      again.messages.map(({ delivery }) => delivery),
      [2, 1],
      'what only waited behind was not counted',
    );
  });

  test('is kept when many pull and acknowledge at once', async (t) => {
    const net = await messagesTest(t);
    await net.grant();
    for (let n = 0; n < 60; n++) await net.send(n, { key: `k${n % 4}` });
    await arrive(net, 60);
    const seen: number[] = [];
    const work = async () => {
      while (seen.length < 60) {
        const { lease, messages, values } = await net.pull({ max: 5 });
        seen.push(...values.map(Number));
        await settleMessages(net.kz.ctx, ADDRESS, lease, { acknowledged: messages.map(({ id }) => id) });
      }
    };
    await Promise.all([work(), work(), work(), work()]);
    for (let key = 0; key < 4; key++) {
      const own = seen.filter((n) => n % 4 === key);
      assert.deepEqual(
        own,
        [...own].sort((a, b) => a - b),
      );
      assert.equal(own.length, 15);
    }
  });
});

describe('a lease', () => {
  test('that ends gives its messages to the next, and the earlier one’s word counts no more', async (t) => {
    const net = await messagesTest(t);
    await net.grant();
    await net.send('x');
    await arrive(net, 1);
    const first = await net.pull({ leaseSeconds: 2 });
    net.advance(2_001);
    const second = await net.pull();
    assert.equal(second.messages[0]?.delivery, 2);
    const ids = second.messages.map(({ id }) => id);
    assert.deepEqual((await settleMessages(net.kz.ctx, ADDRESS, first.lease, { acknowledged: ids })).lost, ids);
    assert.deepEqual((await settleMessages(net.kz.ctx, ADDRESS, second.lease, { acknowledged: ids })).lost, []);
  });

  test('waits for the first message as long as it was told', async (t) => {
    const net = await messagesTest(t);
    await net.grant();
    const waiting = net.pull({ waitMs: 10_000 });
    await net.send('x');
    assert.deepEqual((await waiting).values, ['x']);
  });

  test('holds at most so many bytes, but at least one message', async (t) => {
    const net = await messagesTest(t);
    await net.grant();
    const half = 'x'.repeat(LIMITS.contentBytes - 100);
    for (let n = 0; n < 3; n++) await net.send(half);
    await arrive(net, 3);
    assert.equal((await net.pull()).messages.length, 2);
    assert.equal((await net.pull()).messages.length, 1);
  });
});

describe('a message that nobody acknowledges', () => {
  test('comes alone after some times, is dead after ten, holds up its key and no other, and goes on by an operator’s word', async (t) => {
    const net = await messagesTest(t);
    await net.grant();
    const poison = await net.send('poison', { key: 'k' });
    await net.send('behind', { key: 'k' });
    await net.send('beside', { key: 'other' });
    await arrive(net, 3);
    for (let time = 1; time <= LIMITS.deliveries; time++) {
      const { messages, values } = await net.pull({ leaseSeconds: 1 });
      assert.ok(values.includes('poison'), `time ${time}`);
      if (time > LIMITS.deliveriesInCompany) assert.equal(messages.length, 1);
      net.advance(1_001);
    }
    const beside = await net.pull();
    assert.deepEqual(beside.values, ['beside']);
    await settleMessages(net.kz.ctx, ADDRESS, beside.lease, { acknowledged: beside.messages.map(({ id }) => id) });
    const [dead] = await listDeadMessages(net.kz.db);
    assert.deepEqual(
      { ...dead, created: '', expires: '', size: 0 },
      {
        id: poison.id,
        direction: 'in',
        sender: 'by.pension-fund/registry',
        channel: ADDRESS,
        type: 'claim.filed',
        key: 'k',
        size: 0,
        status: 'dead',
        reason: 'MESSAGES_UNACKNOWLEDGED',
        created: '',
        expires: '',
        deliveries: 10,
        behind: 1,
      },
    );
    await becomes(net, poison.id, 'dead');
    assert.deepEqual(
      (await listDeadMessages(net.by.db)).map(({ id }) => id),
      [poison.id],
      'both operators see it',
    );

    assert.equal(await net.kz.db.transaction((tx) => retryDead(tx, net.kz.ctx, poison.id)), true);
    const again = await net.pull();
    assert.deepEqual(again.values, ['poison'], 'what failed with it comes after it, alone');
    const [first] = again.messages;
    await settleMessages(net.kz.ctx, ADDRESS, again.lease, { rejected: [{ id: first?.id ?? '', final: true }] });
    assert.deepEqual((await net.pull()).values, [], 'its key waits behind it');
    assert.equal(await net.kz.db.transaction((tx) => dropDead(tx, net.kz.ctx, poison.id)), true);
    assert.equal(await net.kz.db.transaction((tx) => dropDead(tx, net.kz.ctx, poison.id)), false);
    assert.deepEqual((await net.pull()).values, ['behind']);
    await becomes(net, poison.id, 'dropped');
  });

  test('is handed out again in its own place when its sender asks', async (t) => {
    const net = await messagesTest(t);
    await net.grant();
    const one = await net.send(1, { key: 'k' });
    await net.send(2, { key: 'k' });
    await arrive(net, 2);
    const { lease } = await net.pull({ max: 1 });
    await settleMessages(net.kz.ctx, ADDRESS, lease, { rejected: [{ id: one.id, reason: 'BROKEN', final: true }] });
    await becomes(net, one.id, 'dead');
    assert.deepEqual((await findSent(net.by.ctx.db, SENDER, { id: one.id }))?.reason, {
      code: 'MESSAGES_REJECTED',
      detail: 'BROKEN',
    });
    await resendMessage(net.by.ctx, SENDER, one.id);
    const again = await net.pull({ waitMs: 10_000 });
    assert.deepEqual(again.values, [1, 2]);
  });

  test('expires, does not hold up its key, and can be sent again as a new one, once', async (t) => {
    const net = await messagesTest(t);
    await net.grant();
    const short = await net.send('short', { key: 'k', expiresInSeconds: 20 });
    await net.send('long', { key: 'k' });
    await arrive(net, 2);
    net.advance(21_000);
    assert.deepEqual((await net.pull()).values, ['long']);
    await becomes(net, short.id, 'expired');
    const [again, twice] = await Promise.all([
      resendMessage(net.by.ctx, SENDER, short.id),
      resendMessage(net.by.ctx, SENDER, short.id),
    ]);
    assert.equal(again.id, twice.id);
    assert.notEqual(again.id, short.id);
    const found = await findSent(net.by.ctx.db, SENDER, { id: short.id });
    assert.deepEqual([found?.status, found?.resentAs], ['resent', again.id]);
    await assert.rejects(resendMessage(net.by.ctx, SENDER, again.id), (error) =>
      isFailure(error, 'MESSAGES_NOT_RESENT'),
    );
  });
});

test('an operator sees who, what and why of a message, and never what it says', async (t) => {
  const net = await messagesTest(t);
  await net.grant();
  const { id } = await net.send({ secret: 'Aigerim' });
  await arrive(net, 1);
  for (const db of [net.by.db, net.kz.db]) {
    const [found] = await findMessage(db, id);
    assert.equal(found?.channel, ADDRESS);
    assert.doesNotMatch(JSON.stringify(found), /Aigerim/);
  }
  assert.deepEqual(await findMessage(net.kz.db, 'nothing'), []);
});

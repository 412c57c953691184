import assert from 'node:assert/strict';
import { test } from 'node:test';
import { revokeGrant, setGroup, whyDenied } from '../access/index.ts';
import { send } from '../exchange/index.ts';
import { until } from '../exchange/testing.ts';
import { isFailure } from '../storage/index.ts';
import { TYPES } from './context.ts';
import { resendMessage } from './resend.ts';
import { findSent, listSent, type SentMessage } from './sent.ts';
import { ADDRESS, CHANNEL, type MessagesTest, messagesTest, SENDER } from './testing.ts';

async function refusalOf({ by }: MessagesTest, sent: SentMessage): Promise<SentMessage['reason']> {
  const find = () => findSent(by.ctx.db, SENDER, { id: sent.id });
  await until('it is refused', async () => (await find())?.status === 'refused');
  return (await find())?.reason ?? null;
}

test('without a grant nothing gets into a channel: its sender learns why and whom to ask, and so does the owner', async (t) => {
  const net = await messagesTest(t);
  const sent = await net.send('x');
  const reason = await refusalOf(net, sent);
  assert.equal(reason?.code, 'ACCESS_DENIED');
  assert.equal(reason?.askAgency, 'kz.population');
  assert.equal(reason?.detail, 'There is no grant for this caller to this service.');
  assert.equal(await net.count(), 0);
  const why = await whyDenied(net.kz.ctx, reason?.denial ?? '', 'kz.population');
  assert.deepEqual([why.caller, why.service, why.method], ['by.pension-fund/registry', ADDRESS, 'SEND']);
  await assert.rejects(whyDenied(net.kz.ctx, reason?.denial ?? '', 'kz.portal'), (error) =>
    isFailure(error, 'ACCESS_DENIAL_UNKNOWN'),
  );
});

test('a refused message can be sent again once there is a grant', async (t) => {
  const net = await messagesTest(t);
  const sent = await net.send('x');
  await refusalOf(net, sent);
  await net.grant();
  await resendMessage(net.by.ctx, SENDER, sent.id);
  await until('it is there', async () => (await net.count()) === 1);
});

test('a grant for some types, for calls, for another system or of a group that was left lets nothing else in', async (t) => {
  const net = await messagesTest(t);
  await net.grant({ path: '/claim.filed' });
  await net.grant({ method: 'POST', path: '/other' });
  await net.grant({ path: '/third', subject: { kind: 'system', name: 'by.pension-fund/other' } });
  await setGroup(net.kz.ctx, 'funds', ['by.pension-fund'], 'operator');
  await net.grant({ path: '/fourth', subject: { kind: 'group', name: 'funds' } });
  await net.send('in');
  await until('it is there', async () => (await net.count()) === 1);
  await setGroup(net.kz.ctx, 'funds', [], 'operator');
  for (const type of ['other', 'third', 'fourth', 'claim.filed.late'])
    assert.equal((await refusalOf(net, await net.send('x', { type })))?.code, 'ACCESS_DENIED', type);
  assert.equal(await net.count(), 1);
});

test('a revoked grant and a used-up quota refuse the next message', async (t) => {
  const net = await messagesTest(t);
  const { id } = await net.grant({ quota: { calls: 2, windowSeconds: 86_400 } });
  await net.send(1);
  await net.send(2);
  await until('both are there', async () => (await net.count()) === 2);
  assert.equal((await refusalOf(net, await net.send(3)))?.code, 'ACCESS_QUOTA');
  await revokeGrant(net.kz.ctx, id, 'over', 'kz.population');
  assert.equal((await refusalOf(net, await net.send(4)))?.code, 'ACCESS_DENIED');
});

test('a channel that does not exist is refused to a stranger as one that is not granted', async (t) => {
  const net = await messagesTest(t);
  const sent = await net.send('x', { channel: { ...CHANNEL, service: 'secret' } });
  assert.equal((await refusalOf(net, sent))?.code, 'ACCESS_DENIED');
});

test('a node cannot send for a system of another state, nor say what became of messages that were not sent to it', async (t) => {
  const net = await messagesTest(t);
  await net.grant({ subject: { kind: 'agency', name: 'kz.pension-fund' } });
  const body = {
    sender: 'kz.pension-fund/registry',
    channel: ADDRESS,
    type: 'claim.filed',
    contentType: 'application/json',
    json: 1,
  };
  const { db, ctx } = net.by;
  await db.transaction((tx) => send(tx, ctx, { to: 'kz', type: TYPES.deliver, lane: 'forged', body }));
  await until('it was answered', async () =>
    net.by.db
      .query(`select 1 from exchange_received where type = 'message/outcome' and status = 'handled'`)
      .then((rows) => rows.length === 1),
  );
  assert.equal(await net.count(), 0);

  const own = await net.send('x', { channel: { ...CHANNEL, agency: 'by.population' } });
  const outcomes = [{ id: own.id, status: 'acknowledged' }];
  const forged = { at: new Date().toISOString(), outcomes };
  await net.kz.db.transaction((tx) =>
    send(tx, net.kz.ctx, { to: 'by', type: TYPES.outcome, lane: 'forged', body: forged }),
  );
  await until('it was handled', async () =>
    net.by.db
      .query(`select 1 from exchange_received where lane = 'forged' and status = 'handled'`)
      .then((rows) => rows.length === 1),
  );
  assert.notEqual((await findSent(net.by.ctx.db, SENDER, { id: own.id }))?.status, 'acknowledged');
});

test('a system sees its own messages and no other’s, not even of its own agency', async (t) => {
  const net = await messagesTest(t, { stopped: true });
  const { id } = await net.send('x');
  const other = { ...SENDER, system: 'other' };
  assert.equal((await listSent(net.by.ctx.db, SENDER, { limit: 10 })).length, 1);
  assert.deepEqual(await listSent(net.by.ctx.db, other, { limit: 10 }), []);
  assert.equal(await findSent(net.by.ctx.db, other, { id }), undefined);
  await assert.rejects(resendMessage(net.by.ctx, other, id), (error) => isFailure(error, 'MESSAGES_UNKNOWN'));
});

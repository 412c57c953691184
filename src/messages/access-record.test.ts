import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../exchange/testing.ts';
import { findSent } from './sent.ts';
import { settleMessages } from './settle.ts';
import { ADDRESS, type MessagesTest, messagesTest, SENDER } from './testing.ts';

interface Entry {
  agency: string;
  fields: string[];
  ground: { kind: string; article: string };
}

const entriesOf = async ({ kz }: MessagesTest): Promise<Entry[]> =>
  kz.db.query<Entry>(
    `select content->>'agency' as agency, content->'fields' as fields, content->'ground' as ground from access_entries where leaf is not null`,
  );

test('whoever a message names sees once that it was handed out, to whom, what of it and on which ground', async (t) => {
  const net = await messagesTest(t, { persons: ['body:/person/code', 'none:/ping'] });
  await net.grant();
  const sent = await net.send({ person: { code: 'KZ-T-000101' }, months: 27 });
  await net.send({ hello: true }, { type: 'ping' });
  await until('both are there', async () => (await net.count()) === 2);
  assert.deepEqual(await entriesOf(net), [], 'nobody has read it yet');
  const first = await net.pull({ leaseSeconds: 1 });
  assert.equal(first.messages.length, 2);
  net.advance(1_001);
  const again = await net.pull();
  assert.equal(again.messages.find(({ id }) => id === sent.id)?.delivery, 2);
  assert.deepEqual(await entriesOf(net), [
    {
      agency: 'kz.population',
      fields: ['/months', '/person'],
      ground: { kind: 'law', article: 'Law on the register, article 7' },
    },
  ]);
  await settleMessages(net.kz.ctx, ADDRESS, again.lease, { acknowledged: again.messages.map(({ id }) => id) });
  const left = await net.kz.db.query('select 1 from messages_inbox where persons is not null or content is not null');
  assert.deepEqual(left, [], 'whom it named is not kept with the message');
});

test('a message that does not name whom it is about does not get into the channel', async (t) => {
  const net = await messagesTest(t, { persons: ['body:/person/code'] });
  await net.grant();
  const refused = [
    await net.send({ person: {} }),
    await net.send({ person: { code: '../../x' } }),
    await net.send('text'),
    await net.send(null, { content: { bytes: Buffer.from('x'), contentType: 'text/plain' } }),
  ];
  for (const { id } of refused) {
    const find = () => findSent(net.by.ctx.db, SENDER, { id });
    await until('it is refused', async () => (await find())?.status === 'refused');
    assert.equal((await find())?.reason?.code, 'ACCESS_PERSON_UNNAMED');
  }
  assert.equal(await net.count(), 0);
});

test('of a message that is granted for some fields, only these get into the channel', async (t) => {
  const net = await messagesTest(t);
  await net.grant({ fields: ['/months', '/person/code'] });
  await net.send({ person: { code: 'KZ-T-000101', name: 'Aigerim' }, months: 27, diagnosis: 'x' });
  const { values } = await net.pull({ waitMs: 10_000 });
  assert.deepEqual(values, [{ person: { code: 'KZ-T-000101' }, months: 27 }]);
});

test('what an article lets an authority keep back is seen from its day on, and told at once under any other', async (t) => {
  const net = await messagesTest(t, { persons: ['body:/person/code'] });
  await net.grant();
  const day = '2030-01-01T00:00:00.000Z';
  net.kz.ctx.withheldUntil = ({ agreement, article }) => (`${agreement} ${article}` === 'pension 7' ? day : undefined);
  for (const [index, article] of ['7', '8'].entries()) {
    await net.send({ person: { code: 'KZ-T-000101' }, article });
    await until('it is there', async () => (await net.count()) === index + 1);
    await net.kz.db.query('update messages_inbox set purpose = $1::jsonb', [
      JSON.stringify({ agreement: 'pension', article }),
    ]);
    const { lease, messages } = await net.pull();
    await settleMessages(net.kz.ctx, ADDRESS, lease, { acknowledged: messages.map(({ id }) => id) });
  }
  const rows = await net.kz.db.query(
    `select content->'ground'->>'article' as article, withheld_until as until from access_entries where leaf is not null order by 1`,
  );
  assert.deepEqual(rows, [
    { article: '7', until: day },
    { article: '8', until: null },
  ]);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sendMessage } from '../../messages/index.ts';
import { messagesDrop, messagesList, messagesResend, messagesShow } from './messages.ts';
import { commandsTest } from './testing-node.ts';

const CREATED = '2026-01-01T00:00:00.000Z';
const DEAD = ['019a0c6e-8f53-7d3a-9d51-7a1f0c2b3e01', '019a0c6e-8f53-7d3a-9d51-7a1f0c2b3e02'] as const;

test('an operator lists the dead letters of a node, looks at one, lets one be handed out again, drops one, and sends a refused one anew', async (t) => {
  const { run: runAny, withStore } = await commandsTest(t, [messagesList, messagesShow, messagesResend, messagesDrop]);
  const run = (...words: string[]) => runAny('messages', ...words, '--state', 'kz');
  const sentence = (line: { said: string }) => line.said.split('\n').at(-1) ?? '';

  assert.match(sentence(await run('list')), /no dead letters/);
  const refused = await withStore(async (store) => {
    for (const id of DEAD)
      await store.db.query(
        `insert into messages_inbox (channel, id, sender, type, ordering_key, content_type, content, size, created, expires, received_at,
           status, deliveries, reason, purpose)
         values ('kz.population/register/claims', $1, 'by.population/register', 'claim.filed', 'k', 'application/json', '"Aigerim"', 9,
           $2, '2036-01-01', $2, 'dead', 10, 'BROKEN', '{"ground":"Law"}')`,
        [id, CREATED],
      );
    const { message } = await sendMessage(
      store,
      { agency: 'kz.population', system: 'register' },
      {
        channel: { agency: 'by.population', system: 'register', service: 'claims' },
        type: 'claim.filed',
        content: { json: 'Aigerim' },
        idempotencyKey: 'k',
      },
    );
    await store.db.query(`update messages_sent set status = 'refused', reason = '{"code":"ACCESS_DENIED"}'`);
    return message.id;
  });

  const listed = await run('list');
  for (const id of [...DEAD, refused]) assert.match(listed.said, new RegExp(id));
  assert.match(listed.said, /dead BROKEN/);
  const shown = await run('show', DEAD[0]);
  assert.match(shown.said, /by\.population\/register/);
  assert.doesNotMatch(shown.said, /Aigerim/, 'what it says is for its receiver alone');

  assert.match(sentence(await run('resend', DEAD[0])), /is handed out again/);
  assert.match(sentence(await run('drop', DEAD[1])), /is dropped/);
  assert.match(sentence(await run('resend', refused)), /goes again as/);
  const statuses = await withStore((store) =>
    store.db.query<{ status: string }>('select status from messages_inbox order by id'),
  );
  assert.deepEqual(
    statuses.map(({ status }) => status),
    ['ready', 'dropped'],
  );
  assert.match(sentence(await run('list')), /no dead letters/);
  const unknown = await run('drop', DEAD[1]);
  assert.equal(unknown.code, 66);
  assert.match(unknown.said, /no message/);
});

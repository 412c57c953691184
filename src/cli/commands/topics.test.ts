import assert from 'node:assert/strict';
import { test } from 'node:test';
import { publishEvents, publishTopic, subscribe } from '../../messages/index.ts';
import { commandsTest } from './testing-node.ts';
import { topicsAllow, topicsList } from './topics.ts';

const SYSTEM = { agency: 'kz.population', system: 'register' };

test('an operator sees who subscribes to what, what waits, and never what the events say', async (t) => {
  const { run: runAny, withStore } = await commandsTest(t, [topicsList]);
  const run = (...words: string[]) => runAny(...words, '--state', 'kz');
  assert.match((await run('topics', 'list')).said, /no topics and no subscriptions/);
  const wanted = await withStore(async (store) => {
    await publishTopic(store, SYSTEM, 'moves', { title: 'Moves', persons: ['none'] });
    await store.db.query(
      `insert into messages_subscriber (topic, id, subscriber, types, subject, cursor, expires, status, made_at, changed_at)
       values ('kz.population/register/moves', '019a0c6e-8f53-7d3a-9d51-7a1f0c2b3e01', 'by.population/register', 'person.', 'KZ-T-1', 0,
         '2036-01-01', 'active', '2026-01-01', '2026-01-01')`,
    );
    const event = {
      specversion: '1.0',
      id: '1',
      source: '/register',
      type: 'person.moved',
      subject: 'KZ-T-1',
      data: 'Aigerim',
    } as const;
    await publishEvents(store, SYSTEM, 'moves', [event]);
    const topic = { agency: 'by.population', system: 'register', service: 'births' };
    return (await subscribe(store, SYSTEM, { topic, idempotencyKey: 'x' })).subscription;
  });
  const { said } = await run('topics', 'list');
  assert.match(said, /kz\.population\/register\/moves {2}Moves: holds 1 events/);
  assert.match(said, /out {2}by\.population\/register person\.\* of one subject: active, 1 wait/);
  assert.match(
    said,
    new RegExp(`${wanted.id} {2}in {2}kz.population/register <- by.population/register/births \\*: waiting, 0 wait`),
  );
  const json = (await run('topics', 'list', '--json')).said;
  assert.equal((JSON.parse(json) as { topics: unknown[] }).topics.length, 1);
  assert.doesNotMatch(said + json, /Aigerim|KZ-T-1/);
});

test('an operator lists private networks in which webhooks may stand, and takes one off the list', async (t) => {
  const { run: runAny } = await commandsTest(t, [topicsAllow]);
  const run = (...words: string[]) => runAny(...words, '--state', 'kz');
  assert.match((await run('topics', 'allow')).said, /public addresses alone/);
  assert.match((await run('topics', 'allow', '10.0.7.0/24')).said, /^10\.0\.7\.0\/24$/m);
  const wrong = await run('topics', 'allow', 'intranet');
  assert.notEqual(wrong.code, 0);
  assert.match(wrong.said, /intranet is no address/);
  assert.match((await run('topics', 'allow', '10.0.7.0/24', '--no')).said, /public addresses alone/);
});

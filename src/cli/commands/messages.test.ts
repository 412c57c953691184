import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { sendMessage } from '../../messages/index.ts';
import { failureSentence } from '../../storage/index.ts';
import { freshUrl } from '../../storage/testing.ts';
import { writeFoundation } from '../local-union/found.ts';
import { withStateStore } from '../local-union/state-store.ts';
import { writeUnionFile } from '../local-union/union-folder.ts';
import { runCommand } from '../run.ts';
import { SENTENCES } from '../sentences.ts';
import { messagesDrop, messagesList, messagesResend, messagesShow } from './messages.ts';

const CREATED = '2026-01-01T00:00:00.000Z';
const DEAD = ['019a0c6e-8f53-7d3a-9d51-7a1f0c2b3e01', '019a0c6e-8f53-7d3a-9d51-7a1f0c2b3e02'] as const;

test('an operator lists the dead letters of a node, looks at one, lets one be handed out again, drops one, and sends a refused one anew', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'commonway-messages-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const states = ['by', 'kz'];
  const agency = (state: string) => ({ id: `${state}.population`, name: { en: 'Population' }, roles: [] });
  const seed = {
    name: 'test',
    states: states.map((state) => ({ state, name: state.toUpperCase(), agencies: [agency(state)] })),
  };
  const ports = states.map((state, place) => ({ state, portal: 4700 + place, exchange: 4702 + place }));
  for (const state of states) mkdirSync(join(folder, 'states', state), { recursive: true });
  writeFoundation({
    folder,
    anchors: join(folder, 'anchors'),
    seed,
    ports,
    at: CREATED,
    expires: '2036-01-01T00:00:00.000Z',
  });
  const file = { commonway: 'union', format: 1, name: 'test', created: CREATED, clockOffsetMs: 0 } as const;
  writeUnionFile(folder, { ...file, stage: 'founded', states: [...ports] });
  const said: string[] = [];
  const around = {
    root: process.cwd(),
    home: folder,
    env: { DATABASE_URL_KZ: await freshUrl(t) },
    sentenceOf: (failure: Parameters<typeof failureSentence>[1]) => failureSentence(SENTENCES, failure),
    out: (line: string) => void said.push(line),
    err: (line: string) => void said.push(line),
    ask: async () => undefined,
  };
  const run = async (...words: string[]) => {
    said.length = 0;
    const given = ['messages', ...words, '--folder', folder, '--state', 'kz'];
    const code = await runCommand([messagesList, messagesShow, messagesResend, messagesDrop], given, around);
    return { code, said: said.join('\n') };
  };
  const sentence = (line: { said: string }) => line.said.split('\n').at(-1) ?? '';

  assert.match(sentence(await run('list')), /no dead letters/);
  const refused = await withStateStore(around, folder, 'kz', async (store) => {
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
  const statuses = await withStateStore(around, folder, 'kz', (store) =>
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

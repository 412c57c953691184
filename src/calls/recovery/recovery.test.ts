import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { until } from '../../exchange/testing.ts';
import { isFailure, type Json } from '../../storage/index.ts';
import type { Serve } from '../context.ts';
import { callFile, findCalls } from '../evidence/collect.ts';
import { verifyCallFile } from '../evidence/verify.ts';
import { type CallingNode, callingNet } from '../testing.ts';
import { KEPT_CALLS_PATH, type KeptPage } from './keep.ts';
import { recoverCalls } from './recover-calls.ts';

const echo: Serve = async ({ head, body }) => ({ head, body });
const namesOf = (head: Uint8Array) => [Buffer.from(head).toString().split('\n')[1] ?? ''];
const SINCE = '2020-01-01T00:00:00.000Z';

const COLUMNS = 'id, direction, peer, envelope, signature, entries, names::text as names';
const logOf = ({ db }: CallingNode) => db.query(`select ${COLUMNS} from call_batch order by id, direction`);

async function ask(from: CallingNode, to: string, name: string, more: { mode?: 'message'; body?: Readable } = {}) {
  const head = Buffer.from(`GET\n${name}\n`);
  const { id, body } = await from.calls.carry({ to, mode: 'batch', head, body: null, ...more });
  if (body instanceof Readable) await text(body);
  return id;
}

/** Waits until both have so many statements of the calls between them. */
async function untilLogged(one: CallingNode, other: CallingNode, statements: number): Promise<void> {
  const logged = async ({ db }: CallingNode, peer: string) => {
    const [row] = await db.query<{ count: number }>(
      `select sum((convert_from(envelope, 'UTF8')::jsonb ->> 'count')::int)::int as count from call_batch where peer = $1`,
      [peer],
    );
    return row?.count === statements;
  };
  await until('all is received', async () => (await logged(one, other.state)) && (await logged(other, one.state)));
}

/** Kazakhstan and Russia after some calls, all of them logged at both ends with their receipts. */
async function afterCalls(t: TestContext) {
  const nodes = await callingNet(t, { am: echo, kz: echo, ru: echo });
  const { am, kz, ru } = nodes;
  const ids = [
    await ask(kz, 'ru', 'one'),
    await ask(kz, 'ru', 'alone', { mode: 'message' }),
    await ask(kz, 'ru', 'large', { body: Readable.from([Buffer.alloc(200_000)]) }),
    await ask(ru, 'kz', 'back'),
  ];
  await ask(am, 'ru', 'another');
  // Three for a call, two more for what was streamed both ways.
  await untilLogged(kz, ru, 14);
  return { ...nodes, ids };
}

const recover = ({ ctx, exchange }: CallingNode, peer: string) =>
  recoverCalls(ctx, exchange(), peer, { since: SINCE, namesOf });

/** An answer of Russia, changed on its way. */
const changed =
  ({ exchange }: CallingNode, change: (page: KeptPage) => void) =>
  async (...asked: Parameters<ReturnType<CallingNode['exchange']>['ask']>) => {
    const answer = await exchange().ask(...asked);
    const page = JSON.parse(answer.body.toString()) as KeptPage;
    change(page);
    return { ...answer, body: Buffer.from(JSON.stringify(page)) };
  };

test('a node that was restored gets its calls back from whom it called and who called it, and can prove them', async (t) => {
  const { kz, ru, ids } = await afterCalls(t);
  const before = await logOf(kz);
  await kz.db.query('delete from call_batch');
  assert.equal(await recover(kz, 'ru'), before.length);
  assert.deepEqual(await logOf(kz), before);
  assert.equal(await recover(kz, 'ru'), 0);
  assert.deepEqual(await findCalls(kz, 'alone', namesOf), [ids[1]]);
  const contentOf = async (id: string) => {
    const { content } = JSON.parse((await callFile(kz.ctx, id)).toString()) as { content: Json };
    return content;
  };
  const isProven = async () => !JSON.stringify(await contentOf(ids[0] as string)).includes('"proof":null');
  await until('its ledger has them', isProven);
  for (const id of ids) {
    const call = await verifyCallFile(await contentOf(id), ru.ctx.trust, 'kz');
    assert.ok(call.answer !== undefined && call.receivedAt !== undefined);
  }
});

test('what is here stays as it is, only what is lost comes back, however many pages it has', async (t) => {
  const { kz, ru } = await afterCalls(t);
  await Promise.all(Array.from({ length: 120 }, (_, at) => ask(kz, 'ru', `more-${at}`, { mode: 'message' })));
  await untilLogged(kz, ru, 14 + 3 * 120);
  const groups = async () => (await kz.db.query('select leaf from call_group order by leaf')).length;
  const before = await logOf(kz);
  const lost = await kz.db.query(
    `delete from call_batch where id in (select id from call_batch order by id limit 210) returning 1`,
  );
  const had = await groups();
  assert.equal(await recover(kz, 'ru'), lost.length);
  assert.deepEqual(await logOf(kz), before);
  assert.ok((await groups()) > had);
  assert.deepEqual(ru.errors, []);
});

test('nobody is given the calls of others', async (t) => {
  const { am, kz } = await afterCalls(t);
  assert.equal(await recover(am, 'kz'), 0);
  const answer = await am.exchange().ask('ru', { method: 'GET', path: `${KEPT_CALLS_PATH}?since=${SINCE}` });
  const { batches } = JSON.parse(answer.body.toString()) as KeptPage;
  for (const { envelope } of batches)
    assert.match(Buffer.from(envelope, 'base64').toString(), /"(sender|receiver)":"am"/);
  assert.ok(batches.length > 0);
  assert.equal(await recover(kz, 'am'), 0);
});

test('nothing comes back that was not signed so: not a changed signature, head or entry, nor what is of others', async (t) => {
  const { am, kz, ru } = await afterCalls(t);
  await kz.db.query('delete from call_batch');
  const flip = (base64: string, at: number): string => {
    const bytes = Buffer.from(base64, 'base64');
    bytes[at < 0 ? bytes.length + at : at] = (bytes.at(at) as number) ^ 1;
    return bytes.toString('base64');
  };
  const first = (page: KeptPage) => page.batches[0] as KeptPage['batches'][number];
  const answer = await am.exchange().ask('ru', { method: 'GET', path: `${KEPT_CALLS_PATH}?since=${SINCE}` });
  const ofOthers = first(JSON.parse(answer.body.toString()) as KeptPage);
  const changes: [string, (page: KeptPage) => void][] = [
    ['CALLS_SIGNATURE', (page) => Object.assign(first(page), { signature: flip(first(page).signature, 3) })],
    ['CALLS_MALFORMED', (page) => Object.assign(first(page), { entries: flip(first(page).entries, -1) })],
    ['CALLS_MALFORMED', (page) => Object.assign(first(page), { entries: '' })],
    [
      'CALLS_WRONG_PARTY',
      (page) => Object.assign(first(page), { direction: first(page).direction === 'in' ? 'out' : 'in' }),
    ],
    ['CALLS_WRONG_PARTY', (page) => page.batches.unshift(ofOthers)],
    ['CALLS_MALFORMED', (page) => Object.assign(page, { batches: 7 })],
  ];
  for (const [code, change] of changes) {
    const recovering = recoverCalls(kz.ctx, { ask: changed(kz, change) }, 'ru', { since: SINCE, namesOf });
    await assert.rejects(recovering, (error: unknown) => isFailure(error) && error.code === code, code);
  }
  assert.deepEqual(await logOf(kz), []);
  assert.deepEqual(ru.errors, []);
});

test('a question without a moment, or with a place that is none, is refused', async (t) => {
  const { kz } = await callingNet(t, { kz: echo, ru: echo });
  for (const query of [
    '',
    '?since=yesterday',
    `?since=${SINCE}&after=7`,
    `?since=${SINCE}&after=${SINCE}/x/in`,
    `?since=${SINCE}&after=x/y`,
  ]) {
    const { status } = await kz.exchange().ask('ru', { method: 'GET', path: `${KEPT_CALLS_PATH}${query}` });
    assert.equal(status, 400, query);
  }
});

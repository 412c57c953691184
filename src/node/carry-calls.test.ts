import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { testNet, until } from '../exchange/testing.ts';
import { enqueue, isFailure, startJobs } from '../storage/index.ts';
import { callJob, callMessages, carryCalls } from './carry-calls.ts';

const HEAD = Buffer.from('GET\r\n/r1/RU/GOV/fund/registry/periods\r\n');
const LOST = { head: Buffer.from('lost'), body: null };

/** Kazakhstan calls, Russia serves: two nodes with real databases and real TLS. */
async function twoNodes(t: TestContext) {
  const net = await testNet(t, ['kz', 'ru']);
  const [kz, ru] = [net.node('kz'), net.node('ru')];
  const served: string[] = [];
  const job = callJob(
    ru.ctx,
    async ({ from, head, body }) => {
      served.push(
        `${from} ${Buffer.from(head).toString()} ${body instanceof Uint8Array ? Buffer.from(body).toString() : ''}`,
      );
      return { head: Buffer.from('200 OK\r\n'), body: Buffer.from('{"months":27}') };
    },
    () => LOST,
  );
  for (const node of [kz, ru]) await node.start({ handlers: callMessages() });
  return { kz, ru, served, job, carry: carryCalls(kz.ctx) };
}

test('a call is served once and its answer comes back, both durable and receipted on either side', async (t) => {
  const { kz, ru, served, job, carry } = await twoNodes(t);
  const jobs = startJobs(ru.ctx, [job]);
  t.after(() => jobs.stop());
  const answer = await carry({ to: 'ru', mode: 'batch', head: HEAD, body: Buffer.from('{"q":1}') });
  assert.equal(Buffer.from(answer.head).toString(), '200 OK\r\n');
  assert.equal(Buffer.from(answer.body as Uint8Array).toString(), '{"months":27}');
  assert.deepEqual(served, [`kz ${HEAD.toString()} {"q":1}`]);
  const receipted = async (node: typeof kz, type: string) =>
    (await node.db.query('select 1 from exchange_sent where type = $1 and receipt is not null', [type])).length;
  await until(
    'both are receipted',
    async () => (await receipted(kz, 'call/request')) + (await receipted(ru, 'call/answer')) === 2,
  );
});

test('a call that a process may have begun is not made at the service again: its answer says that it is lost', async (t) => {
  const { ru, served, job, carry } = await twoNodes(t);
  const calling = carry({ to: 'ru', mode: 'batch', head: HEAD, body: null });
  await until(
    'the call is there',
    async () => (await ru.db.query(`select 1 from job where queue = 'calls/serve'`)).length === 1,
  );
  // As after a worker that died at it: one attempt is on record.
  await ru.db.query(`update job set attempts = 1 where queue = 'calls/serve'`);
  const jobs = startJobs(ru.ctx, [job]);
  t.after(() => jobs.stop());
  assert.equal(Buffer.from((await calling).head).toString(), 'lost');
  assert.deepEqual(served, []);
});

test('a call whose time is over is not served, and who gave it up is told that its outcome is not known', async (t) => {
  const { ru, served, job, carry } = await twoNodes(t);
  const abort = new AbortController();
  const calling = carry({ to: 'ru', mode: 'batch', head: HEAD, body: null, signal: abort.signal });
  abort.abort();
  await assert.rejects(calling, (error: unknown) => isFailure(error, 'NODE_CALL_OUTCOME_UNKNOWN'));
  const late = { id: 'late', from: 'kz', lane: 'call/late', expires: '2020-01-01T00:00:00.000Z' };
  const content = { head: HEAD.toString('base64'), body: null };
  await until(
    'the call is there',
    async () => (await ru.db.query(`select 1 from job where queue = 'calls/serve'`)).length === 1,
  );
  await ru.db.query(`delete from job where queue = 'calls/serve'`);
  await ru.db.transaction((tx) => enqueue(tx, { queue: 'calls/serve', key: 'late', payload: { ...late, content } }));
  const jobs = startJobs(ru.ctx, [job]);
  t.after(() => jobs.stop());
  await until(
    'it was taken',
    async () => (await ru.db.query(`select 1 from job where queue = 'calls/serve'`)).length === 0,
  );
  assert.deepEqual(served, []);
});

test('a call that no message can hold is refused before anything leaves', async (t) => {
  const { kz, carry } = await twoNodes(t);
  const calling = carry({ to: 'ru', mode: 'batch', head: HEAD, body: Buffer.alloc(6 * 1024 * 1024) });
  await assert.rejects(calling, (error: unknown) => isFailure(error, 'NODE_CALL_TOO_LARGE'));
  assert.deepEqual(await kz.db.query(`select 1 from exchange_sent where type = 'call/request'`), []);
});

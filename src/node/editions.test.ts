import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { listEditions, openLibrary, takeEdition } from '../agreements/index.ts';
import {
  edit,
  filesOf,
  publishedBy,
  ratifyAt,
  signers,
  type TestPublisher,
  testPublisher,
} from '../agreements/testing.ts';
import { sealedBytes } from '../crypto/index.ts';
import { Failure } from '../storage/index.ts';
import { listAlarms } from '../union/index.ts';
import type { NodeContext } from './context.ts';
import { editionRoutes, startEditions } from './editions.ts';

const GOOD = 'src/agreements/fixtures/good';
type Answer = { status: number; body: Buffer };
type Change = (path: string, answer: Answer) => Answer;

/** Kazakhstan's node and Kyrgyzstan's: two stores, and between them the real questions and answers, without a wire. */
async function twoNodes(t: TestContext) {
  const kz = await testPublisher(t);
  const kg = await testPublisher(t, { founded: kz.founded, self: 'kg' });
  return { kz, kg };
}

const contextOf = async ({ ctx }: TestPublisher): Promise<NodeContext> =>
  ({ ...ctx, agreements: await openLibrary(ctx) }) as unknown as NodeContext;

/** Lets one node ask the other until something holds; gives what was reported and who was greeted. */
async function ask(
  from: TestPublisher,
  to: TestPublisher,
  truth: () => Promise<boolean> | boolean,
  change: Change = (_, answer) => answer,
): Promise<{ reported: string[]; greeted: string[]; ctx: NodeContext }> {
  const routes = editionRoutes(await contextOf(to));
  const ctx = await contextOf(from);
  const [reported, greeted]: string[][] = [[], []];
  const exchange = {
    greet: (peer: string) => void greeted?.push(peer),
    async ask(peer: string, { path: asked }: { path: string }) {
      const [path = '', query = ''] = asked.split('?');
      const route = routes[path === '/agreements' ? 'GET /agreements' : 'GET /agreements/*'];
      const request = { peer, method: 'GET', path, query: new URLSearchParams(query) };
      const answer = await route?.(request as never);
      if (answer === undefined) throw new Failure('EXCHANGE_UNREACHABLE', { peer, reason: 'no route' });
      return { fields: [], ...change(path, { status: answer.status, body: Buffer.from(answer.body) }) };
    },
  };
  const running = startEditions(ctx, exchange, (place) => reported?.push(place));
  for (const end = Date.now() + 20_000; !(await truth()) && Date.now() < end; ) await pause(20);
  await running.stop();
  assert.ok(await truth(), 'in time');
  return { reported: reported ?? [], greeted: greeted ?? [], ctx };
}

const held = async ({ db }: TestPublisher): Promise<number> => (await listEditions(db)).length;
const alarms = async ({ db }: TestPublisher) => (await listAlarms(db)).map(({ kind, peer }) => `${kind} ${peer}`);

test('a node fetches what another state has published, and its library has it at once', async (t) => {
  const { kz, kg } = await twoNodes(t);
  const sealed = publishedBy(kz.founded, filesOf(GOOD));
  await takeEdition(kz.ctx, sealed);
  const { ctx } = await ask(kg, kz, async () => (await held(kg)) === 1);
  assert.equal(ctx.agreements.byContract(sealed.payload.contract)?.name, 'parking');
  assert.deepEqual(await alarms(kg), []);
});

test('any peer may bring it: its publisher’s signatures prove it', async (t) => {
  const { kz, kg } = await twoNodes(t);
  await takeEdition(kg.ctx, publishedBy(kz.founded, filesOf(GOOD)));
  await ask(kz, kg, async () => (await held(kz)) === 1);
});

test('what a peer forges is refused with an alarm, and the rest is taken', async (t) => {
  const { kz, kg } = await twoNodes(t);
  const good = publishedBy(kz.founded, filesOf(GOOD));
  await takeEdition(kz.ctx, good);
  const files = filesOf(GOOD);
  edit(files, 'agreement.yaml', 'version: 1.0.0', 'version: 2.0.0');
  // Signed by one person only: the store of the asked node was made to hold it.
  const forged = publishedBy(kz.founded, files, { keys: [signers(kz.founded).agency] });
  await kz.db.query(
    `insert into agreement_editions (digest, agreement, contract, state, issued, sealed, taken_at)
     values ($1, 'parking', 'x', 'kz', now(), $2, now())`,
    ['0'.repeat(64), sealedBytes(forged)],
  );
  await ask(kg, kz, async () => (await held(kg)) === 1 && (await alarms(kg)).length === 1);
  assert.deepEqual(await alarms(kg), ['edition-refused kz']);
});

test('an answer that is no list, or no edition, stops nothing and is told', async (t) => {
  const { kz, kg } = await twoNodes(t);
  await takeEdition(kz.ctx, publishedBy(kz.founded, filesOf(GOOD)));
  let told = 0;
  const noList: Change = (_, answer) => {
    told++;
    return { ...answer, body: Buffer.from('{"editions":["../../etc/passwd"],"ratified":1}') };
  };
  const { reported } = await ask(kg, kz, () => told > 0, noList);
  assert.deepEqual(reported, ['editions of kz']);
  const noise: Change = (path, answer) => (path === '/agreements' ? answer : { ...answer, body: Buffer.from('noise') });
  await ask(kg, kz, async () => (await alarms(kg)).length === 1, noise);
  assert.equal(await held(kg), 0);
});

test('a peer that knows other ratifications is greeted, one that knows the same is left alone', async (t) => {
  const { kz, kg } = await twoNodes(t);
  const sealed = publishedBy(kz.founded, filesOf(GOOD));
  for (const one of [kz, kg]) await takeEdition(one.ctx, sealed);
  let asked = 0;
  const count: Change = (_, answer) => {
    asked++;
    return answer;
  };
  assert.deepEqual((await ask(kg, kz, () => asked > 0, count)).greeted, []);
  await ratifyAt(kz.ctx.trust, kz.founded, sealed.payload, { state: 'kz' });
  asked = 0;
  assert.deepEqual((await ask(kg, kz, () => asked > 0, count)).greeted, ['kz']);
});

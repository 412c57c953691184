import type { TestContext } from 'node:test';
import { migrations as accessMigrations, addGrant, addSystem, type NewGrant, openChannel } from '../access/index.ts';
import type { PeerRoutes } from '../exchange/index.ts';
import { type TestNode, testNet } from '../exchange/testing.ts';
import { migrations as personsMigrations } from '../persons/index.ts';
import { migrations as registersMigrations } from '../registers/index.ts';
import { type Clock, type Json, startJobs, systemClock } from '../storage/index.ts';
import { messageHandlers } from './arrive.ts';
import type { MessagesContext } from './context.ts';
import { messageDelivery } from './delivery.ts';
import { type HandedOut, migrations, pullMessages, type SentMessage, sendMessage, topicJobs } from './index.ts';

/** Who sends in tests, and the channel in Kazakhstan to which it sends. */
export const SENDER = { agency: 'by.pension-fund', system: 'registry' };
export const RECEIVER = { agency: 'kz.population', system: 'register' };
export const CHANNEL = { ...RECEIVER, service: 'claims' };
export const ADDRESS = 'kz.population/register/claims';

export interface MessagesTest {
  by: TestNode & { ctx: MessagesContext };
  kz: TestNode & { ctx: MessagesContext };
  /** Moves Kazakhstan's clock. */
  advance(ms: number): void;
  start(node: TestNode): Promise<void>;
  grant(more?: Partial<NewGrant>): ReturnType<typeof addGrant>;
  send(json: Json, more?: Partial<Parameters<typeof sendMessage>[2]>): Promise<SentMessage>;
  /** What a pull of the channel gives now, as JSON values. */
  pull(options?: Parameters<typeof pullMessages>[2]): Promise<{ lease: string; messages: HandedOut[]; values: Json[] }>;
  count(channel?: string): Promise<number>;
}

let keys = 0;

/** Two nodes with real databases and real TLS; Kazakhstan's has an open channel that nobody may send to yet. Both run unless told otherwise. */
export async function messagesTest(
  t: TestContext,
  options: {
    stopped?: boolean;
    persons?: readonly string[];
    /** Belarus's clock is moved too. */
    together?: boolean;
    /** More for the other nodes' port. */
    routes?(ctx: MessagesContext): PeerRoutes;
  } = {},
): Promise<MessagesTest> {
  let ahead = 0;
  const clock: Clock = { now: () => new Date(Date.now() + ahead).toISOString() };
  const net = await testNet(t, ['by', 'kz'], {
    rooms: [personsMigrations, accessMigrations, registersMigrations, migrations],
    clocks: { by: options.together === true ? clock : systemClock, kz: clock },
  });
  const [by, kz] = [net.node('by'), net.node('kz')];
  const start = async (node: TestNode) => {
    const routes = options.routes?.(node.ctx) ?? {};
    await node.start({ handlers: messageHandlers(node.ctx), ...messageDelivery(node.ctx), routes });
    const jobs = startJobs(node.ctx, topicJobs(node.ctx), { pollMs: 50 });
    t.after(() => jobs.stop());
  };
  await addSystem(by.ctx, { name: 'by.pension-fund/registry', by: 'operator' });
  await addSystem(kz.ctx, { name: 'kz.population/register', by: 'operator' });
  const persons = options.persons ?? ['none'];
  await openChannel(kz.ctx, { name: ADDRESS, kind: 'MESSAGES', persons, by: 'kz.population/register' });
  if (options.stopped !== true) for (const node of [by, kz]) await start(node);
  return {
    by,
    kz,
    start,
    advance: (ms) => {
      ahead += ms;
    },
    grant: (more = {}) =>
      addGrant(kz.ctx, {
        subject: { kind: 'agency', name: 'by.pension-fund' },
        service: ADDRESS,
        method: 'SEND',
        purpose: { ground: 'Law on the register, article 7' },
        expires: new Date(Date.now() + 86_400_000).toISOString(),
        by: 'kz.population',
        ...more,
      }),
    async send(json, more = {}) {
      const wanted = { channel: CHANNEL, type: 'claim.filed', content: { json }, idempotencyKey: `test-${++keys}` };
      return (await sendMessage(by.ctx, SENDER, { ...wanted, ...more })).message;
    },
    async pull(options = {}) {
      const { id, messages } = await pullMessages(kz.ctx, ADDRESS, options);
      const values = messages.map(({ content }) => JSON.parse(content.toString('utf8')) as Json);
      return { lease: id, messages, values };
    },
    async count(channel = ADDRESS) {
      const rows = await kz.db.query('select 1 from messages_inbox where channel = $1', [channel]);
      return rows.length;
    },
  };
}

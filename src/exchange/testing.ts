import { randomInt } from 'node:crypto';
import { connect, createServer, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { canonicalJson, randomBytes, randomId, type SigningKey } from '../crypto/index.ts';
import { migrations as ledgerMigrations, startSequencer } from '../ledger/index.ts';
import { type Clock, type Db, type Json, type Migrations, systemClock } from '../storage/index.ts';
import { freshDb } from '../storage/testing.ts';
import { type FoundedUnion, type NodeKeys, openTrust, migrations as unionMigrations } from '../union/index.ts';
import { filesOf, type TestView, testUnion, testView } from '../union/testing.ts';
import type { ExchangeContext, Message } from './context.ts';
import { migrations } from './index.ts';
import { makeBatch, type ReadMessage } from './protocol/batch.ts';
import { BATCH_DOMAIN, type BatchEnvelope, signEnvelope } from './protocol/envelope.ts';
import { writeBatch } from './protocol/frame.ts';
import { headBytes, type MessageHead } from './protocol/head.ts';
import { type Exchange, type ExchangeOptions, startExchange } from './start.ts';

export { receiveBatch } from './incoming/receive.ts';
export { makePeerClient } from './transport/client.ts';

/** A node of a test's union: its own database, ledger and keys, and an exchange that can be stopped and started again. */
export interface TestNode {
  state: string;
  ctx: ExchangeContext;
  db: Db;
  /** What its handler of `note` messages was given, in order. */
  handled: Message[];
  start(options?: Partial<ExchangeOptions>): Promise<Exchange>;
  stop(): Promise<void>;
  exchange(): Exchange;
}

export interface TestNet {
  union: FoundedUnion;
  node(state: string): TestNode;
}

/**
 * Two or more nodes with real databases and real TLS on free ports of this machine; all is stopped after the test. Nodes begin
 * stopped; `withStore` names those that are needed at all, `rooms` adds the tables of more rooms. Handlers of `note` messages only remember them.
 */
export async function testNet(
  t: TestContext,
  states: string[],
  options: {
    clocks?: Record<string, Clock>;
    foundedAt?: string;
    withStore?: string[];
    rooms?: readonly Migrations[];
  } = {},
): Promise<TestNet> {
  const ports: Record<string, number> = {};
  for (const state of states) ports[state] = await freePort();
  const at = options.foundedAt ?? new Date(Date.now() - 3_600_000).toISOString();
  const union = testUnion(states, { ports, at });
  const nodes = new Map<string, TestNode>();
  for (const state of options.withStore ?? states) {
    const clock = options.clocks?.[state] ?? systemClock;
    nodes.set(state, await makeNode(t, union, state, ports[state] as number, clock, options.rooms ?? []));
  }
  t.after(async () => {
    await Promise.all([...nodes.values()].map((node) => node.stop()));
  });
  return { union, node: (state) => nodes.get(state) as TestNode };
}

async function makeNode(
  t: TestContext,
  union: FoundedUnion,
  state: string,
  port: number,
  clock: Clock,
  rooms: readonly Migrations[],
): Promise<TestNode> {
  const db = await freshDb(t, [ledgerMigrations, unionMigrations, migrations, ...rooms]);
  const keys = union.keys[state] as FoundedUnion['keys'][string];
  const trust = await openTrust({ db, clock }, { self: state, files: filesOf(union) });
  const ledger = { origin: trust.manifest(state).ledger.origin, key: keys.ledger };
  const ctx: ExchangeContext = { db, clock, ledger, trust, keys };
  const handled: Message[] = [];
  let exchange: Exchange | undefined;
  let sequencer: { stop(): Promise<void> } | undefined;
  const node: TestNode = {
    state,
    ctx,
    db,
    handled,
    async start(options = {}) {
      sequencer ??= startSequencer(ctx);
      exchange = await startExchange(ctx, {
        ...options,
        handlers: { note: async (_tx, message) => void handled.push(message), ...options.handlers },
        listen: options.listen ?? { host: '127.0.0.1', port },
      });
      return exchange;
    },
    async stop() {
      await exchange?.stop();
      exchange = undefined;
      await sequencer?.stop();
      sequencer = undefined;
    },
    exchange: () => exchange as Exchange,
  };
  return node;
}

const given = new Set<number>();

/**
 * A port that is free, and below those that systems give to outgoing connections: what this machine opens in the meantime does not take it.
 * No two tests of a process get the same.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(10_000, 32_000);
    if (given.has(port)) continue;
    const server = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => resolve(true));
    });
    if (!isFree) continue;
    await new Promise((resolve) => server.close(resolve));
    given.add(port);
    return port;
  }
}

/** Waits until something holds; a test that waits for nothing fails with what it waited for. */
export async function until(what: string, holds: () => boolean | Promise<boolean>, forMs = 15_000): Promise<void> {
  const end = performance.now() + forMs;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`waited in vain: ${what}`);
    await pause(15);
  }
}

/** A way between two nodes that a test can disturb. */
export interface Wire {
  port: number;
  /** `through`: as if it were not there; `deaf`: what is asked arrives, no answer comes back; `cut`: nothing gets through. */
  mode: 'through' | 'deaf' | 'cut';
  /** Bytes that were answered while it was deaf. */
  swallowed: number;
}

/** A TCP relay from a port to a port. A node's manifest names the relay's port, the node listens on the other. */
export async function startWire(t: TestContext, port: number, target: number): Promise<Wire> {
  const wire: Wire = { port, mode: 'through', swallowed: 0 };
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    if (wire.mode === 'cut') return void near.destroy();
    const far = connect(target, '127.0.0.1');
    let asked = 0;
    sockets.add(near).add(far);
    const end = () => {
      near.destroy();
      far.destroy();
    };
    near.on('error', end).on('close', end);
    far.on('error', end).on('close', end);
    near.on('data', (data) => {
      asked += data.length;
      if (wire.mode === 'cut') return end();
      far.write(data);
    });
    far.on('data', (data) => {
      // The handshake passes: only what the other node answers to a whole question is lost.
      if (wire.mode === 'deaf' && asked > 3_000) {
        wire.swallowed += data.length;
        return end();
      }
      if (wire.mode === 'cut') return end();
      near.write(data);
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return wire;
}

/** A message by hand, for what a well-behaved node would not send. */
export function craftMessage(head: Partial<MessageHead> & Pick<MessageHead, 'from' | 'to'>, body: Json): ReadMessage {
  const now = new Date().toISOString();
  const parsed: MessageHead = {
    id: randomId(),
    type: 'note',
    lane: 'case-1',
    sequence: 1,
    created: now,
    expires: new Date(Date.now() + 86_400_000).toISOString(),
    ...head,
  };
  return { parsed, head: headBytes(parsed), body: Buffer.from(canonicalJson(body)), salt: randomBytes(32) };
}

/** What signs by hand: a whole node, or one without a store. */
interface CraftingNode {
  ctx: Pick<ExchangeContext, 'keys' | 'clock'> & { trust: TestView };
}

/** A state that only signs: nothing of it is stored anywhere. */
export function craftingNode(union: FoundedUnion, state: string, clock: Clock = systemClock): CraftingNode {
  return { ctx: { keys: union.keys[state] as NodeKeys, clock, trust: testView(union, state, clock) } };
}

/** A batch by hand, signed by the node's own messages key unless another is given; `change` alters the envelope before signing. */
export function craftBatch(
  sender: CraftingNode,
  receiver: string,
  messages: ReadMessage[],
  options: { key?: SigningKey; now?: string; change?: Partial<BatchEnvelope> } = {},
): Buffer {
  const { ctx } = sender;
  const key = options.key ?? ctx.keys.messages;
  const made = makeBatch({ trust: ctx.trust, key, now: options.now ?? ctx.clock.now() }, receiver, messages);
  if (!options.change) return made.frame;
  return writeBatch(signEnvelope(BATCH_DOMAIN, { ...made.signed.envelope, ...options.change }, key), messages);
}

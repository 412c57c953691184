import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { addGrant, addSystem, openChannel } from '../src/access/index.ts';
import { type Client, openClient, type Problem } from '../src/client/index.ts';
import { findEmbedded } from '../src/storage/index.ts';
import { dice } from './harness/dice.ts';
import { startTwoStates, type TwoStates } from './harness/two-states.ts';

const ALL = process.env.COMMONWAY_ALL === '1';
const KILLS = ALL ? 500 : 25;
const MESSAGES = ALL ? 10_000 : 500;
const KEYS = 10;
const CHANNEL = 'kz.population/register/claims';
/** So long a kill waits for messages to flow. */
const FLOW_MS = 8_000;
const PATIENCE_MS = KILLS * 15_000 + 120_000;

let running: TwoStates;
before(async () => {
  running = await startTwoStates();
});
after(() => running?.stop());

test(`either node or the database killed at ${KILLS} random moments while ${MESSAGES} messages flow: none lost, none doubled, order kept`, async (t) => {
  const chance = dice();
  t.diagnostic(`seed ${chance.seed}: COMMONWAY_SEED=${chance.seed} stages the same kills`);
  await prepare();
  const late = AbortSignal.timeout(PATIENCE_MS);
  const [sender, receiver] = [clientOf('by', 'by.pension-fund/registry'), clientOf('kz', 'kz.population/register')];
  let killed = false;
  const sent = Array.from({ length: KEYS }, (_, key) =>
    sendAll(sender, `k${key}`, MESSAGES / KEYS, () => killed, late),
  );
  const effects = new Map<string, string>();
  let handedOut = 0;
  const done = new AbortController();
  const work = () =>
    receiveAll(receiver, AbortSignal.any([done.signal, late]), (id, effect) => {
      handedOut++;
      if (!effects.has(id)) effects.set(id, effect);
    });
  const workers = [work(), work()];
  const kills = await killAtRandom(chance.roll, () => effects.size, late);
  killed = true;
  const flowed = effects.size;
  const ids = (await Promise.all(sent)).flat();
  while (!late.aborted && (await unsettled()) > 0) await pause(300);
  done.abort();
  await Promise.all(workers);
  sender.close();
  receiver.close();

  const order = [...effects.values()];
  const lost = ids.filter((id) => !effects.has(id)).length;
  const strange = [...effects.keys()].filter((id) => !ids.includes(id)).length;
  const doubled = ids.length - new Set(ids).size + order.length - new Set(order).size;
  const disordered = Array.from({ length: KEYS }, (_, key) =>
    order.filter((effect) => effect.startsWith(`k${key}/`)),
  ).flatMap((own, key) => own.filter((effect, n) => effect !== `k${key}/${n}`)).length;
  t.diagnostic(
    `${ids.length} messages in ${KEYS} keys, ${flowed} of them received during the kills ${JSON.stringify(kills)}; ` +
      `lost ${lost}, doubled ${doubled}, out of order ${disordered}; ${handedOut - order.length} were handed out again after a lost answer`,
  );
  assert.deepEqual([ids.length, lost, strange, doubled, disordered], [MESSAGES, 0, 0, 0, 0]);
  await assertTables(ids);
});

/** Both systems may come from this machine; one may send to the channel of the other. */
async function prepare(): Promise<void> {
  const fromHere = { connection: 'plain', addresses: ['127.0.0.1'], by: 'operator' } as const;
  await running.withStore('by', (store) => addSystem(store, { name: 'by.pension-fund/registry', ...fromHere }));
  await running.withStore('kz', async (store) => {
    await addSystem(store, { name: 'kz.population/register', ...fromHere });
    await openChannel(store, { name: CHANNEL, kind: 'MESSAGES', persons: ['none'], by: 'operator' });
    await addGrant(store, {
      subject: { kind: 'agency', name: 'by.pension-fund' },
      service: CHANNEL,
      method: 'SEND',
      purpose: { ground: 'Test of faults' },
      expires: new Date(Date.now() + 86_400_000).toISOString(),
      by: 'operator',
    });
  });
}

function clientOf(state: string, system: string): Client {
  const { doorPort } = running.union.state(state);
  return openClient({ url: `http://127.0.0.1:${doorPort}`, system, timeoutMs: 15_000, tries: 1 });
}

/** One key's messages, one after the other, so that their order is known; spread over the time of the kills. */
async function sendAll(
  client: Client,
  key: string,
  count: number,
  hurry: () => boolean,
  late: AbortSignal,
): Promise<string[]> {
  const ids: string[] = [];
  for (let n = 0; n < count; n++) {
    const message = { channel: CHANNEL, type: 'claim.filed', key, data: `${key}/${n}`, idempotencyKey: `${key}/${n}` };
    ids.push((await stubbornly(() => client.send(message), late)).id);
    if (!hurry()) await pause((KILLS * 2_500) / count);
  }
  return ids;
}

/** A system that lives on while nodes die: it does its work at once, and remembers ids. */
async function receiveAll(
  client: Client,
  done: AbortSignal,
  effect: (id: string, effect: string) => void,
): Promise<void> {
  while (!done.aborted) {
    try {
      const { lease, messages } = await client.pull('claims', { max: 10, leaseSeconds: 2, waitSeconds: 2 });
      for (const { id, data } of messages) effect(id, String(data));
      // Kills hit also between a message's effect and its acknowledgement.
      await pause(100);
      if (messages.length > 0) await client.settle('claims', lease, { acknowledged: messages.map(({ id }) => id) });
    } catch {
      // The node or its database is gone; what was not acknowledged comes again.
      await pause(100);
    }
  }
}

async function stubbornly<T>(work: () => Promise<T>, late: AbortSignal): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const { status = 500 } = error as Partial<Problem>;
      if (late.aborted || (status > 0 && status < 500)) throw error;
      await pause(50);
    }
  }
}

/**
 * Kills what lives, one after the other, once messages flow again after the kill before, or after a while in which they do not. A node
 * that was killed is started at once.
 */
async function killAtRandom(
  roll: (sides: number) => number,
  received: () => number,
  late: AbortSignal,
): Promise<Record<string, number>> {
  const { union, folder } = running;
  const kills: Record<string, number> = { by: 0, kz: 0, database: 0 };
  for (let kill = 0; kill < KILLS && !late.aborted; kill++) {
    const [victim, wait] = [['by', 'kz', 'database'][roll(3)] as string, roll(500)];
    const before = received();
    for (let waited = 0; received() === before && waited < FLOW_MS; waited += 20) await pause(20);
    await pause(wait);
    if (victim === 'database') {
      let server = findEmbedded(join(folder, 'postgres'));
      for (; !server?.ready && !late.aborted; server = findEmbedded(join(folder, 'postgres'))) await pause(20);
      if (server !== undefined) process.kill(server.pid, 'SIGKILL');
    } else {
      const node = union.state(victim).process;
      while (!node.isReady() && !late.aborted) await pause(20);
      node.kill('SIGKILL');
      await node.stop();
      node.start();
    }
    kills[victim] = (kills[victim] ?? 0) + 1;
  }
  return kills;
}

/** How many messages their sender does not know to be acknowledged; more than there are while a database recovers. */
async function unsettled(): Promise<number> {
  try {
    return await running.withStore('by', async ({ db }) => {
      const [row] = await db.query<{ open: number }>(
        `select count(*)::int as open from messages_sent where status <> 'acknowledged'`,
      );
      return row?.open ?? MESSAGES;
    });
  } catch {
    return MESSAGES;
  }
}

/** What one side sent is what the other has, once, each acknowledged once; no work was given up. */
async function assertTables(ids: readonly string[]): Promise<void> {
  const wanted = [...ids].sort();
  await running.withStore('by', async ({ db }) => {
    const sent = await db.query<{ id: string }>('select id from messages_sent order by id');
    assert.deepEqual(
      sent.map(({ id }) => id),
      wanted,
    );
    const left = await db.query(
      `select status from exchange_sent where status <> 'delivered' and type like 'message/%'`,
    );
    assert.deepEqual(left, []);
  });
  await running.withStore('kz', async ({ db }) => {
    const received = await db.query<{ id: string; status: string }>(
      'select id, status from messages_inbox order by id',
    );
    assert.deepEqual(
      received,
      wanted.map((id) => ({ id, status: 'acknowledged' })),
    );
    const dead = await db.query('select queue, key from job where dead_at is not null');
    assert.deepEqual(dead, []);
  });
}

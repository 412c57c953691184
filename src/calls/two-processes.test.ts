import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freePort, makePeerClient, testNet } from '../exchange/testing.ts';
import { migrate } from '../storage/index.ts';
import type { Serve } from './context.ts';
import { listOpenCalls, migrations } from './index.ts';
import { startCalls } from './start.ts';

const HEAD = Buffer.from('GET\nname-1\n');
const CALLS = 150;

test('two processes of a node share its calls: each call is served by one, and the log has all of both', async (t) => {
  const net = await testNet(t, ['am', 'kz', 'ru']);
  const [am, kz, ru] = [net.node('am'), net.node('kz'), net.node('ru')];
  for (const node of [am, kz, ru]) await migrate(node.db, [migrations]);
  const served = [0, 0];
  const ended: (() => Promise<void>)[] = [];
  t.after(() => Promise.all(ended.map((end) => end())));
  const common = { namesOf: () => [], greet: () => undefined, onError: (error: unknown) => assert.fail(String(error)) };
  const ports: number[] = [];
  for (const place of [0, 1]) {
    const serve: Serve = async ({ head, from }) => {
      served[place] = (served[place] ?? 0) + 1;
      return { head: Buffer.concat([head, Buffer.from(from)]), body: null };
    };
    const calls = startCalls(ru.ctx, { ...common, serve });
    ended.push(() => calls.stop());
    const port = await freePort();
    const exchange = await ru.start({ protocols: calls.protocols, listen: { host: '127.0.0.1', port } });
    // A test node remembers the one that was started last.
    if (place === 0) ended.push(() => exchange.stop());
    ports.push(port);
  }
  const nobody: Serve = async () => ({ head: Buffer.from('none'), body: null });
  // A balancer before the node would give the two callers to one process each.
  const ask = async (node: typeof kz, port: number) => {
    const { trust, keys } = node.ctx;
    const manifest = (state: string) => {
      const found = trust.manifest(state);
      return { ...found, endpoints: { ...found.endpoints, exchange: { host: '127.0.0.1', port } } };
    };
    const stateOfCertificate = (fingerprint: string) => trust.stateOfCertificate(fingerprint);
    const client = makePeerClient({ trust: { manifest, stateOfCertificate }, tls: keys.tls });
    const calls = startCalls(node.ctx, { ...common, serve: nobody });
    ended.push(() => calls.stop().then(() => client.stop()));
    calls.connectBy(client.connect);
    const call = () => calls.carry({ to: 'ru', mode: 'batch', head: HEAD, body: null });
    return () => Promise.all(Array.from({ length: CALLS }, call));
  };
  const [fromKz, fromAm] = [await ask(kz, ports[0] as number), await ask(am, ports[1] as number)];
  const answers = (await Promise.all([fromKz(), fromAm()])).flat();

  assert.equal(new Set(answers.map(({ id }) => id)).size, 2 * CALLS);
  assert.deepEqual(served, [CALLS, CALLS]);
  assert.deepEqual(await listOpenCalls(ru, '2020-01-01T00:00:00.000Z'), []);
  const [row] = await ru.db.query<{ answered: number }>(
    `select sum((convert_from(envelope, 'UTF8')::jsonb ->> 'count')::int)::int as answered
     from call_batch where direction = 'out'`,
  );
  assert.equal(row?.answered, 2 * CALLS);
});

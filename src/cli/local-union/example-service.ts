import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { addGrant, addSystem, currentRules, publishService } from '../../access/index.ts';
import type { NodeStore } from '../../node/index.ts';
import { addMilliseconds, type Clock } from '../../storage/index.ts';

/** References that the example knows; nobody has them. */
const PERSONS: Readonly<Record<string, boolean>> = { 'TEST-1': true, 'TEST-2': false };
const YEAR_MS = 365 * 86_400_000;

/** Serves the invented life events on loopback. @returns what stops it */
export async function startExampleService(port: number, clock: Clock): Promise<() => Promise<void>> {
  const server = createServer((request, response) => {
    request.resume();
    const [, reference = ''] = /^\/persons\/([A-Z0-9-]{1,20})\/life-events$/.exec(request.url ?? '') ?? [];
    const alive = Object.hasOwn(PERSONS, reference) ? PERSONS[reference] : undefined;
    const body =
      alive === undefined ? { title: 'No such reference' } : { reference, alive, asOf: clock.now().slice(0, 10) };
    response.writeHead(alive === undefined ? 404 : 200, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify(body));
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
  return () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
}

/**
 * What a state of a demonstration has configured from the beginning: its pension fund's system may call in from this machine, its
 * population register offers the example, and the pension funds of the other states may ask it.
 */
export async function seedAccess(
  store: NodeStore,
  root: string,
  states: readonly string[],
  port: number,
): Promise<void> {
  const { self } = store.trust;
  const agencies = store.trust.manifest(self).agencies.map(({ id }) => id);
  if (![`${self}.pension-fund`, `${self}.population`].every((id) => agencies.includes(id))) return;
  if ((await currentRules(store)).systems.size > 0) return;
  const by = 'operator';
  await addSystem(store, {
    name: `${self}.pension-fund/registry`,
    connection: 'plain',
    addresses: ['127.0.0.1', '::1'],
    by,
  });
  const service = `${self}.population/register/life-events`;
  const openapi = readFileSync(join(root, 'seeds', 'services', 'life-events.yaml'), 'utf8');
  await publishService(store, { name: service, url: `http://127.0.0.1:${port}`, openapi, by });
  for (const state of states.filter((other) => other !== self)) {
    await addGrant(store, {
      subject: { kind: 'agency', name: `${state}.pension-fund` },
      service,
      method: 'GET',
      path: '/persons/*/life-events',
      purpose: { ground: 'Demonstration: a pension ends with the life of who receives it' },
      expires: addMilliseconds(store.clock.now(), YEAR_MS),
      quota: { calls: 10_000, windowSeconds: 86_400 },
      by,
    });
  }
}

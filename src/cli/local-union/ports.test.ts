import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { type TestContext, test } from 'node:test';
import { isFailure } from '../../storage/index.ts';
import { blockFrom, holdFreeBlock, holdPorts } from './ports.ts';

async function occupy(t: TestContext): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  t.after(() => server.close());
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  return address.port;
}

test('two unions made at once get two blocks of ports', async () => {
  const one = await holdFreeBlock(10);
  const two = await holdFreeBlock(10);
  assert.equal(one.ports.length, 10);
  assert.deepEqual(
    one.ports.filter((port) => two.ports.includes(port)),
    [],
  );
  await Promise.all([one.release(), two.release()]);
});

test('a busy port is named, and the others are free again', async (t) => {
  const busy = await occupy(t);
  await assert.rejects(holdPorts([busy], '/var/union'), (error) => {
    assert.ok(isFailure(error, 'CLI_PORT_BUSY'));
    assert.deepEqual(error.params, { port: busy, folder: '/var/union' });
    return true;
  });
  const block = await holdFreeBlock(3);
  await block.release();
  await assert.rejects(holdPorts([...block.ports, busy], '/x'));
  await (await holdPorts(block.ports, '/x')).release();
});

test('ports handed over stay claimed until they are given up', async () => {
  const held = await holdFreeBlock(3);
  await held.handOver();
  await assert.rejects(holdPorts(held.ports, '/x'), (error) => isFailure(error, 'CLI_PORT_BUSY'));
  await held.release();
  await (await holdPorts(held.ports, '/x')).release();
});

test('a block counts up from its base', () => {
  assert.deepEqual(blockFrom(4700, 3), [4700, 4701, 4702]);
});

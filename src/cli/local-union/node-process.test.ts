import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { isFailure } from '../../storage/index.ts';
import { nodeProcess } from './node-process.ts';
import { processIdentity } from './process-identity.ts';

/** A program that stands for a node: what a node does is not the matter here, what becomes of its process is. */
function program(t: TestContext, code: string) {
  const folder = mkdtempSync(join(tmpdir(), 'commonway-process-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'program.mjs');
  writeFileSync(file, code);
  const log = join(folder, 'node.log');
  const crashes: string[] = [];
  const node = nodeProcess({
    state: 'kz',
    command: [file],
    log,
    env: process.env,
    onChange: () => undefined,
    onCrash: (reason) => void crashes.push(reason),
  });
  t.after(() => node.stop());
  return { node, log, crashes };
}

const LIVES = `
  process.once('disconnect', () => process.exit());
  process.once('SIGTERM', () => { console.log('asked to stop'); process.exit(); });
  setInterval(() => undefined, 1000);
  process.send({ ready: true });
`;

test('a node is ready when it says so, and ends when it is asked to', async (t) => {
  const { node, log, crashes } = program(t, LIVES);
  node.start();
  await node.ready(30_000);
  const pid = node.pid() ?? 0;
  assert.ok(processIdentity(pid));
  await node.stop();
  assert.equal(processIdentity(pid), undefined);
  assert.equal(node.pid(), undefined);
  assert.match(readFileSync(log, 'utf8'), /asked to stop/);
  assert.deepEqual(crashes, []);
});

test('a killed node is started again', async (t) => {
  const { node, crashes } = program(t, LIVES);
  node.start();
  await node.ready(30_000);
  const first = node.pid();
  node.kill('SIGKILL');
  while (node.pid() === first) await pause(10);
  await node.ready(30_000);
  assert.notEqual(node.pid(), first);
  assert.equal(node.restarts, 1);
  assert.deepEqual(crashes, ['it was ended by SIGKILL']);
});

test('a stopped node stays stopped, and can be started again', async (t) => {
  const { node } = program(t, LIVES);
  node.start();
  await node.ready(30_000);
  await node.stop();
  await pause(500);
  assert.equal(node.pid(), undefined);
  node.start();
  await node.ready(30_000);
  assert.ok(node.pid());
});

test("a node's own refusal to start is passed on", async (t) => {
  const { node } = program(
    t,
    `process.send({ failed: { code: 'UNION_CHARTER_FORGED', params: {}, sentence: 'The charter is forged.' } }, () => process.exit(70));`,
  );
  node.start();
  await assert.rejects(node.ready(30_000), (error) => {
    assert.ok(isFailure(error, 'CLI_NODE_STOPPED'));
    assert.deepEqual(error.params, { state: 'kz', reason: 'The charter is forged.' });
    assert.ok(isFailure(error.cause, 'UNION_CHARTER_FORGED'));
    return true;
  });
});

test('a node that is never ready is given up with the place of its log', async (t) => {
  const { node, log } = program(t, 'setInterval(() => undefined, 1000);');
  node.start();
  await assert.rejects(node.ready(300), (error) => {
    assert.ok(isFailure(error, 'CLI_NODE_SILENT'));
    assert.equal(error.params.log, log);
    return true;
  });
});

test('a node that crashes at once gives the last line of its log as the reason', async (t) => {
  const { node } = program(t, `console.error('out of luck'); process.exit(3);`);
  node.start();
  await assert.rejects(node.ready(1500), (error) => {
    assert.ok(isFailure(error, 'CLI_NODE_STOPPED'));
    assert.match(String(error.params.reason), /ended with 3: out of luck/);
    return true;
  });
});

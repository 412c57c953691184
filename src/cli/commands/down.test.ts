import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { processIdentity } from '../local-union/process-identity.ts';
import { ended } from './down.ts';
import { stoppedAfterwards } from './up.ts';

test('a union whose greeting fails is stopped all the same, and the failure is told', async () => {
  let stops = 0;
  const union = { stop: async () => void stops++ };
  await assert.rejects(
    stoppedAfterwards(union, async () => {
      throw new Error('nobody reads what is printed');
    }),
    /nobody reads/,
  );
  assert.equal(stops, 1);
});

test('a process that does not hear that it is to end is not waited for without an end', {
  timeout: 20_000,
}, async () => {
  const deaf = spawn(process.execPath, [
    '-e',
    "process.on('SIGTERM', () => {}); console.log(); setInterval(() => {}, 1000)",
  ]);
  const gone = once(deaf, 'exit');
  await once(deaf.stdout, 'data');
  const { pid = 0 } = deaf;
  deaf.kill('SIGTERM');
  await ended({ pid, identity: processIdentity(pid) ?? '' }, 200);
  assert.equal((await gone)[1], 'SIGKILL');
});

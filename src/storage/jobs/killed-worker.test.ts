import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { enqueueAll, openDb, startJobs, systemClock } from '../index.ts';
import { freshUrl } from '../testing.ts';
import { runInChild } from '../testing-child.ts';

/** A worker of its own process: says which job it took, then never ends it. */
const WORKER = `
  import { openDb, startJobs, systemClock } from './index.ts';
  const db = openDb(process.env.DATABASE);
  startJobs({ db, clock: systemClock }, [{
    queue: 'q', batch: 2, leaseMs: 1200,
    run: async (jobs) => {
      console.log(jobs.map((job) => job.key).join(' '));
      await new Promise((done) => setTimeout(done, 600000));
    },
  }]);
`;

test('the jobs of a worker killed at work are done by another one after the lease, once', async (t) => {
  const url = await freshUrl(t);
  const db = openDb(url);
  t.after(() => db.close());
  await db.query('create table effect (key text)');
  await db.transaction((tx) =>
    enqueueAll(
      tx,
      ['a', 'b', 'c'].map((key) => ({ queue: 'q', key, payload: null })),
    ),
  );

  const worker = await runInChild(WORKER, { DATABASE: url });
  t.after(() => worker.kill('SIGKILL'));
  const [line] = await once(createInterface(worker.stdout), 'line');
  assert.equal(line, 'a b');
  const died = once(worker, 'exit');
  worker.kill('SIGKILL');
  await died;

  const attempts = new Map<string, number>();
  let finished: () => void;
  const all = new Promise<void>((done) => {
    finished = done;
  });
  const jobs = startJobs(
    { db, clock: systemClock },
    [
      {
        queue: 'q',
        run: async ([job]) => {
          if (job === undefined) return;
          attempts.set(job.key, job.attempt);
          return async (tx) => {
            await tx.query('insert into effect values ($1)', [job.key]);
            tx.afterCommit(() => {
              if (attempts.size === 3) finished();
            });
          };
        },
      },
    ],
    { pollMs: 50 },
  );
  t.after(() => jobs.stop());
  await all;
  assert.deepEqual(await db.query('select key from effect order by key'), [{ key: 'a' }, { key: 'b' }, { key: 'c' }]);
  assert.deepEqual(Object.fromEntries(attempts), { c: 1, a: 2, b: 2 });
});

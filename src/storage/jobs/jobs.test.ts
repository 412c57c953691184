import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import {
  cancelJob,
  countJobs,
  type Db,
  enqueue,
  enqueueAll,
  type Job,
  type JobHandler,
  listDeadJobs,
  rescheduleJob,
  reviveJob,
  startJobs,
  systemClock,
} from '../index.ts';
import { freshDb, manualClock } from '../testing.ts';

const soon = { pollMs: 20 };

async function until(truth: () => boolean | Promise<boolean>): Promise<void> {
  for (let attempt = 0; !(await truth()); attempt++) {
    if (attempt > 1500) assert.fail('it did not come about');
    await pause(10);
  }
}

const isIdle = async (db: Db) => (await db.query('select 1 from job where dead_at is null')).length === 0;

function work(t: TestContext, db: Db, handler: JobHandler, clock = systemClock) {
  const jobs = startJobs({ db, clock }, [handler], soon);
  t.after(() => jobs.stop());
  return jobs;
}

test('a job committed is done once, its outcome in the same transaction', async (t) => {
  const db = await freshDb(t);
  await db.query('create table effect (key text)');
  work(t, db, {
    queue: 'q',
    run: async ([job]) => {
      assert.deepEqual(job?.payload, { n: [1] });
      return async (tx) => void (await tx.query('insert into effect values ($1)', [job?.key]));
    },
  });
  await db.transaction((tx) => enqueue(tx, { queue: 'q', key: 'a', payload: { n: [1] } }));
  await until(() => isIdle(db));
  assert.deepEqual(await db.query('select * from effect'), [{ key: 'a' }]);
});

test('a job whose transaction rolls back never was', async (t) => {
  const db = await freshDb(t);
  let runs = 0;
  work(t, db, { queue: 'q', run: async () => void runs++ });
  await db
    .transaction(async (tx) => {
      await enqueue(tx, { queue: 'q', key: 'a', payload: null });
      throw new Error('no');
    })
    .catch(() => undefined);
  await db.transaction((tx) => enqueue(tx, { queue: 'q', key: 'b', payload: null }));
  await until(() => isIdle(db));
  assert.equal(runs, 1);
});

test('wanting a job twice is wanting it once', async (t) => {
  const db = await freshDb(t);
  const seen: Job[] = [];
  await db.transaction(async (tx) => {
    await enqueue(tx, { queue: 'q', key: 'a', payload: 1 });
    await enqueue(tx, { queue: 'q', key: 'a', payload: 2 });
  });
  work(t, db, { queue: 'q', run: async (jobs) => void seen.push(...jobs) });
  await until(() => isIdle(db));
  assert.deepEqual(
    seen.map((job) => job.payload),
    [1],
  );
});

test('the outcome of a job may want the same key again', async (t) => {
  const db = await freshDb(t);
  let runs = 0;
  work(t, db, {
    queue: 'q',
    run: async () => {
      runs++;
      return async (tx) => {
        if (runs < 3) await enqueue(tx, { queue: 'q', key: 'again', payload: null });
      };
    },
  });
  await db.transaction((tx) => enqueue(tx, { queue: 'q', key: 'again', payload: null }));
  await until(() => runs === 3);
  await until(() => isIdle(db));
});

test('two workers share a queue and no job is done twice', async (t) => {
  const db = await freshDb(t);
  const done: string[] = [];
  const handler: JobHandler = {
    queue: 'q',
    batch: 7,
    concurrency: 2,
    run: async (jobs) => {
      await pause(1);
      done.push(...jobs.map((job) => job.key));
    },
  };
  await db.transaction((tx) =>
    enqueueAll(
      tx,
      Array.from({ length: 200 }, (_, n) => ({ queue: 'q', key: String(n), payload: null })),
    ),
  );
  work(t, db, handler);
  work(t, db, handler);
  await until(() => isIdle(db));
  assert.equal(done.length, 200);
  assert.equal(new Set(done).size, 200);
});

test('a lane is worked in order by many workers while its jobs fail now and then', async (t) => {
  const db = await freshDb(t);
  const done: Record<string, number[]> = { a: [], b: [], c: [] };
  const failed = new Set<string>();
  const handler: JobHandler = {
    queue: 'q',
    batch: 5,
    concurrency: 3,
    backoffMs: () => 15,
    run: async (jobs) => {
      await pause(Math.random() * 4);
      for (const job of jobs) {
        if (Number(job.key.slice(1)) % 4 === 2 && !failed.has(job.key)) {
          failed.add(job.key);
          throw new Error('not now');
        }
      }
      return async () => {
        for (const job of jobs) done[job.lane ?? '']?.push(Number(job.key.slice(1)));
      };
    },
  };
  for (let n = 0; n < 20; n++) {
    const jobs = ['a', 'b', 'c'].map((lane) => ({ queue: 'q', key: `${lane}${n}`, lane, payload: null }));
    await db.transaction((tx) => enqueueAll(tx, jobs));
  }
  work(t, db, handler);
  work(t, db, handler);
  await until(() => isIdle(db));
  const inOrder = Array.from({ length: 20 }, (_, n) => n);
  assert.deepEqual(done, { a: inOrder, b: inOrder, c: inOrder });
});

test('what waits behind the lane of a job under way is done right after it, with no poll between', async (t) => {
  const db = await freshDb(t);
  const done: string[] = [];
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const jobs = startJobs(
    { db, clock: systemClock },
    [
      {
        queue: 'q',
        batch: 4,
        concurrency: 2,
        run: async (batch) => {
          if (batch.some(({ key }) => key === 'first')) await held;
          done.push(...batch.map(({ key }) => key));
        },
      },
    ],
    { pollMs: 3_600_000 },
  );
  t.after(() => jobs.stop());
  const want = (key: string) => db.transaction((tx) => enqueue(tx, { queue: 'q', key, lane: 'case', payload: null }));
  await want('first');
  await until(async () => (await db.query('select 1 from job where token is not null')).length === 1);
  await want('second');
  // The second worker has looked by now, and found the lane held.
  await pause(100);
  assert.deepEqual(done, []);
  release();
  await until(() => done.length === 2);
  assert.deepEqual(done, ['first', 'second']);
});

test('a serial queue has one worker at a time, in order, below a prefix each for itself', async (t) => {
  const db = await freshDb(t);
  const inside = new Map<string, number>();
  const done: Record<string, number[]> = { 'out/kz': [], 'out/kg': [] };
  let most = 0;
  const handler: JobHandler = {
    queue: 'out/*',
    serial: true,
    batch: 3,
    backoffMs: () => 10,
    run: async (jobs) => {
      const queue = jobs[0]?.queue ?? '';
      assert.ok(jobs.every((job) => job.queue === queue));
      inside.set(queue, (inside.get(queue) ?? 0) + 1);
      most = Math.max(most, inside.get(queue) ?? 0);
      await pause(2);
      inside.set(queue, (inside.get(queue) ?? 0) - 1);
      if (jobs.some((job) => job.key === '4' && job.attempt === 1)) throw new Error('not now');
      done[queue]?.push(...jobs.map((job) => Number(job.key)));
    },
  };
  await db.transaction(async (tx) => {
    for (let n = 0; n < 12; n++) {
      for (const queue of ['out/kz', 'out/kg']) await enqueue(tx, { queue, key: String(n), payload: null });
    }
  });
  work(t, db, handler);
  work(t, db, handler);
  work(t, db, handler);
  await until(() => isIdle(db));
  const inOrder = Array.from({ length: 12 }, (_, n) => n);
  assert.deepEqual(done, { 'out/kz': inOrder, 'out/kg': inOrder });
  assert.equal(most, 1);
});

test('one bad job of a batch dies visibly and spoils no other', async (t) => {
  const db = await freshDb(t);
  await db.query('create table died (key text, error text)');
  const done: string[] = [];
  work(t, db, {
    queue: 'q',
    batch: 10,
    maxAttempts: 2,
    backoffMs: () => 5,
    run: async (jobs) => {
      if (jobs.some((job) => job.key === 'bad')) throw new RangeError('the value 42 of Aigerim is wrong');
      done.push(...jobs.map((job) => job.key));
    },
    onDead: async (tx, job, error) => {
      await tx.query('insert into died values ($1, $2)', [job.key, (error as Error).name]);
    },
  });
  await db.transaction((tx) =>
    enqueueAll(
      tx,
      ['a', 'bad', 'c'].map((key) => ({ queue: 'q', key, payload: { key } })),
    ),
  );
  await until(() => isIdle(db));
  assert.deepEqual(done.sort(), ['a', 'c']);
  assert.deepEqual(await db.query('select * from died'), [{ key: 'bad', error: 'RangeError' }]);
  const [dead] = await listDeadJobs(db);
  assert.equal(dead?.key, 'bad');
  assert.equal(dead?.attempts, 2);
  assert.match(dead?.error ?? '', /^RangeError/);
  assert.doesNotMatch(dead?.error ?? '', /Aigerim/);
  assert.deepEqual(await countJobs(db), [{ queue: 'q', waiting: 0, running: 0, dead: 1 }]);
});

test('a dead job that is revived gets all its attempts again', async (t) => {
  const db = await freshDb(t);
  let broken = true;
  work(t, db, {
    queue: 'q',
    maxAttempts: 1,
    run: async () => {
      if (broken) throw new Error('not yet');
    },
  });
  await db.transaction((tx) => enqueue(tx, { queue: 'q', key: 'a', payload: null }));
  await until(async () => (await listDeadJobs(db)).length === 1);
  broken = false;
  assert.equal(await db.transaction((tx) => reviveJob(tx, 'q', 'a')), true);
  await until(() => isIdle(db));
  assert.deepEqual(await listDeadJobs(db), []);
});

test('a timer waits for the injected clock, can be moved and can be cancelled', async (t) => {
  const db = await freshDb(t);
  const clock = manualClock('2026-03-01T09:00:00.000Z');
  const done: string[] = [];
  const jobs = work(
    t,
    db,
    { queue: 'q', batch: 5, run: async (batch) => void done.push(...batch.map((job) => job.key)) },
    clock,
  );
  await db.transaction(async (tx) => {
    await enqueue(tx, { queue: 'q', key: 'moved', payload: null, runAt: '2026-03-02T09:00:00.000Z' });
    await enqueue(tx, { queue: 'q', key: 'cancelled', payload: null, runAt: '2026-03-02T09:00:00.000Z' });
    await enqueue(tx, { queue: 'q', key: 'kept', payload: null, runAt: '2026-03-02T09:00:00.000Z' });
    await enqueue(tx, { queue: 'q', key: 'now', payload: null });
  });
  await until(() => done.length === 1);
  assert.equal(await db.transaction((tx) => cancelJob(tx, 'q', 'cancelled')), true);
  assert.equal(await db.transaction((tx) => cancelJob(tx, 'q', 'cancelled')), false);
  assert.equal(await db.transaction((tx) => rescheduleJob(tx, 'q', 'moved', '2026-03-05T00:00:00.000Z')), true);
  clock.advance(86_400_000);
  jobs.wake('q');
  await until(() => done.length === 2);
  clock.set('2026-03-05T00:00:00.000Z');
  await until(() => isIdle(db));
  assert.deepEqual(done, ['now', 'kept', 'moved']);
});

test('a worker that was overtaken cannot record its result', async (t) => {
  const db = await freshDb(t);
  await db.query('create table effect (worker text)');
  await db.transaction((tx) => enqueue(tx, { queue: 'q', key: 'a', payload: null }));
  let release: () => void = () => undefined;
  const held = new Promise<void>((done) => {
    release = done;
  });
  let slowStarted = false;
  const slow = startJobs({ db, clock: systemClock }, [
    {
      queue: 'q',
      leaseMs: 600_000,
      run: async () => {
        slowStarted = true;
        await held;
        return async (tx) => void (await tx.query("insert into effect values ('slow')"));
      },
    },
  ]);
  t.after(() => slow.stop());
  await until(() => slowStarted);
  // As if the slow worker's lease had run out while its machine slept.
  await db.query("update job set visible_at = '-infinity'");
  work(t, db, {
    queue: 'q',
    run: async () => async (tx) => void (await tx.query("insert into effect values ('quick')")),
  });
  await until(() => isIdle(db));
  release();
  await slow.stop();
  assert.deepEqual(await db.query('select * from effect'), [{ worker: 'quick' }]);
});

test('work that takes longer than its lease keeps it by signs of life', async (t) => {
  const db = await freshDb(t);
  let runs = 0;
  const handler: JobHandler = {
    queue: 'q',
    leaseMs: 900,
    run: async () => {
      runs++;
      await pause(2000);
    },
  };
  await db.transaction((tx) => enqueue(tx, { queue: 'q', key: 'a', payload: null }));
  work(t, db, handler);
  work(t, db, handler);
  await until(() => isIdle(db));
  assert.equal(runs, 1);
});

test('stopping waits for the work under way', async (t) => {
  const db = await freshDb(t);
  let state = 'waiting';
  const jobs = startJobs({ db, clock: systemClock }, [
    {
      queue: 'q',
      run: async () => {
        state = 'under way';
        await pause(50);
        state = 'done';
      },
    },
  ]);
  t.after(() => jobs.stop());
  await db.transaction((tx) => enqueue(tx, { queue: 'q', key: 'a', payload: null }));
  await until(() => state === 'under way');
  await jobs.stop();
  assert.equal(state, 'done');
  assert.ok(await isIdle(db));
});

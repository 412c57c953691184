import { createHash, randomBytes } from 'node:crypto';
import type { TestContext } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from './clock.ts';
import { type Db, openDb } from './db.ts';
import { Failure } from './failure.ts';
import { type Migrations, migrate, migrations as own } from './migrate.ts';
import type { Instant } from './values.ts';

const templates = new Map<string, Promise<string>>();
const cleanups = new WeakMap<TestContext, (() => Promise<unknown>)[]>();

/**
 * A fresh database for one test, with the tables of the given rooms (and of storage): a copy of a template that is made once per
 * set of migrations. It is closed and dropped after the test.
 *
 * @throws `STORAGE_TEST_SERVER` outside `./commonway test`
 * @example
 * test('a letter is kept', async (t) => {
 *   const db = await freshDb(t, [mailboxMigrations]);
 * });
 */
export async function freshDb(t: TestContext, rooms: readonly Migrations[] = []): Promise<Db> {
  const db = openDb(await freshUrl(t, rooms), { connections: 10, name: 'commonway test' });
  afterAll(t, () => db.close());
  return db;
}

/** As `freshDb`, but gives the database's URL: for tests that start processes or several pools. Without rooms it has storage's tables. */
export async function freshUrl(t: TestContext, rooms: readonly Migrations[] = []): Promise<string> {
  const admin = testServerUrl();
  const template = await templateFor(admin, rooms);
  const name = `test_${randomBytes(8).toString('hex')}`;
  await asAdmin(admin, (db) => db.query(`create database ${name} template ${template} strategy file_copy`));
  afterAll(t, () => asAdmin(admin, (db) => db.query(`drop database if exists ${name} with (force)`)));
  return urlFor(admin, name);
}

/** Hooks run in the order they were set, but the database must outlive what the test itself set up on it. */
function afterAll(t: TestContext, work: () => Promise<unknown>): void {
  const last = cleanups.get(t) ?? [];
  if (last.length === 0) {
    cleanups.set(t, last);
    t.after(() =>
      t.after(async () => {
        for (const cleanup of last.reverse()) await cleanup();
      }),
    );
  }
  last.push(work);
}

/** URL of the administrator of the server that tests may use. */
export function testServerUrl(): string {
  const url = process.env.COMMONWAY_TEST_POSTGRES;
  if (url === undefined || url === '') throw new Failure('STORAGE_TEST_SERVER');
  return url;
}

/** A clock that stands still until it is told otherwise. */
export interface ManualClock extends Clock {
  advance(milliseconds: number): void;
  set(instant: Instant): void;
}

/** @example const clock = manualClock('2026-03-01T09:00:00.000Z'); clock.advance(86_400_000); */
export function manualClock(start: Instant): ManualClock {
  let at = Date.parse(start);
  return {
    now: () => new Date(at).toISOString(),
    advance(milliseconds) {
      at += milliseconds;
    },
    set(instant) {
      at = Date.parse(instant);
    },
  };
}

function templateFor(admin: string, rooms: readonly Migrations[]): Promise<string> {
  const set = [own, ...rooms.filter((room) => room.room !== own.room)];
  const digest = createHash('sha256').update(JSON.stringify(set)).digest('hex').slice(0, 16);
  const key = `${admin} ${digest}`;
  let template = templates.get(key);
  if (template === undefined) {
    template = makeTemplate(admin, `template_${digest}`, set);
    templates.set(key, template);
  }
  return template;
}

/** Test files run in several processes: a template counts once it is marked as one, and who finds it half made waits. */
async function makeTemplate(admin: string, name: string, rooms: readonly Migrations[]): Promise<string> {
  return asAdmin(admin, async (db) => {
    for (let attempt = 0; ; attempt++) {
      const [found] = await db.query<{ done: boolean }>(
        'select datistemplate as done from pg_database where datname = $1',
        [name],
      );
      if (found?.done) return name;
      if (found !== undefined && attempt < 300) {
        await pause(100);
        continue;
      }
      if (found !== undefined) await db.query(`drop database if exists ${name} with (force)`);
      try {
        await db.query(`create database ${name} template template0`);
      } catch (error) {
        if (['23505', '42P04'].includes(String((error as { code?: unknown }).code))) continue;
        throw error;
      }
      const draft = openDb(urlFor(admin, name), { connections: 1 });
      try {
        await migrate(draft, rooms).finally(() => draft.close());
      } catch (error) {
        await db.query(`drop database if exists ${name} with (force)`);
        throw error;
      }
      await db.query(`alter database ${name} is_template true`);
      return name;
    }
  });
}

async function asAdmin<T>(admin: string, work: (db: Db) => Promise<T>): Promise<T> {
  const db = openDb(admin, { connections: 1 });
  try {
    return await work(db);
  } finally {
    await db.close();
  }
}

function urlFor(admin: string, database: string): string {
  const url = new URL(admin);
  url.pathname = `/${database}`;
  return url.href;
}

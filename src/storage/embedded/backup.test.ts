import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { openDb } from '../db.ts';
import { isFailure } from '../failure.ts';
import { archiveAll, archiveInto, takeBase } from './backup.ts';
import { restoreEmbedded } from './restore.ts';
import { type EmbeddedServer, startEmbedded } from './start.ts';

const now = () => new Date().toISOString();

async function ask<Row>({ adminUrl }: EmbeddedServer, text: string): Promise<Row[]> {
  const db = openDb(adminUrl, { connections: 1 });
  return db.query<Row>(text).finally(() => db.close());
}

const letters = async (server: EmbeddedServer) =>
  (await ask<{ id: number }>(server, 'select id from letter order by id')).map(({ id }) => id);

async function backedUp(t: TestContext) {
  const home = mkdtempSync(join(tmpdir(), 'commonway-backup-'));
  t.after(() => rmSync(home, { recursive: true, force: true }));
  const folder = join(home, 'postgres');
  const backup = join(home, 'backup');
  const server = await startEmbedded({ folder });
  t.after(() => server.stop());
  await ask(server, 'create table letter (id integer primary key)');
  await ask(server, 'insert into letter values (1)');
  await archiveInto(server.adminUrl, backup);
  await takeBase(server.adminUrl, folder, backup, now);
  const serverFile = readFileSync(join(folder, 'server.json'), 'utf8');
  const restore = async (to?: string) => {
    const restored = await restoreEmbedded({
      backup,
      folder: join(home, `restored-${Math.random()}`),
      serverFile,
      ...(to !== undefined && { to }),
    });
    t.after(() => restored.stop());
    return restored;
  };
  return { home, backup, server, restore };
}

test('a server is restored to any moment after its base backup, and to the last that was archived', async (t) => {
  const { server, backup, restore } = await backedUp(t);
  await ask(server, 'insert into letter values (2)');
  await pause(20);
  const moment = now();
  await pause(20);
  await ask(server, 'insert into letter values (3)');
  await archiveAll(server.adminUrl, backup);
  const then = await restore(moment);
  assert.deepEqual(await letters(then), [1, 2]);
  await ask(then, 'insert into letter values (4)');
  assert.deepEqual(await letters(await restore()), [1, 2, 3]);
  assert.deepEqual(await letters(server), [1, 2, 3]);
});

test('a moment before the first base, or after the end of the archive, is refused and leaves nothing behind', async (t) => {
  const { home, restore } = await backedUp(t);
  const before = readdirSync(home);
  await assert.rejects(restore('2020-01-01T00:00:00.000Z'), (error) => isFailure(error, 'STORAGE_BACKUP_NONE'));
  await assert.rejects(restore('2090-01-01T00:00:00.000Z'), (error) => isFailure(error, 'STORAGE_SERVER_FAILED'));
  assert.deepEqual(readdirSync(home), before);
});

test('a backup is for its owner alone, and its place has a plain name', async (t) => {
  const { backup, server } = await backedUp(t);
  for (const name of readdirSync(backup)) assert.equal(statSync(join(backup, name)).mode & 0o077, 0, name);
  const odd = archiveInto(server.adminUrl, `${backup}/it's here`);
  await assert.rejects(odd, (error) => isFailure(error, 'STORAGE_BACKUP_PLACE'));
});

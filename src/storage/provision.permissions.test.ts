import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { isFailure, migrate, openDb, provision, startEmbedded } from './index.ts';

test('a state owns its database and can connect to no other', async (t) => {
  const home = mkdtempSync(join(tmpdir(), 'commonway-provision-'));
  const server = await startEmbedded({ folder: join(home, 'postgres'), settings: { fsync: 'off' } });
  t.after(async () => {
    await server.stop();
    rmSync(home, { recursive: true, force: true });
  });
  const kz = await provision(server.adminUrl, { name: 'kz', password: "it's kz" });
  const kg = await provision(server.adminUrl, { name: 'kg', password: 'secret of kg' });

  const own = openDb(kz, { connections: 1 });
  t.after(() => own.close());
  await migrate(own, []);
  assert.deepEqual(await own.query('select count(*)::int as n from job'), [{ n: 0 }]);

  for (const database of ['kg', 'postgres', 'template1']) {
    const url = new URL(kz);
    url.pathname = `/${database}`;
    const other = openDb(url.href, { connections: 1 });
    await assert.rejects(other.query('select 1'), (error) => isFailure(error, 'STORAGE_REFUSED'), database);
    await other.close();
  }
  for (const statement of [
    'create database another',
    'create role another',
    'set role kg',
    "copy (select 1) to program 'true'",
    "select pg_read_file('/etc/hostname')",
    'alter system set fsync = off',
  ]) {
    await assert.rejects(own.query(statement), { code: '42501' }, statement);
  }

  // Again, with a new password: nothing is lost, the old password is worth nothing.
  const renewed = await provision(server.adminUrl, { name: 'kg', password: 'newer secret of kg' });
  const stale = openDb(kg, { connections: 1 });
  const fresh = openDb(renewed, { connections: 1 });
  t.after(() => Promise.all([stale.close(), fresh.close()]));
  await assert.rejects(stale.query('select 1'), (error) => isFailure(error, 'STORAGE_REFUSED'));
  assert.deepEqual(await fresh.query('select 1 as one'), [{ one: 1 }]);
});

test('a name that could carry a statement is refused', async () => {
  await assert.rejects(
    provision('postgres://x@127.0.0.1:9/postgres', { name: 'kz"; drop database kg; --', password: 'x' }),
    RangeError,
  );
});

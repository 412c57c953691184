import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isFailure, type Migrations, migrate, openDb } from './index.ts';
import { freshDb, freshUrl } from './testing.ts';

const letters: Migrations = {
  room: 'letters',
  files: [
    { name: '001-letter', sql: 'create table letter (id int primary key)' },
    { name: '002-sender', sql: "alter table letter add sender text not null default ''; create table stamp (id int)" },
  ],
};

test('migrating twice changes nothing, and a later file comes on top', async (t) => {
  const db = await freshDb(t);
  await migrate(db, [{ room: 'letters', files: letters.files.slice(0, 1) }]);
  await db.query('insert into letter values (1)');
  await migrate(db, [letters]);
  await migrate(db, [letters]);
  assert.deepEqual(await db.query('select * from letter'), [{ id: 1, sender: '' }]);
});

test('processes that migrate one database at once all succeed', async (t) => {
  const url = await freshUrl(t);
  const many = [1, 2, 3, 4].map(() => openDb(url));
  t.after(() => Promise.all(many.map((db) => db.close())));
  await Promise.all(many.map((db) => migrate(db, [letters])));
  assert.deepEqual(await many[0]?.query("select name from migration where room = 'letters' order by name"), [
    { name: '001-letter' },
    { name: '002-sender' },
  ]);
});

test('a file that fails leaves none of the others behind', async (t) => {
  const db = await freshDb(t);
  const broken: Migrations = { room: 'broken', files: [{ name: '001-x', sql: 'create table x (y nosuchtype)' }] };
  await assert.rejects(migrate(db, [letters, broken]), (error) => isFailure(error, 'STORAGE_MIGRATION_FAILED'));
  assert.deepEqual(await db.query("select to_regclass('letter') as found"), [{ found: null }]);
});

test('a file changed after it was applied is refused', async (t) => {
  const db = await freshDb(t, [letters]);
  const changed = {
    ...letters,
    files: [{ name: '001-letter', sql: 'create table letter (id text)' }, letters.files[1]!],
  };
  await assert.rejects(migrate(db, [changed]), (error) => isFailure(error, 'STORAGE_MIGRATION_CHANGED'));
});

test('a database of a newer version is refused', async (t) => {
  const db = await freshDb(t, [letters]);
  const older = { ...letters, files: letters.files.slice(0, 1) };
  await assert.rejects(migrate(db, [older]), (error) => isFailure(error, 'STORAGE_MIGRATION_NEWER'));
});

test('files out of order are refused before anything happens', async (t) => {
  const db = await freshDb(t);
  const swapped = { ...letters, files: [...letters.files].reverse() };
  await assert.rejects(migrate(db, [swapped]), (error) => isFailure(error, 'STORAGE_MIGRATION_ORDER'));
  assert.deepEqual(await db.query("select to_regclass('letter') as found"), [{ found: null }]);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findContractions } from './expand-first.ts';

const BAD: readonly [string, RegExp][] = [
  ['drop table letter;', /drops/],
  ['alter table letter drop column name;', /drops/],
  ['alter table letter drop name;', /drops a column/],
  ['alter table letter rename to mail;', /renames/],
  ['alter table letter rename column name to title;', /renames/],
  ['alter table letter alter column name type integer using 1;', /type/],
  ['alter table letter alter column name set not null;', /optional/],
  ['alter table letter add column name text not null;', /older programs/],
  ['delete from letter;', /deletes/],
];

test('a migration that drops, renames or narrows is found', () => {
  for (const [sql, reason] of BAD) assert.match(findContractions(sql, '1.0.0').join(), reason, sql);
});

test('one that only expands is not', () => {
  for (const sql of [
    'create table letter (id uuid primary key, name text not null);',
    "alter table letter add column name text not null default '';",
    'alter table letter add column name text;',
    'create index letter_name on letter (name);',
    "-- rename later\ninsert into letter values ('drop table letter');",
    'alter table letter drop constraint letter_check;',
  ]) {
    assert.deepEqual(findContractions(sql, '1.0.0'), [], sql);
  }
});

test('one that contracts says since when nothing needs it, and that release is over', () => {
  const sql = '-- contract: unused since 0.2.0\nalter table letter drop column name;';
  assert.deepEqual(findContractions(sql, '0.3.0'), []);
  assert.match(findContractions(sql, '0.2.0').join(), /only since 0\.2\.0/);
});

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { findContractions, migrations } from '../storage/index.ts';
import { allMigrations } from './migrations.ts';

test('no migration takes away what the release before still needs: expand first, contract later', () => {
  const path = join(process.env.COMMONWAY_ROOT ?? '.', 'package.json');
  const { version } = JSON.parse(readFileSync(path, 'utf8')) as { version: string };
  const found = [migrations, ...allMigrations].flatMap(({ room, files }) =>
    files.flatMap(({ name, sql }) => findContractions(sql, version).map((reason) => `${room}/${name} ${reason}`)),
  );
  assert.deepEqual(found, []);
});

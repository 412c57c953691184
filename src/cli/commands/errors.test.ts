import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { errorsPage } from './errors.ts';

test('docs/errors.md tells every code that the program knows, and no other', () => {
  const written = readFileSync(join(process.env.COMMONWAY_ROOT ?? '.', 'docs', 'errors.md'), 'utf8');
  assert.equal(written, errorsPage());
});

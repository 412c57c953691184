import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { metricsToken } from './metrics-token.ts';

test('the token of metrics is made once, unguessable, and for the operator alone', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'commonway-metrics-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const token = metricsToken(folder);
  assert.match(token, /^[A-Za-z0-9_-]{43}$/);
  assert.equal(metricsToken(folder), token);
  assert.equal(readFileSync(join(folder, 'metrics-token'), 'utf8').trim(), token);
  assert.equal(statSync(join(folder, 'metrics-token')).mode & 0o077, 0);
});

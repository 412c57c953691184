import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { freshLedger, log } from '../testing-ledger.ts';
import { auditLedger } from './audit.ts';
import { exportLedger, pathsOf } from './export.ts';
import { integrate } from './integrate.ts';
import { parseLedgerPath, tilePath } from './paths.ts';
import { checkpoint } from './read.ts';
import { readLedgerPath } from './serve.ts';

test('numbers of tiles have the paths of the standard', () => {
  assert.equal(tilePath(0, 1234067), 'tile/0/x001/x234/067');
  assert.equal(tilePath('entries', 0, 12), 'tile/entries/000.p/12');
  assert.deepEqual(parseLedgerPath('tile/63/x001/x234/067.p/255'), {
    what: 'tile',
    level: 63,
    tile: 1234067,
    width: 255,
  });
  assert.deepEqual(parseLedgerPath('tile/entries/999'), { what: 'entries', tile: 999, width: 256 });
});

test('only the canonical form of a path is known', () => {
  const wrong = [
    'Checkpoint',
    'checkpoint/',
    'tile/00/000',
    'tile/64/000',
    'tile/-1/000',
    'tile/0/0',
    'tile/0/x000/000',
    'tile/0/001/000',
    'tile/0/000.p/0',
    'tile/0/000.p/01',
    'tile/0/000.p/256',
    'tile/0/000.p/999',
    'tile/0/000/',
    'tile/0/../0/000',
    'tile/entries/000.p/',
    'tile/0/x999/x999/x999/x999/x999/x999/999',
    '',
  ];
  for (const path of wrong) assert.equal(parseLedgerPath(path), undefined, path);
});

test('anybody reads checkpoint, tiles and entries; what is not there yet is not found', async (t) => {
  const ctx = await freshLedger(t);
  assert.equal((await readLedgerPath(ctx, 'checkpoint')).status, 404);
  await log(ctx, 258);
  await integrate(ctx);
  const head = await readLedgerPath(ctx, '/checkpoint');
  assert.equal(head.body.toString(), await checkpoint(ctx));
  assert.equal(head.type, 'text/plain; charset=utf-8');
  assert.match(head.cache, /max-age=1$/);
  const full = await readLedgerPath(ctx, 'tile/0/000');
  assert.equal(full.body.length, 8192);
  assert.match(full.cache, /immutable/);
  const part = await readLedgerPath(ctx, 'tile/0/000.p/7');
  assert.deepEqual(part.body, full.body.subarray(0, 7 * 32));
  assert.equal((await readLedgerPath(ctx, 'tile/entries/001.p/2')).body.length, 2 * 34);
  assert.equal((await readLedgerPath(ctx, 'tile/1/000.p/1')).body.length, 32);
  for (const path of ['tile/0/001', 'tile/0/001.p/3', 'tile/0/002.p/1', 'tile/2/000.p/1', 'tile/1/000', 'nothing']) {
    assert.equal((await readLedgerPath(ctx, path)).status, 404, path);
  }
});

test('an exported folder is the whole log for an outsider, and shows any changed byte', async (t) => {
  const ctx = await freshLedger(t);
  await log(ctx, 300);
  await integrate(ctx);
  const folder = await mkdtemp(join(tmpdir(), 'ledger-'));
  t.after(() => rm(folder, { recursive: true }));
  assert.deepEqual(await exportLedger(ctx, folder), { size: 300 });
  const trust = { origin: ctx.ledger.origin, ledgerKeys: [ctx.ledger.key.public], witnesses: [], quorum: 0 };
  const read = (path: string) => readFile(join(folder, path)).catch(() => undefined);
  const audited = await auditLedger(read, trust);
  assert.ok(audited.verified && audited.head.size === 300);
  for (const path of ['checkpoint', ...pathsOf(300)]) {
    const whole = await readFile(join(folder, path));
    const changed = Buffer.from(whole);
    changed[whole.length - 9] = (whole[whole.length - 9] as number) ^ 1;
    await writeFile(join(folder, path), changed);
    assert.ok(!(await auditLedger(read, trust)).verified, path);
    await writeFile(join(folder, path), whole.subarray(0, -1));
    assert.ok(!(await auditLedger(read, trust)).verified, path);
    await rm(join(folder, path));
    assert.ok(!(await auditLedger(read, trust)).verified, path);
    await writeFile(join(folder, path), whole);
  }
  assert.ok((await auditLedger(read, trust)).verified);
});

// A node is restored to a moment, as real processes and real commands, while the other states have gone on: it takes back what it lost.
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { openDb } from '../src/storage/index.ts';
import { listAlarms } from '../src/union/index.ts';
import { decide, draftWithEvidence, runProgram, sendDraft, until } from './harness/operator.ts';
import { startUnion, type TestUnion } from './harness/union.ts';

/** Minutes: of the commit tier are its parts, in src/storage/embedded/backup.test.ts and src/ledger/log/regain.test.ts. */
const skip = process.env.COMMONWAY_ALL === '1' ? false : 'with --all';
let running: TestUnion;
const scratch = mkdtempSync(join(tmpdir(), 'commonway-restore-'));
before(async () => {
  if (skip) return;
  process.env.COMMONWAY_BACKUP_PASSPHRASE = 'of this test alone';
  running = await startUnion();
});
after(async () => {
  await running?.stop();
  rmSync(scratch, { recursive: true, force: true });
});

async function operate(...words: string[]): Promise<Record<string, unknown>> {
  const { code, out, err } = await runProgram([...words, '--folder', running.union.folder, '--json'], scratch);
  assert.equal(code, 0, `${words.join(' ')}: ${out}${err}`);
  return JSON.parse(out) as Record<string, unknown>;
}

/** One number out of the database of a state that was never restored. */
async function count(state: string, text: string, values: unknown[] = []): Promise<number> {
  const db = openDb(running.union.state(state).databaseUrl, { connections: 1 });
  const [row] = await db.query<{ n: number }>(text, values).finally(() => db.close());
  return row?.n ?? 0;
}

/** How many leaves of kz's log the others have cosigned and mirrored. */
const seen = (state: string, table: string) =>
  count(state, `select coalesce(max(size), 0)::int as n from ${table} where origin like '%/kz'`);

test('a node is restored to a moment, takes back what came after it, and goes on', { skip }, async () => {
  const backup = join(scratch, 'backup');
  const { base } = await operate('backup', backup);
  assert.ok(base);
  assert.doesNotMatch(readFileSync(join(backup, 'states', 'kz.locked'), 'latin1'), /"d":|PRIVATE KEY/);
  const draft = await draftWithEvidence(running, 'gulnara');
  const moment = new Date().toISOString();
  await pause(50);

  // After the moment: an application of kg is decided by ru, and one of kz's people has her evidence asked for.
  const lost = await draftWithEvidence(running, 'marat');
  await sendDraft(running, 'marat', lost);
  await until('all that kz has logged is mirrored', async () => {
    const sizes = await Promise.all(['am', 'by', 'kg', 'ru'].map((state) => seen(state, 'ledger_mirror')));
    const witnessed = await Promise.all(['am', 'by', 'kg', 'ru'].map((state) => seen(state, 'ledger_witness')));
    return Math.min(...sizes) >= Math.max(...witnessed);
  });
  const before = await seen('ru', 'ledger_mirror');

  const restored = await operate('restore', backup, '--state', 'kz', '--to', moment);
  assert.deepEqual(restored, { state: 'kz', to: moment, keys: false, restarted: true });
  const log = readFileSync(join(running.union.folder, 'states', 'kz', 'node.log'), 'utf8');
  assert.match(log, /regained leaves that others had mirrored/);
  assert.match(log, /"peer":"by","sent":[1-9]\d*,"again":\d+/);
  assert.ok(!readdirSync(join(running.union.folder, 'states', 'kz')).includes('restored.json'));

  // It goes on: by has the claim of an application that kz does not remember, and what by sends it, kz takes.
  await sendDraft(running, 'gulnara', draft);
  assert.deepEqual(await decide(running, 'kg', 'gulnara', draft, ['kg', 'ru']), ['kg granted', 'ru granted']);
  const again = await draftWithEvidence(running, 'marat');
  await sendDraft(running, 'marat', again);
  assert.deepEqual(await decide(running, 'kz', 'marat', again, ['kz', 'by']), ['kz granted', 'by refused']);
  await until('the others mirror on from where they were', async () => (await seen('ru', 'ledger_mirror')) > before);
  for (const state of ['am', 'by', 'kg', 'ru']) {
    assert.equal(await count(state, 'select count(*)::int as n from ledger_complaint'), 0, `${state} complains`);
    const db = openDb(running.union.state(state).databaseUrl, { connections: 1 });
    const alarms = (await listAlarms(db).finally(() => db.close())).map(({ kind, peer }) => `${kind} ${peer}`);
    assert.deepEqual(alarms, [], state);
  }
});

test('a backup does not open under another passphrase', { skip }, async () => {
  process.env.COMMONWAY_BACKUP_PASSPHRASE = 'of another test entirely';
  const words = ['restore', join(scratch, 'backup'), '--state', 'ru', '--folder', running.union.folder];
  const { code, err } = await runProgram(words, scratch);
  assert.equal(code, 77);
  assert.match(err, /another passphrase/);
});

test('a state opens a new log by its root’s word, and the others follow it', { skip }, async () => {
  const opened = await operate('ledger', 'reopen', '--state', 'ru');
  assert.deepEqual(opened, { state: 'ru', version: 2, origin: 'commonway/eaeu/ru/2', restarted: true });
  await until('kg mirrors the new log', async () => {
    const mirrored = `select count(*)::int as n from ledger_mirror where origin = 'commonway/eaeu/ru/2' and size > 0`;
    return (await count('kg', mirrored)) === 1;
  });
});

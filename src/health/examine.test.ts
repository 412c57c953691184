import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { migrations as exchange } from '../exchange/index.ts';
import { appendLeaf, migrations as ledger, sequenceNow } from '../ledger/index.ts';
import { migrations as messages } from '../messages/index.ts';
import { migrations as persons } from '../persons/index.ts';
import { addMilliseconds } from '../storage/index.ts';
import { freshDb, manualClock } from '../storage/testing.ts';
import { openTrust, migrations as union } from '../union/index.ts';
import { filesOf, testUnion } from '../union/testing.ts';
import { STEPS } from './finding.ts';
import { examine, type Finding, nextStep } from './index.ts';

const DAY_MS = 86_400_000;
const FOUNDED = '2026-03-01T00:00:00.000Z';

async function nodeOf(t: TestContext) {
  const rooms = [ledger, union, persons, exchange, messages];
  const db = await freshDb(t, rooms);
  const states = testUnion(undefined, { at: FOUNDED });
  const clock = manualClock(FOUNDED);
  const trust = await openTrust({ db, clock }, { self: 'kz', files: filesOf(states) });
  const key = states.keys.kz?.ledger;
  if (key === undefined) throw new Error('no keys of kz');
  const ctx = { db, clock, trust, ledger: { origin: 'commonway/test/kz', key } };
  const health = { folder: '/', migrations: rooms, retention: 'node/retention' };
  const look = async (of = health): Promise<Map<string, Finding>> => {
    const { findings } = await examine({ ...ctx, health: of });
    for (const finding of findings) assert.doesNotMatch(nextStep(finding, 'kz').command, /[{}]/);
    return new Map(findings.map((finding) => [finding.code, finding]));
  };
  for (const peer of ['am', 'by', 'kg', 'ru'])
    await db.query('insert into exchange_peer (peer, heard_at) values ($1, $2)', [peer, FOUNDED]);
  return { ctx, db, clock, trust, look, rooms };
}

const disk = (found: Map<string, Finding>) => [...found.keys()].filter((code) => code !== 'diskLow');

test('nothing is found of a node that is well', async (t) => {
  const { look } = await nodeOf(t);
  assert.deepEqual(disk(await look()), []);
});

test('leaves that nobody sequences, and checkpoints that nobody witnesses, are found with since when', async (t) => {
  const { ctx, db, look, clock } = await nodeOf(t);
  const leaf = () => db.transaction((tx) => appendLeaf(tx, ctx, { kind: 'access', content: 'x' }));
  await leaf();
  await sequenceNow(ctx);
  await leaf();
  await db.query(
    `insert into ledger_lease (log, task, holder, epoch, until)
     select log, 'sequence', gen_random_uuid(), 1, clock_timestamp() - interval '1 hour' from ledger_log`,
  );
  await db.query(`insert into ledger_checkpoint (log, size, note, at) select log, size, note, $1 from ledger_log`, [
    FOUNDED,
  ]);
  await db.query(
    `insert into ledger_peer (log, witness, key, size, state, at)
     select log, 'commonway/test/' || one.name || '/witness', 'k', 9, one.state, $1
       from ledger_log, (values ('ru', 'silent'), ('kg', 'ahead'), ('am', 'ok')) as one (name, state)`,
    [FOUNDED],
  );
  clock.advance(120_000);
  const found = await look();
  assert.equal(found.get('sequencerStopped')?.params.pending, 1);
  assert.deepEqual([found.get('notWitnessed')?.since, found.get('notWitnessed')?.severity], [FOUNDED, 'warn']);
  assert.equal(found.get('witnessBehind')?.about, 'ru');
  assert.deepEqual([found.get('witnessAhead')?.about, found.get('witnessAhead')?.severity], ['kg', 'fail']);
});

test('keys, certificates and the charter are found before they end', async (t) => {
  const { clock, trust, look } = await nodeOf(t);
  const { expires } = trust.charter;
  clock.advance(Date.parse(expires) - Date.parse(FOUNDED) - 20 * DAY_MS);
  const soon = await look();
  assert.deepEqual([soon.get('charterExpires')?.severity, soon.get('charterExpires')?.params.days], ['info', 20]);
  clock.advance(21 * DAY_MS);
  assert.equal((await look()).get('charterExpires')?.severity, 'warn');
  const manifest = trust.manifest('kz');
  const until = addMilliseconds(clock.now(), 2 * DAY_MS);
  const ending = manifest.keys.map((entry) => (entry.purpose === 'witness' ? { ...entry, until } : entry));
  const seen = { ...trust, expired: () => true, manifest: () => ({ ...manifest, keys: ending }) };
  const { findings } = await examine({
    db: (await nodeOf(t)).db,
    clock,
    trust: { ...seen, charter: trust.charter, charterDigest: '', self: 'kz' },
    ledger: { origin: 'x' },
  });
  const key = findings.find(({ code }) => code === 'keyExpires');
  assert.deepEqual([key?.about, key?.severity, key?.params.days], ['witness', 'fail', 2]);
});

test('peers that are silent, queues that stand and a deletion that has not run are found', async (t) => {
  const { db, look, clock } = await nodeOf(t);
  await db.query(
    `insert into job (queue, key, payload, run_at, attempts) values
       ('node/retention', '2026-03-01', '{}', $1, 0), ('cases/deadline', '1', '{}', $1, 0), ('mail', '1', '{}', $1, 7)`,
    [FOUNDED],
  );
  await db.query(`insert into access_statement (state, sealed, stated_at, received_at) values ('ru', '{}', $1, $1)`, [
    FOUNDED,
  ]);
  clock.advance(5 * 60_000);
  assert.deepEqual([...new Set(disk(await look()))].sort(), ['jobsFailing', 'peerUnreachable']);
  clock.advance(3 * DAY_MS);
  const found = await look();
  assert.deepEqual(disk(found).sort(), [
    'jobsFailing',
    'jobsLate',
    'peerUnreachable',
    'retentionOverdue',
    'statementOld',
  ]);
  assert.deepEqual([found.get('peerUnreachable')?.since, found.get('peerUnreachable')?.severity], [FOUNDED, 'fail']);
  assert.equal(found.get('jobsLate')?.about, 'cases/deadline');
});

test('tables that the program lacks or the database lacks are found, and without its tables nothing else is asked', async (t) => {
  const { db, look, rooms } = await nodeOf(t);
  await db.query(`insert into migration (room, name, checksum) values ('ledger', '999-later', 'x')`);
  assert.equal((await look()).get('migrationsNewer')?.params.first, 'ledger/999-later');
  const more = [...rooms, { room: 'market', files: [{ name: '001-market', sql: '' }] }];
  const found = await look({ folder: '/', migrations: more, retention: 'node/retention' });
  assert.deepEqual(disk(found), ['migrationsMissing', 'migrationsNewer']);
});

test('every finding leads to a section of the operator manual that is there', () => {
  const headings = readFileSync('docs/operate.md', 'utf8').matchAll(/^#{2,3} (.+)$/gm);
  const anchors = [...headings].map(([, words = '']) =>
    words
      .toLowerCase()
      .replace(/[^a-z0-9 -]/g, '')
      .replaceAll(' ', '-'),
  );
  for (const [code, { section }] of Object.entries(STEPS)) assert.ok(anchors.includes(section), `${code}: ${section}`);
});

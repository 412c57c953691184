// What operators do while cases run, as real processes and real commands: a state joins, a state leaves, keys and roots are lost.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type NodeProcess, nodeProcess } from '../src/cli/local-union/node-process.ts';
import { openDb, provision, startEmbedded } from '../src/storage/index.ts';
import { listAlarms } from '../src/union/index.ts';
import { askAsNode, decide, draftWithEvidence, portalOf, runProgram, sendDraft, until } from './harness/operator.ts';
import { root, startUnion, type TestUnion } from './harness/union.ts';

let running: TestUnion;
let joined: NodeProcess | undefined;
const scratch = mkdtempSync(join(tmpdir(), 'commonway-operate-'));
before(async () => {
  running = await startUnion();
});
after(async () => {
  await joined?.stop();
  await running?.stop();
  rmSync(scratch, { recursive: true, force: true });
});

const at = (...parts: string[]) => join(scratch, ...parts);
const inUnion = (...parts: string[]) => join(running.union.folder, ...parts);
const keysOf = (state: string) => inUnion('states', state, 'keys');
const manifestFile = (state: string, version: number) =>
  inUnion('states', state, 'trust', 'manifests', `${state}.${version}.json`);

/** Types a command that must succeed; gives its JSON. */
async function operate(...words: string[]): Promise<Record<string, unknown>> {
  const { code, out, err } = await runProgram([...words, '--json'], scratch);
  assert.equal(code, 0, `${words.join(' ')}: ${out}${err}`);
  return JSON.parse(out) as Record<string, unknown>;
}

/** Where a state's root lies: on a machine of its own. */
const roots: Record<string, string> = {};
const rootOf = (state: string): string => roots[state] ?? inUnion('roots', `${state}.key.json`);

/** Proposes the next charter, has these roots sign it, and writes it whole. */
async function makeCharter(version: number, changes: readonly string[], signers: readonly string[]): Promise<string> {
  const proposal = at(`${version}.proposal`);
  await operate('charter', 'propose', '--folder', running.union.folder, '--out', proposal, ...changes);
  const signed = await Promise.all(
    signers.map(async (state) => {
      const out = at(`${version}.${state}.signed`);
      await operate('charter', 'sign', proposal, '--root', rootOf(state), '--out', out);
      return out;
    }),
  );
  const file = at(`${version}.json`);
  await operate('charter', 'assemble', proposal, ...signed, '--out', file);
  return file;
}

const give = (state: string, ...files: string[]) =>
  operate('trust', 'take', ...files, '--state', state, '--folder', running.union.folder);

interface Hello {
  charter: { version: number };
  versions: Record<string, number>;
}

/** What a node answers to another one; undefined where it does not know who asks. */
async function helloOf(asked: string, keyFolder: string): Promise<Hello | undefined> {
  const { text } = await askAsNode(running, keyFolder, asked);
  return text === '' ? undefined : (JSON.parse(text.slice(text.indexOf('\r\n\r\n'))) as Hello);
}

async function underCharter(version: number, states: readonly string[]): Promise<void> {
  for (const state of states) {
    await until(`${state} is under charter ${version}`, async () => {
      const visitor = states.find((other) => other !== state) ?? '';
      return (await helloOf(state, keysOf(visitor)))?.charter.version === version;
    });
  }
}

async function alarmsOf(databaseUrl: string): Promise<string[]> {
  const db = openDb(databaseUrl, { connections: 1 });
  return (await listAlarms(db).finally(() => db.close())).map(({ kind, peer }) => `${kind} ${peer}`);
}

/** Whether nothing waits for a state, and something was given up because it left. */
async function givenUp(state: string, peer: string): Promise<boolean> {
  const db = openDb(running.union.state(state).databaseUrl, { connections: 1 });
  const [row] = await db
    .query<{ waiting: number; left: number }>(
      `select count(*) filter (where status in ('waiting', 'confirming', 'voiding'))::int as waiting,
         count(*) filter (where refusal = 'EXCHANGE_RECEIVER_LEFT')::int as left from exchange_sent where receiver = $1`,
      [peer],
    )
    .finally(() => db.close());
  return row?.waiting === 0 && row.left > 0;
}

const freePort = () =>
  new Promise<number>((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => done(port));
    });
  });

const pids = () => running.union.states.map(({ process }) => process.pid());
let started: (number | undefined)[];
/** Applications that are under way through all that follows. */
const drafts: Record<string, string> = {};

describe('a state joins while cases run', () => {
  let newcomer: { databaseUrl: string; portal: string };

  test('with a charter that five roots signed, each by itself, and that every node takes without a restart', async () => {
    for (const id of ['gulnara', 'marat']) drafts[id] = await draftWithEvidence(running, id);
    await sendDraft(running, 'marat', drafts.marat ?? '');
    started = pids();
    await operate('root', 'new', '--state', 'uz', '--name', 'Uzbekistan', '--out', at('root-uz'));
    roots.uz = at('root-uz', 'uz.key.json');
    const signers = ['am', 'by', 'kg', 'kz', 'uz'];
    const charter = await makeCharter(2, ['--add', at('root-uz', 'uz.entry.json')], signers);
    for (const { state } of running.union.states) await give(state, charter);
    await underCharter(2, ['am', 'by', 'kg', 'kz', 'ru']);
    assert.deepEqual(pids(), started);
  });

  test('and is spoken to by all as soon as one of them has its manifest', async () => {
    const [portalPort, exchangePort] = [await freePort(), await freePort()];
    const folder = at('uz');
    mkdirSync(folder, { mode: 0o700 });
    const charters = [inUnion('states', 'kz', 'trust', 'charters', '1.json'), at('2.json')];
    const manifests = ['am', 'by', 'kg', 'kz', 'ru'].map((state) => manifestFile(state, 1));
    const offset = running.union.clockOffsetMs;
    const made = await operate(
      ...['manifest', 'new', ...charters, ...manifests, '--state', 'uz', '--root', roots.uz ?? '', '--out', folder],
      ...['--portal', `http://uz.localhost:${portalPort}`, '--exchange', `127.0.0.1:${exchangePort}`],
      ...['--at', new Date(Date.now() + offset).toISOString()],
    );
    const server = await startEmbedded({ folder: inUnion('postgres') });
    const databaseUrl = await provision(server.adminUrl, { name: 'uz', password: 'of-this-test' });
    const config = {
      ...{ state: 'uz', root, folder, trustFolder: join(folder, 'trust'), databaseUrl },
      ...{ portalPort, exchangePort, clockOffsetMs: offset, development: false },
    };
    writeFileSync(at('uz.json'), JSON.stringify(config));
    await give('kz', String(made.file));
    joined = nodeProcess({
      state: 'uz',
      command: [process.env.COMMONWAY_PROGRAM ?? '', 'node', '--config', at('uz.json')],
      log: at('uz.log'),
      env: { ...process.env, COMMONWAY_ROOT: root },
      onChange: () => undefined,
    });
    joined.start();
    await joined.ready(60_000);
    newcomer = { databaseUrl, portal: `http://127.0.0.1:${portalPort}` };
    for (const { state } of running.union.states) {
      await until(`${state} knows uz`, async () => (await helloOf(state, join(folder, 'keys')))?.versions.uz === 1);
    }
    assert.deepEqual(pids(), started);
  });

  test('and its log is witnessed by the others', async () => {
    await until('enough witnesses saw its log', async () => {
      const db = openDb(newcomer.databaseUrl, { connections: 1 });
      const [row] = await db
        .query<{ seen: number }>('select count(distinct witness)::int as seen from ledger_cosignature')
        .finally(() => db.close());
      return (row?.seen ?? 0) >= 3;
    });
  });
});

describe('a state is expelled while cases run', () => {
  test('by the five others: they cut it off without a restart, and it goes on by itself', async () => {
    const charter = await makeCharter(3, ['--remove', 'by'], ['am', 'kg', 'kz', 'ru', 'uz']);
    for (const { state } of running.union.states) await give(state, at('2.json'), charter);
    await underCharter(3, ['am', 'kg', 'kz', 'ru']);
    assert.equal(await helloOf('kz', keysOf('by')), undefined);
    assert.deepEqual(pids(), started);
    const { databaseUrl } = running.union.state('by');
    await until('by tells its operator', async () => (await alarmsOf(databaseUrl)).includes('charter-without-us by'));
    const viktar = await portalOf(running, 'by', 'viktar');
    await viktar.close();
  });

  test('and what it had signed goes on to count: a case with its evidence is decided, its person sees both', async () => {
    assert.deepEqual(await decide(running, 'kz', 'marat', drafts.marat ?? '', ['kz']), ['kz granted']);
    const marat = await portalOf(running, 'kz', 'marat');
    const page = await marat.open(`/applications/${drafts.marat}`);
    assert.ok(page.root.structuredText.length > 0);
    const file = at('decision.commonway.json');
    writeFileSync(file, await marat.download(`/applications/${drafts.marat}/decisions/kz`));
    await until('its notice to the state that left is given up', () => givenUp('kz', 'by'));
    await marat.close();
    const anchors = ['--anchor', running.place.anchors];
    const { code, out, err } = await runProgram(['verify', file, ...anchors], scratch);
    assert.equal(code, 0, out + err);
  });

  test('and states that are in go on together: an application that was a draft is sent and decided', async () => {
    await sendDraft(running, 'gulnara', drafts.gulnara ?? '');
    assert.deepEqual(await decide(running, 'kg', 'gulnara', drafts.gulnara ?? '', ['kg', 'ru']), [
      'kg granted',
      'ru granted',
    ]);
    assert.deepEqual(pids(), started);
  });
});

describe('keys are lost', { skip: process.env.COMMONWAY_ALL === '1' ? false : 'with --all' }, () => {
  test('those of a node, TLS and signing: its root makes new ones, and one neighbour is told by hand', async () => {
    rmSync(keysOf('kg'), { recursive: true });
    const renew = ['manifest', 'renew', '--state', 'kg', '--folder', running.union.folder];
    assert.deepEqual(await operate(...renew, '--lost'), {
      state: 'kg',
      version: 2,
      finished: false,
      restarted: true,
    });
    await give('am', manifestFile('kg', 2));
    for (const state of ['am', 'kz', 'ru']) {
      await until(`${state} knows kg again`, async () => (await helloOf(state, keysOf('kg')))?.versions.kg === 2);
    }
  });

  test('a root: the others give the state another one, under which it is in again', async () => {
    await operate('root', 'new', '--state', 'ru', '--name', 'Russia', '--out', at('root-ru'));
    roots.ru = at('root-ru', 'ru.key.json');
    const entry = at('root-ru', 'ru.entry.json');
    const charter = await makeCharter(4, ['--replace', entry], ['am', 'kg', 'kz', 'uz', 'ru']);
    for (const state of ['am', 'kg', 'kz', 'ru']) await give(state, at('2.json'), at('3.json'), charter);
    await underCharter(4, ['am', 'kg', 'kz']);
    assert.equal(await helloOf('kz', keysOf('ru')), undefined);
    writeFileSync(inUnion('roots', 'ru.key.json'), readFileSync(roots.ru), { mode: 0o600 });
    await operate('manifest', 'renew', '--state', 'ru', '--folder', running.union.folder);
    await give('kz', manifestFile('ru', 2));
    for (const state of ['am', 'kg', 'kz']) {
      await until(`${state} knows ru again`, async () => (await helloOf(state, keysOf('ru')))?.versions.ru === 2);
    }
  });

  test('and what was signed before all that still verifies', async () => {
    const gulnara = await portalOf(running, 'kg', 'gulnara');
    for (const state of ['kg', 'ru']) {
      const file = at(`decision-${state}.commonway.json`);
      writeFileSync(file, await gulnara.download(`/applications/${drafts.gulnara}/decisions/${state}`));
      const { code, out, err } = await runProgram(['verify', file, '--anchor', running.place.anchors], scratch);
      assert.equal(code, 0, `${state}: ${out}${err}`);
    }
    await gulnara.close();
  });
});

// The life of a union as somebody at a terminal has it: `./commonway up` and its siblings, as processes, on folders of their own.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { get } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { openDb, provision } from '../src/storage/index.ts';

const PROGRAM = process.env.COMMONWAY_PROGRAM ?? '';
const PATIENCE = 120_000;

interface Ended {
  code: number | null;
  out: string;
  err: string;
}

/** A command that runs: its words so far, its end. */
interface Running {
  child: ChildProcess;
  out(): string;
  err(): string;
  ended: Promise<Ended>;
}

function begin(home: string, words: readonly string[], env: Record<string, string> = {}): Running {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', PROGRAM, ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, COMMONWAY_HOME: home, ...env },
  });
  let out = '';
  let err = '';
  child.stdout?.on('data', (data) => {
    out += data;
  });
  child.stderr?.on('data', (data) => {
    err += data;
  });
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, out, err }));
  return { child, out: () => out, err: () => err, ended };
}

const run = (home: string, words: readonly string[], env?: Record<string, string>) => begin(home, words, env).ended;

async function until(what: string, truth: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + PATIENCE; ; ) {
    if (await truth()) return;
    if (Date.now() > end) assert.fail(`it did not come about: ${what}`);
    await pause(50);
  }
}

async function isReady(up: Running): Promise<void> {
  await until('the union is ready', () => {
    if (up.child.exitCode !== null) assert.fail(`up ended with ${up.child.exitCode}: ${up.err()}`);
    return up.err().includes('- ready after');
  });
}

interface Status {
  running: boolean;
  pid: number;
  databasePid: number | null;
  states: { state: string; running: boolean; ready: boolean; pid: number; portal: string; restarts: number }[];
}

async function statusOf(home: string): Promise<Status> {
  return JSON.parse((await run(home, ['status', '--json'])).out) as Status;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

/** The status of a page; `kz.localhost` is this machine whatever the resolver thinks. */
function visit(portal: string, path: string): Promise<number> {
  const { hostname, port } = new URL(portal);
  return new Promise((done, fail) => {
    get({ host: '127.0.0.1', port, path, headers: { host: `${hostname}:${port}` } }, (answer) => {
      answer.resume();
      done(answer.statusCode ?? 0);
    }).on('error', fail);
  });
}

function newHome(): string {
  return mkdtempSync(join(tmpdir(), 'commonway-cli-'));
}

describe('a union from its founding to its end', { concurrency: false }, () => {
  const home = newHome();
  const folder = join(home, 'union');
  // Away from where other unions of this machine look for free ports, and below those that connections are made from (32768 on): this one
  // leaves its ports and wants them back.
  const port = String(20_000 + (process.pid % 1200) * 10);
  let up: Running;
  before(async () => {
    up = begin(home, ['up', '--port', port]);
    await isReady(up);
  });
  after(async () => {
    up.child.kill('SIGTERM');
    await up.ended;
    await run(home, ['down']);
    rmSync(home, { recursive: true, force: true });
  });

  test('up prints five portals, sign-ins, the data folder and how to stop', () => {
    for (const state of ['am', 'by', 'kg', 'kz', 'ru'])
      assert.match(up.out(), new RegExp(`http://${state}\\.localhost:\\d+/`));
    assert.match(up.out(), /\/sign-in\?persona=aigerim/);
    assert.ok(up.out().includes(folder));
    assert.match(up.out(), /Ctrl-C/);
  });

  test('the addresses answer on loopback and nowhere else', async () => {
    const { states } = await statusOf(home);
    for (const { portal } of states) assert.ok((await visit(portal, '/')) > 0);
    const listening = readFileSync('/proc/net/tcp', 'utf8')
      .split('\n')
      .concat(readFileSync('/proc/net/tcp6', 'utf8').split('\n'));
    for (const { portal } of states) {
      const hex = Number(new URL(portal).port).toString(16).toUpperCase().padStart(4, '0');
      const addresses = listening
        .filter((line) => line.includes(`:${hex} `) && / 0A /.test(line))
        .map((line) => line.trim().split(/\s+/)[1]);
      assert.deepEqual(addresses, [`0100007F:${hex}`], portal);
    }
  });

  test('each state is a process of its own, its keys are private, the roots are apart', async () => {
    const { states, databasePid } = await statusOf(home);
    assert.equal(new Set([...states.map(({ pid }) => pid), databasePid]).size, 6);
    for (const { state } of states) {
      const keys = join(folder, 'states', state, 'keys');
      assert.equal(statSync(keys).mode & 0o077, 0);
      for (const name of readdirSync(keys)) assert.equal(statSync(join(keys, name)).mode & 0o077, 0, name);
      assert.ok(!readdirSync(keys).some((name) => name.includes('root')));
      assert.equal(statSync(join(folder, 'states', state, 'node.json')).mode & 0o077, 0);
    }
    assert.equal(statSync(join(folder, 'roots')).mode & 0o077, 0);
    assert.equal(readdirSync(join(home, 'anchors')).length, 1);
  });

  test('a second up on the folder says that it runs and where', async () => {
    const second = await run(home, ['up']);
    assert.equal(second.code, 75);
    assert.match(
      second.err,
      /^commonway: The union in .* is running already \(process \d+\); its portals begin at http:\/\/am\.localhost:\d+\.\n$/,
    );
  });

  test('--fresh on a running union deletes nothing', async () => {
    assert.equal((await run(home, ['up', '--fresh', '--yes'])).code, 75);
    assert.ok((await statusOf(home)).running);
  });

  test('--fresh without a terminal and without --yes deletes nothing', async () => {
    const fresh = await run(home, ['up', '--fresh']);
    assert.equal(fresh.code, 64);
    assert.match(fresh.err, /Nothing was deleted/);
  });

  test('a killed node is started again, beside a database server that never stopped', async () => {
    const earlier = await statusOf(home);
    const victim = earlier.states[3];
    assert.ok(victim !== undefined);
    process.kill(victim.pid, 'SIGKILL');
    await until('the node is back', async () => {
      const now = (await statusOf(home)).states[3];
      return now?.ready === true && now.pid !== victim.pid;
    });
    assert.equal((await statusOf(home)).databasePid, earlier.databasePid);
  });

  test('a killed database server is started again, and the nodes find it', async () => {
    const { databasePid, states } = await statusOf(home);
    process.kill(databasePid ?? 0, 'SIGKILL');
    await until('the database is back', async () => ![null, databasePid].includes((await statusOf(home)).databasePid));
    assert.deepEqual(
      (await statusOf(home)).states.map(({ pid }) => pid),
      states.map(({ pid }) => pid),
    );
  });

  test('register import takes good rows, says each bad one, and changes nothing the second time', async () => {
    const seed = readFileSync(join(process.env.COMMONWAY_ROOT ?? '', 'seeds', 'kz', 'population.csv'), 'utf8');
    const [heading = '', first = ''] = seed.split('\n');
    const file = join(home, 'rows.csv');
    writeFileSync(file, `${heading}\n${first.replace('KZ-T-', 'KZ-T-9')}\n`);
    const words = ['register', 'import', file, '--state', 'kz', '--register', 'population', '--json'];
    const report = await run(home, words);
    assert.equal(report.code, 65);
    assert.equal((JSON.parse(report.out) as { rejected: { line: number }[] }).rejected[0]?.line, 2);
    writeFileSync(file, seed);
    const again = JSON.parse((await run(home, words)).out) as { taken: number; unchanged: number };
    assert.equal(again.taken, 0);
    assert.ok(again.unchanged >= 200);
  });

  test('logs prints what a node wrote, and knows the states', async () => {
    assert.match((await run(home, ['logs', 'kz'])).out, /"msg":"ready"/);
    const unknown = await run(home, ['logs', 'fr']);
    assert.equal(unknown.code, 64);
    assert.match(unknown.err, /no state 'fr'/);
  });

  test('a second union in another folder gets other ports', async () => {
    const other = newHome();
    const second = begin(other, ['up']);
    try {
      await isReady(second);
      const [mine, theirs] = [await statusOf(home), await statusOf(other)];
      assert.ok(mine.states.every(({ ready }) => ready));
      const ports = [...mine.states, ...theirs.states].map(({ portal }) => new URL(portal).port);
      assert.equal(new Set(ports).size, 10);
    } finally {
      second.child.kill('SIGINT');
      assert.equal((await second.ended).code, 0);
      rmSync(other, { recursive: true, force: true });
    }
  });

  test('when the supervisor is killed its nodes end, and the next up goes on with the same data', async () => {
    const earlier = await statusOf(home);
    up.child.kill('SIGKILL');
    await up.ended;
    await until('the nodes ended', () => earlier.states.every(({ pid }) => !isAlive(pid)));
    assert.ok(isAlive(earlier.databasePid ?? 0));
    up = begin(home, ['up']);
    await isReady(up);
    const later = await statusOf(home);
    assert.equal(later.databasePid, earlier.databasePid);
    assert.deepEqual(
      later.states.map(({ portal }) => portal),
      earlier.states.map(({ portal }) => portal),
    );
    assert.doesNotMatch(up.err(), /founding/);
  });

  test('Ctrl-C stops everything cleanly, and status says so', async () => {
    const { states, databasePid } = await statusOf(home);
    up.child.kill('SIGINT');
    assert.equal((await up.ended).code, 0);
    for (const pid of [...states.map((one) => one.pid), databasePid ?? 0]) assert.ok(!isAlive(pid));
    const stopped = await run(home, ['status']);
    assert.equal(stopped.code, 69);
    assert.match(stopped.out, /not running/);
  });

  test('a stored port that somebody took meanwhile gets one clear sentence', async () => {
    const { states } = await statusOf(home);
    const port = Number(new URL(states[2]?.portal ?? '').port);
    const thief = createServer().listen(port, '127.0.0.1');
    await once(thief, 'listening');
    const refused = await run(home, ['up']);
    thief.close();
    assert.equal(refused.code, 75);
    assert.match(
      refused.err,
      new RegExp(`^commonway: Port ${port}, which the union in .* needs, is in use by another program\\.\n$`, 'm'),
    );
  });

  test('down stops a union from another terminal, and says when there is nothing to stop', async () => {
    up = begin(home, ['up']);
    await isReady(up);
    assert.equal((await run(home, ['down'])).code, 0);
    assert.equal((await up.ended).code, 0);
    const twice = await run(home, ['down']);
    assert.equal(twice.code, 69);
    assert.match(twice.err, /is not running/);
  });
});

test('Ctrl-C while a union is being founded leaves nothing running, and the next up begins anew', async (t) => {
  const home = newHome();
  t.after(() => rmSync(home, { recursive: true, force: true }));
  const first = begin(home, ['up']);
  await until('the founding began', () => first.err().includes('- founding'));
  first.child.kill('SIGINT');
  const ended = await first.ended;
  assert.equal(ended.code, 130);
  assert.match(ended.err, /^commonway: Stopped before the end\.$/m);
  assert.ok(!existsSync(join(home, 'union', 'running.json')));
  assert.ok(!existsSync(join(home, 'union', 'postgres', 'data', 'postmaster.pid')));
});

test('states whose DATABASE_URL is given keep their data there, and no server is started', async (t) => {
  const home = newHome();
  const admin = process.env.COMMONWAY_TEST_POSTGRES ?? '';
  const tag = `elsewhere${process.pid}`;
  const states = ['am', 'by', 'kg', 'kz', 'ru'];
  const urls: Record<string, string> = {};
  for (const state of states) {
    urls[`DATABASE_URL_${state.toUpperCase()}`] = await provision(admin, { name: `${tag}_${state}`, password: 'x' });
  }
  t.after(async () => {
    rmSync(home, { recursive: true, force: true });
    const db = openDb(admin, { connections: 1 });
    for (const state of states) await db.query(`drop database if exists ${tag}_${state} with (force)`);
    for (const state of states) await db.query(`drop role if exists ${tag}_${state}`);
    await db.close();
  });
  const up = begin(home, ['up'], urls);
  await isReady(up);
  const { databasePid, states: running } = await statusOf(home);
  assert.equal(databasePid, null);
  assert.ok(running.every(({ ready }) => ready));
  assert.ok(!existsSync(join(home, 'union', 'postgres')));
  up.child.kill('SIGTERM');
  assert.equal((await up.ended).code, 0);
});

test('a given port that is busy, a wrong one, and one that differs from the founded are refused', async (t) => {
  const home = newHome();
  t.after(() => rmSync(home, { recursive: true, force: true }));
  const thief = createServer().listen(0, '127.0.0.1');
  await once(thief, 'listening');
  t.after(() => thief.close());
  const { port } = thief.address() as { port: number };
  const busy = await run(home, ['up', '--port', String(port)]);
  assert.equal(busy.code, 75);
  assert.match(busy.err, new RegExp(`Port ${port},`));
  for (const wrong of ['80', '99999', 'many']) assert.equal((await run(home, ['up', '--port', wrong])).code, 64);
});

test('a folder with other data is refused and left as it was', async (t) => {
  const home = newHome();
  t.after(() => rmSync(home, { recursive: true, force: true }));
  mkdirSync(join(home, 'union'));
  writeFileSync(join(home, 'union', 'thesis.txt'), 'mine');
  for (const words of [['up'], ['up', '--fresh', '--yes'], ['status'], ['down']]) {
    const refused = await run(home, words);
    assert.equal(refused.code, 73, words.join(' '));
    assert.match(refused.err, /is not a union of Commonway; it is left untouched/);
  }
  assert.deepEqual(readdirSync(join(home, 'union')), ['thesis.txt']);
});

test('without a union the other commands say how to make one', async (t) => {
  const home = newHome();
  t.after(() => rmSync(home, { recursive: true, force: true }));
  for (const words of [['status'], ['down'], ['logs', 'kz']]) {
    const refused = await run(home, words);
    assert.equal(refused.code, 66, words.join(' '));
    assert.match(refused.err, /\.\/commonway up makes one/);
  }
});

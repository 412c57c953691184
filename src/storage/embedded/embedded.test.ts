import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type TestContext, test } from 'node:test';
import { type EmbeddedServer, isFailure, openDb, startEmbedded } from '../index.ts';
import { runInChild } from '../testing-child.ts';

/** A home that only its owner may enter. */
function privateHome(t: TestContext): string {
  const home = mkdtempSync(join(tmpdir(), 'commonway-home-'));
  t.after(() => rmSync(home, { recursive: true, force: true }));
  return home;
}

async function start(t: TestContext, folder: string): Promise<EmbeddedServer> {
  const server = await startEmbedded({ folder });
  t.after(() => server.stop());
  return server;
}

async function ask<Row>(server: EmbeddedServer, text: string): Promise<Row[]> {
  const db = openDb(server.adminUrl, { connections: 1 });
  return db.query<Row>(text).finally(() => db.close());
}

const SUPERVISOR = `
  import { describeError, startEmbedded } from './index.ts';
  try {
    const server = await startEmbedded({ folder: process.env.FOLDER });
    console.log(JSON.stringify({ pid: server.pid, port: server.port }));
    setInterval(() => undefined, 1000);
  } catch (error) {
    console.log(JSON.stringify({ failure: describeError(error) }));
  }
`;

test('a server below a private home keeps its rows over a stop and a start', async (t) => {
  const folder = join(privateHome(t), 'postgres');
  const first = await start(t, folder);
  assert.equal(first.attached, false);
  await ask(first, 'create table letter as select 1 as id');
  await first.stop();
  const second = await start(t, folder);
  assert.deepEqual(await ask(second, 'select id from letter'), [{ id: 1 }]);
});

test('a server listens on loopback only, wants a password, and keeps files private', async (t) => {
  const folder = join(privateHome(t), 'postgres');
  const server = await start(t, folder);
  assert.deepEqual(
    await ask(
      server,
      `select current_setting('listen_addresses') as tcp, current_setting('unix_socket_directories') as socket,
         current_setting('fsync') as fsync, (select count(*)::int from pg_hba_file_rules where auth_method <> 'scram-sha-256') as open`,
    ),
    [{ tcp: '127.0.0.1', socket: '', fsync: 'on', open: 0 }],
  );
  const wrong = openDb(server.adminUrl.replace(/:[0-9a-f]+@/, ':guess@'), { connections: 1 });
  t.after(() => wrong.close());
  await assert.rejects(wrong.query('select 1'), (error) => isFailure(error, 'STORAGE_REFUSED'));
  assert.equal(statSync(join(folder, 'server.json')).mode & 0o077, 0);
  assert.equal(statSync(join(folder, 'data')).mode & 0o077, 0);
});

test('the log holds neither statements nor values', async (t) => {
  const folder = join(privateHome(t), 'postgres');
  const server = await start(t, folder);
  await ask(server, 'create table letter (name text primary key)');
  await ask(server, "insert into letter values ('Aigerim')");
  await assert.rejects(ask(server, "insert into letter values ('Aigerim')"));
  // The message of an error quotes what was typed, not only its detail.
  await assert.rejects(ask(server, "select 'Aigerim'::uuid"));
  await server.stop();
  assert.doesNotMatch(readFileSync(join(folder, 'server.log'), 'utf8'), /Aigerim/);
});

test('a server outlives its killed supervisor, and the next one attaches to it', async (t) => {
  const folder = join(privateHome(t), 'postgres');
  const supervisor = await runInChild(SUPERVISOR, { FOLDER: folder });
  const [line] = await once(createInterface(supervisor.stdout), 'line');
  const died = once(supervisor, 'exit');
  supervisor.kill('SIGKILL');
  await died;
  const server = await start(t, folder);
  assert.equal(server.attached, true);
  assert.deepEqual({ pid: server.pid, port: server.port }, JSON.parse(line));
});

test('two supervisors at once end up with one server', async (t) => {
  const folder = join(privateHome(t), 'postgres');
  const [one, two] = await Promise.all([start(t, folder), start(t, folder)]);
  assert.equal(one.pid, two.pid);
});

test('a killed server comes back with what it had acknowledged', async (t) => {
  const folder = join(privateHome(t), 'postgres');
  const first = await start(t, folder);
  await ask(first, 'create table letter as select generate_series(1, 100) as id');
  process.kill(first.pid, 'SIGKILL');
  const second = await start(t, folder);
  assert.notEqual(second.pid, first.pid);
  assert.deepEqual(await ask(second, 'select count(*)::int as n from letter'), [{ n: 100 }]);
});

test('a lock file whose number belongs to another program by now does not stop the start', async (t) => {
  const folder = join(privateHome(t), 'postgres');
  const first = await start(t, folder);
  await first.stop();
  writeFileSync(
    join(folder, 'data', 'postmaster.pid'),
    `${process.pid}\n${join(folder, 'data')}\n1\n1\n\n127.0.0.1\n\nready\n`,
  );
  const second = await start(t, folder);
  assert.equal(second.attached, false);
});

test('a folder with other data is refused and left as it was', async (t) => {
  const folder = privateHome(t);
  writeFileSync(join(folder, 'thesis.txt'), 'mine');
  await assert.rejects(startEmbedded({ folder }), (error) => isFailure(error, 'STORAGE_FOREIGN_FOLDER'));
  assert.equal(readFileSync(join(folder, 'thesis.txt'), 'utf8'), 'mine');
});

test('a database of another PostgreSQL is refused', async (t) => {
  const folder = join(privateHome(t), 'postgres');
  mkdirSync(folder);
  writeFileSync(join(folder, 'server.json'), JSON.stringify({ format: 1, postgres: '15', password: 'x' }));
  await assert.rejects(startEmbedded({ folder }), (error) => isFailure(error, 'STORAGE_OTHER_VERSION'));
});

const asRoot = process.getuid?.() === 0 && process.platform === 'linux';
const onlyRoot = { skip: asRoot ? false : 'only root has to become somebody else' };

/** A PATH on which user namespaces do not work. */
function pathWithoutNamespaces(home: string): string {
  const bin = join(home, 'bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'unshare'), '#!/bin/sh\nexit 1\n');
  chmodSync(join(bin, 'unshare'), 0o755);
  return `${bin}:${process.env.PATH}`;
}

async function firstLine(t: TestContext, env: Record<string, string>): Promise<{ failure?: string; pid?: number }> {
  const supervisor = await runInChild(SUPERVISOR, env);
  t.after(() => supervisor.kill('SIGKILL'));
  const [line] = await once(createInterface(supervisor.stdout), 'line');
  return JSON.parse(line) as { failure?: string; pid?: number };
}

test('root without user namespaces runs the server as an ordinary user', onlyRoot, async (t) => {
  const home = privateHome(t);
  chmodSync(home, 0o755);
  const folder = join(home, 'postgres');
  const { failure, pid = 0 } = await firstLine(t, { FOLDER: folder, PATH: pathWithoutNamespaces(home) });
  if (failure?.includes('STORAGE_NO_UNPRIVILEGED_USER')) return t.skip('no other user can enter this checkout');
  assert.equal(failure, undefined);
  assert.notEqual(statSync(`/proc/${pid}`).uid, 0);
  const server = await start(t, folder);
  assert.equal(server.attached, true);
  assert.equal(server.pid, pid);
});

test('root without user namespaces below a private home is told what to do', onlyRoot, async (t) => {
  const home = privateHome(t);
  const { failure } = await firstLine(t, { FOLDER: join(home, 'postgres'), PATH: pathWithoutNamespaces(home) });
  assert.match(failure ?? '', /STORAGE_NO_UNPRIVILEGED_USER/);
});

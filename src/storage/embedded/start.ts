import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { Failure } from '../failure.ts';
import { type Binaries, findBinaries } from './binaries.ts';
import { findLivePostmaster, isAlive, readPostmaster, stopPostmaster } from './postmaster.ts';
import { chooseRunAs, type RunAs } from './run-as.ts';
import { SERVER_SETTINGS } from './settings.ts';

export interface EmbeddedOptions {
  /** Where the database lives; made when missing. */
  folder: string;
  /** The checkout whose `node_modules` holds the package; default COMMONWAY_ROOT, else the working folder. */
  root?: string;
  /** Loopback port; default: a free one. Ignored when a server is found running. */
  port?: number;
  /** Settings over the shipped ones, e.g. `{ fsync: 'off' }` in tests. */
  settings?: Readonly<Record<string, string>>;
  /** How long the start may take; default a minute. One that recovers from an archive takes longer. */
  patienceMs?: number;
  onProgress?(line: string): void;
}

export interface EmbeddedServer {
  /** URL of the administrator, who can make roles and databases. */
  adminUrl: string;
  port: number;
  pid: number;
  /** True when it was running already. */
  attached: boolean;
  /** Stops the server, whoever started it. */
  stop(): Promise<void>;
}

interface ServerFile {
  format: 1;
  postgres: string;
  password: string;
}

const FORMAT = 1;
const POSTGRES_MAJOR = '18';
const ADMIN = 'commonway';

/**
 * Starts the PostgreSQL that comes with the lockfile, or attaches to the one that runs on the folder already: the server outlives
 * the process that started it, even a killed one. It listens on loopback TCP only, with passwords.
 *
 * @throws `STORAGE_NO_SERVER`, `STORAGE_FOREIGN_FOLDER`, `STORAGE_OTHER_VERSION`, `STORAGE_OTHER_OWNER`, `STORAGE_DISK_FULL`,
 * `STORAGE_NOT_WRITABLE`, `STORAGE_NO_UNPRIVILEGED_USER`, `STORAGE_SERVER_FAILED`
 * @example
 * const server = await startEmbedded({ folder: 'var/union/postgres' });
 * const url = await provision(server.adminUrl, { name: 'kz', password });
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const folder = resolve(options.folder);
  const root = options.root ?? process.env.COMMONWAY_ROOT ?? process.cwd();
  const binaries = findBinaries(root, join(folder, 'lib'));
  if (!isOurs(folder)) {
    options.onProgress?.('preparing the database');
    guardDisk(folder, () => initialise(folder, binaries));
  }
  const file = readServerFile(folder);
  const data = join(folder, 'data');
  const runAs = chooseRunAs(folder, binaries);
  const urlOf = (port: number) => `postgres://${ADMIN}:${file.password}@127.0.0.1:${port}/postgres`;
  for (let attempt = 1; ; attempt++) {
    const live = findLivePostmaster(data);
    if (live !== undefined && (await isReady(data, live.pid, urlOf))) {
      return serverOf(data, urlOf, attempt === 1);
    }
    options.onProgress?.('starting the database');
    const reason = await launch(folder, binaries, runAs, options);
    if (reason === undefined) return serverOf(data, urlOf, false);
    if (attempt === 4) throw startFailure(folder, reason);
    await pause(100 * attempt);
  }
}

/** The server that runs on a folder, if one does; not `ready` while it starts or recovers. */
export function findEmbedded(
  folder: string,
): { pid: number; port: number; ready: boolean; stop(): Promise<void> } | undefined {
  const data = join(resolve(folder), 'data');
  const live = findLivePostmaster(data);
  return live && { ...live, stop: () => stopPostmaster(data, live.pid) };
}

function serverOf(data: string, urlOf: (port: number) => string, attached: boolean): EmbeddedServer {
  const { pid, port } = readPostmaster(data) as { pid: number; port: number };
  return { adminUrl: urlOf(port), port, pid, attached, stop: () => stopPostmaster(data, pid) };
}

/** A folder is ours when it has our file; a missing or empty one may become ours; any other is somebody's. */
function isOurs(folder: string): boolean {
  if (existsSync(join(folder, 'server.json'))) return true;
  if (existsSync(folder) && readdirSync(folder).some((name) => name !== 'lib'))
    throw new Failure('STORAGE_FOREIGN_FOLDER', { folder });
  return false;
}

function readServerFile(folder: string): ServerFile {
  let file: ServerFile;
  try {
    file = JSON.parse(readFileSync(join(folder, 'server.json'), 'utf8')) as ServerFile;
  } catch (error) {
    const code = (error as { code?: string }).code;
    if (code === 'EACCES') throw new Failure('STORAGE_NOT_WRITABLE', { folder, reason: code });
    throw new Failure('STORAGE_FOREIGN_FOLDER', { folder });
  }
  if (file.format !== FORMAT || typeof file.password !== 'string')
    throw new Failure('STORAGE_FOREIGN_FOLDER', { folder });
  if (file.postgres !== POSTGRES_MAJOR)
    throw new Failure('STORAGE_OTHER_VERSION', { folder, found: String(file.postgres), wanted: POSTGRES_MAJOR });
  return file;
}

/** Fills a draft beside the folder and puts it in place whole, so that a killed first start leaves nothing half made. */
function initialise(folder: string, binaries: Binaries): void {
  const draft = `${folder}.${process.pid}.draft`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true, mode: 0o700 });
  try {
    const runAs = chooseRunAs(draft, binaries);
    const password = randomBytes(24).toString('hex');
    const passwordFile = join(draft, 'password');
    writeFileSync(passwordFile, password, { mode: 0o600 });
    if (process.getuid?.() === 0) chownSync(passwordFile, runAs.uid, runAs.uid);
    const [command = '', ...words] = [
      ...runAs.prefix,
      binaries.initdb,
      ...['-D', join(draft, 'data'), '-U', ADMIN, '-A', 'scram-sha-256', `--pwfile=${passwordFile}`],
      ...['-E', 'UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
      ...['--no-instructions', '--no-sync'],
    ];
    const run = spawnSync(command, words, { encoding: 'utf8', cwd: draft, env: environment(binaries) });
    if (run.status !== 0) throw startFailure(folder, run.stderr || String(run.error ?? 'initdb gave no reason'));
    rmSync(passwordFile);
    const file: ServerFile = { format: FORMAT, postgres: POSTGRES_MAJOR, password };
    writeFileSync(join(draft, 'server.json'), JSON.stringify(file), { mode: 0o600 });
    if (existsSync(join(folder, 'lib'))) renameSync(join(folder, 'lib'), join(draft, 'lib'));
    try {
      renameSync(draft, folder);
    } catch (error) {
      // Another process was first: its database is as good.
      if (!existsSync(join(folder, 'server.json'))) throw error;
    }
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/** Starts the server process, detached. Gives the reason when it did not come up. */
async function launch(
  folder: string,
  binaries: Binaries,
  runAs: RunAs,
  options: EmbeddedOptions,
): Promise<string | undefined> {
  const data = join(folder, 'data');
  const logFile = join(folder, 'server.log');
  const port = options.port ?? (await freePort());
  defaultArchive(data);
  const settings = { ...SERVER_SETTINGS, ...options.settings, port: String(port) };
  const [command = '', ...words] = [
    ...runAs.prefix,
    binaries.postgres,
    '-D',
    data,
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ];
  const log = openSync(logFile, 'w', 0o600);
  const child = spawn(command, words, {
    cwd: folder,
    detached: true,
    stdio: ['ignore', log, log],
    env: environment(binaries),
  });
  closeSync(log);
  chmodSync(logFile, 0o600);
  let ended: string | undefined;
  child.on('error', (error) => {
    ended = error.message;
  });
  child.on('exit', (code, signal) => {
    ended = `ended with ${signal ?? code}`;
  });
  child.unref();
  const patience = options.patienceMs ?? 60_000;
  for (let waited = 0; waited < patience; waited += 15) {
    if (ended !== undefined) return lastLines(logFile) || ended;
    const now = readPostmaster(data);
    if (now?.ready && now.pid === child.pid) return undefined;
    await pause(15);
  }
  child.kill('SIGQUIT');
  return `it was not ready within ${patience / 1000} seconds`;
}

/** Nothing is archived until a backup says where: a server without a word about it would keep every segment for ever. */
function defaultArchive(data: string): void {
  const file = join(data, 'postgresql.conf');
  const text = readFileSync(file, 'utf8');
  if (!/^archive_command/m.test(text)) writeFileSync(file, `${text}\narchive_command = 'exit 0'\n`);
}

/** Waits for a server that is starting, or recovering; false when it ends instead. */
async function isReady(data: string, pid: number, urlOf: (port: number) => string): Promise<boolean> {
  for (let waited = 0; waited < 60_000 && isAlive(pid); waited += 25) {
    const now = readPostmaster(data);
    if (now?.pid === pid && now.ready) {
      const client = new pg.Client({ connectionString: urlOf(now.port), connectionTimeoutMillis: 5000 });
      client.on('error', () => undefined);
      try {
        await client.connect();
        return true;
      } catch {
        // It may be on its way down: look again.
      } finally {
        await client.end().catch(() => undefined);
      }
    }
    await pause(25);
  }
  return false;
}

function environment(binaries: Binaries): Record<string, string> {
  const { PATH = '/usr/bin:/bin', HOME = '/' } = process.env;
  return { PATH, HOME, TZ: 'UTC', LC_ALL: 'C', ...binaries.environment };
}

function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.on('error', fail);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => done(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

function lastLines(file: string): string {
  try {
    const lines = readFileSync(file, 'utf8').trim().split('\n');
    return lines.slice(-3).join(' ');
  } catch {
    return '';
  }
}

function startFailure(folder: string, reason: string): Failure {
  if (/no space left on device|ENOSPC|disk quota/i.test(reason)) return new Failure('STORAGE_DISK_FULL', { folder });
  return new Failure('STORAGE_SERVER_FAILED', { folder, reason: reason.trim().split('\n').slice(-3).join(' ') });
}

function guardDisk(folder: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === 'ENOSPC' || code === 'EDQUOT') throw new Failure('STORAGE_DISK_FULL', { folder }, { cause: error });
    if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM')
      throw new Failure('STORAGE_NOT_WRITABLE', { folder, reason: code }, { cause: error });
    throw error;
  }
}

import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lockWith, unlockWith } from '../../crypto/index.ts';
import type { NodeConfig } from '../../node/index.ts';
import {
  archiveAll,
  archiveInto,
  type BaseBackup,
  Failure,
  findEmbedded,
  type Instant,
  listBases,
  openDb,
  provision,
  restoreEmbedded,
  startEmbedded,
  systemClock,
  takeBase,
} from '../../storage/index.ts';
import { getUnionFile, places, writeWhole } from './union-folder.ts';

/** `backup.json`: what a backup's folder says about itself. */
interface BackupFile {
  commonway: 'backup';
  format: 1;
  union: string;
  states: string[];
  /** The last time it was brought up to date. */
  taken: Instant;
}

const LEAST_PASSPHRASE = 12;

/** The passphrase under which keys are locked. @throws Failure CLI_PASSPHRASE */
export function demandPassphrase(env: Readonly<Record<string, string | undefined>>): string {
  const passphrase = env.COMMONWAY_BACKUP_PASSPHRASE ?? '';
  if (passphrase.length < LEAST_PASSPHRASE) throw new Failure('CLI_PASSPHRASE', { least: LEAST_PASSPHRASE });
  return passphrase;
}

const inside = (target: string) => ({
  file: join(target, 'backup.json'),
  server: join(target, 'server.locked'),
  secrets: (state: string) => join(target, 'states', `${state}.locked`),
  trust: (state: string) => join(target, 'states', state, 'trust'),
});

/**
 * Backs up the nodes of a folder: a base of the database server and, from now on, its WAL; keys and configuration, locked under a passphrase; the
 * pinned charter with all that stands under it. Work goes on meanwhile. Into the same folder again it adds a newer base.
 * @returns no base where the databases are elsewhere: then they are for PostgreSQL's own tools there
 * @throws Failure CLI_NO_UNION, STORAGE_BACKUP_*
 */
export async function backUpUnion(input: {
  folder: string;
  target: string;
  root: string;
  passphrase: string;
}): Promise<{ states: string[]; base?: BaseBackup }> {
  const { folder, target, passphrase } = input;
  const union = getUnionFile(folder);
  const states = union.states.map(({ state }) => state);
  const [at, into] = [places(folder), inside(target)];
  mkdirSync(join(target, 'states'), { recursive: true, mode: 0o700 });
  for (const state of states) {
    const files = {
      ...filesBelow(at.keys(state), 'keys'),
      ...(existsSync(at.config(state)) && fileOf(at.config(state), 'node.json')),
    };
    writeFileSync(into.secrets(state), lockWith(passphrase, Buffer.from(JSON.stringify(files))), { mode: 0o600 });
    cpSync(at.trust(state), into.trust(state), { recursive: true });
  }
  const base = existsSync(at.postgres) ? await backUpServer(input) : undefined;
  const file: BackupFile = { commonway: 'backup', format: 1, union: union.name, states, taken: systemClock.now() };
  writeWhole(into.file, `${JSON.stringify(file, null, 2)}\n`, 0o600);
  return { states, ...(base !== undefined && { base }) };
}

async function backUpServer({
  folder,
  target,
  root,
  passphrase,
}: Parameters<typeof backUpUnion>[0]): Promise<BaseBackup> {
  const at = places(folder);
  const ran = findEmbedded(at.postgres) !== undefined;
  const server = await startEmbedded({ folder: at.postgres, root });
  try {
    const secrets = {
      ...fileOf(join(at.postgres, 'server.json'), 'server.json'),
      ...fileOf(at.passwords, 'passwords.json'),
    };
    writeFileSync(inside(target).server, lockWith(passphrase, Buffer.from(JSON.stringify(secrets))), { mode: 0o600 });
    await archiveInto(server.adminUrl, target);
    return await takeBase(server.adminUrl, at.postgres, target, () => systemClock.now());
  } finally {
    if (!ran) await server.stop();
  }
}

/** @throws Failure CLI_BACKUP_FORM */
function readBackup(target: string): BackupFile {
  try {
    const file = JSON.parse(readFileSync(inside(target).file, 'utf8')) as BackupFile;
    if (file.commonway === 'backup' && file.format === 1) return file;
  } catch {
    // As below.
  }
  throw new Failure('CLI_BACKUP_FORM', { folder: target });
}

/**
 * Restores one state's node from a backup: its database at a moment, in a server of its own; what of keys and charters is missing. What is there is
 * newer and stays. Its node then asks the others what it has lost before it opens a door (see `restored.json` in its folder).
 * @returns the database's URL, which stands in the node's configuration as well
 * @throws Failure CLI_BACKUP_*, CRYPTO_LOCKED, STORAGE_BACKUP_*, STORAGE_SERVER_FAILED
 */
export async function restoreState(input: {
  folder: string;
  target: string;
  root: string;
  passphrase: string;
  state: string;
  to?: Instant;
}): Promise<{ databaseUrl: string; keys: boolean }> {
  const { folder, target, root, passphrase, state, to } = input;
  const [at, from] = [places(folder), inside(target)];
  const backup = readBackup(target);
  if (!backup.states.includes(state)) throw new Failure('CLI_BACKUP_STATE', { folder: target, state });
  const union = getUnionFile(folder);
  if (union.name !== backup.union)
    throw new Failure('CLI_BACKUP_OTHER', { folder: target, found: backup.union, wanted: union.name });
  if (listBases(target).length === 0) throw new Failure('STORAGE_BACKUP_NONE', { folder: target, moment: to ?? 'now' });
  const open = (file: string) =>
    JSON.parse(unlockWith(passphrase, readFileSync(file)).toString('utf8')) as Record<string, string>;
  const [server, own] = [open(from.server), open(from.secrets(state))];
  const keys = !existsSync(at.keys(state));
  mkdirSync(at.keys(state), { recursive: true, mode: 0o700 });
  for (const [name, text] of Object.entries(own)) {
    const path = join(at.state(state), name);
    if (!existsSync(path)) writeFileSync(path, Buffer.from(text, 'base64'), { mode: 0o600 });
  }
  cpSync(from.trust(state), at.trust(state), { recursive: true, force: false });
  await archiveWhatThereIs(at.postgres, target, root);
  const serverFile = Buffer.from(server['server.json'] ?? '', 'base64').toString('utf8');
  const place = at.ownPostgres(state);
  if (existsSync(place)) await setAside(place);
  const restored = await restoreEmbedded({
    backup: target,
    folder: place,
    serverFile,
    root,
    ...(to !== undefined && { to }),
  });
  const passwords = JSON.parse(Buffer.from(server['passwords.json'] ?? '', 'base64').toString('utf8')) as Record<
    string,
    string
  >;
  const databaseUrl = await provision(restored.adminUrl, { name: state, password: passwords[state] ?? '' });
  await dropOthers(
    restored.adminUrl,
    backup.states.filter((other) => other !== state),
  );
  writeWhole(
    join(at.state(state), 'restored.json'),
    `${JSON.stringify({ to: to ?? null, at: systemClock.now() })}\n`,
    0o600,
  );
  if (existsSync(at.config(state))) {
    const config = JSON.parse(readFileSync(at.config(state), 'utf8')) as NodeConfig;
    writeWhole(at.config(state), `${JSON.stringify({ ...config, databaseUrl }, null, 2)}\n`, 0o600);
  }
  return { databaseUrl, keys };
}

/** Where the server still lives, its last minute is in the archive before anything else is done. */
async function archiveWhatThereIs(postgres: string, target: string, root: string): Promise<void> {
  if (findEmbedded(postgres)?.ready !== true) return;
  const { adminUrl } = await startEmbedded({ folder: postgres, root });
  await archiveAll(adminUrl, target).catch(() => undefined);
}

/** A server from an earlier restore gives place, and is lost: it came from a backup that is still there. */
async function setAside(place: string): Promise<void> {
  await findEmbedded(place)?.stop();
  rmSync(place, { recursive: true, force: true });
}

/** The server was shared: what belongs to the other states is not for this one. */
async function dropOthers(adminUrl: string, others: readonly string[]): Promise<void> {
  const admin = openDb(adminUrl, { connections: 1, name: 'commonway restore' });
  try {
    for (const other of others) await admin.query(`drop database if exists "${other}" with (force)`);
  } finally {
    await admin.close();
  }
}

const fileOf = (path: string, name: string): Record<string, string> => ({
  [name]: readFileSync(path).toString('base64'),
});

function filesBelow(folder: string, name: string): Record<string, string> {
  const files = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.assign({}, ...files.map((entry) => fileOf(join(folder, entry.name), join(name, entry.name))));
}

import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { Failure } from '../failure.ts';
import type { Instant } from '../values.ts';

/** Where a base backup is, and which moments it covers together with the archived WAL. */
export interface BaseBackup {
  /** Name of its folder. */
  name: string;
  /** From its end on any moment can be restored. */
  taken: Instant;
}

/**
 * What is not copied, as PostgreSQL's own tools leave it out (PostgreSQL 18, section 25.3.4.2): it belongs to the running server, or is made
 * anew at a start.
 */
const LEFT_OUT = new Set(['postmaster.pid', 'postmaster.opts', 'recovery.signal', 'standby.signal', 'backup_label']);
const EMPTIED = new Set([
  'pg_wal',
  'pg_replslot',
  'pg_dynshmem',
  'pg_notify',
  'pg_serial',
  'pg_snapshots',
  'pg_stat_tmp',
  'pg_subtrans',
]);

/** At most so much time is lost with the disk: a segment that is not full is archived after it. */
const ARCHIVE_SECONDS = 60;
const ARCHIVE_PATIENCE_MS = 60_000;

/**
 * Has the embedded server archive its WAL below `target` from now on. Two targets at once are not possible: the later one counts.
 * @throws Failure STORAGE_BACKUP_PLACE for a path that a shell would read as something else, STORAGE_BACKUP_MODE for a server that was
 *   started by a version without archiving
 */
export async function archiveInto(adminUrl: string, target: string): Promise<void> {
  const wal = walFolder(target);
  if (!/^[\w./-]+$/.test(wal)) throw new Failure('STORAGE_BACKUP_PLACE', { folder: target });
  mkdirSync(wal, { recursive: true, mode: 0o700 });
  await asAdmin(adminUrl, async (client) => {
    const { rows } = await client.query('select current_setting($1) as mode', ['archive_mode']);
    if (rows[0]?.mode !== 'on') throw new Failure('STORAGE_BACKUP_MODE', {});
    // Whole or not there: a segment that was half written when the power went is written again.
    const file = `${wal}/%f.gz`;
    const command = `test -f "${file}" || { gzip -1 < "%p" > "${file}.part" && mv "${file}.part" "${file}"; }`;
    await client.query(`alter system set archive_command = '${command}'`);
    await client.query(`alter system set archive_timeout = '${ARCHIVE_SECONDS}s'`);
    await client.query('select pg_reload_conf()');
    // The archiver reads its settings when it comes to it; a segment that it handled by the old ones is not in the archive.
    for (let attempt = 1; !(await isArchived(client, wal, 1_000)); attempt++) {
      if (attempt === 20) throw new Failure('STORAGE_BACKUP_ARCHIVE', { folder: target, failed: 'none' });
    }
  });
}

/** Ends the present segment, and waits until it is in the archive. */
async function isArchived(client: pg.Client, wal: string, patienceMs: number): Promise<boolean> {
  // A segment without a record would not be ended.
  await client.query(`select pg_create_restore_point('commonway')`);
  const { rows } = await client.query('select pg_walfile_name(pg_switch_wal()) as last');
  const file = join(wal, `${rows[0]?.last}.gz`);
  for (let waited = 0; waited < patienceMs; waited += 20) {
    if (existsSync(file)) return true;
    await pause(20);
  }
  return false;
}

/**
 * Takes a base backup of the running server by PostgreSQL's low-level API (PostgreSQL 18, section 25.3.4): the embedded package has the
 * server alone, no `pg_basebackup`. Work goes on meanwhile. With the WAL that is archived from its start on, every later moment can be restored.
 * @param folder of the embedded server
 * @param at the moment by the machine's clock, for the name
 * @throws Failure STORAGE_BACKUP_ARCHIVE where the WAL does not arrive
 * @example await archiveInto(adminUrl, '/backup'); await takeBase(adminUrl, 'var/union/postgres', '/backup', systemClock.now)
 */
export async function takeBase(
  adminUrl: string,
  folder: string,
  target: string,
  now: () => Instant,
): Promise<BaseBackup> {
  const data = join(resolve(folder), 'data');
  const draft = join(target, `.base.${process.pid}`);
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(join(draft, 'data'), { recursive: true, mode: 0o700 });
  try {
    await asAdmin(adminUrl, async (client) => {
      await client.query(`select pg_backup_start('commonway', fast => true)`);
      copyData(data, join(draft, 'data'));
      const { rows } = await client.query('select labelfile from pg_backup_stop(wait_for_archive => false)');
      writeFileSync(join(draft, 'data', 'backup_label'), String(rows[0]?.labelfile), { mode: 0o600 });
    });
    await archiveAll(adminUrl, target);
    const taken = now();
    const name = `base-${taken.replaceAll(/[:.]/g, '')}`;
    renameSync(draft, join(target, name));
    return { name, taken };
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/**
 * Has all WAL up to now archived, so that what was committed until this moment can be restored.
 * @throws Failure STORAGE_BACKUP_ARCHIVE
 */
export async function archiveAll(adminUrl: string, target: string): Promise<void> {
  await asAdmin(adminUrl, async (client) => {
    if (await isArchived(client, walFolder(target), ARCHIVE_PATIENCE_MS)) return;
    const { rows } = await client.query(`select coalesce(last_failed_wal, 'none') as wal from pg_stat_archiver`);
    throw new Failure('STORAGE_BACKUP_ARCHIVE', { folder: target, failed: String(rows[0]?.wal) });
  });
}

/** Where the archived WAL of a backup lies. */
export const walFolder = (target: string): string => join(resolve(target), 'wal');

/** Copies a data folder. Files come and go while its server works: what the WAL tells of them makes the copy whole. */
export function copyData(from: string, to: string, below = ''): void {
  mkdirSync(join(to, below), { recursive: true, mode: 0o700 });
  for (const entry of readdirSync(join(from, below), { withFileTypes: true })) {
    const path = join(below, entry.name);
    if (LEFT_OUT.has(path) || entry.name.startsWith('pgsql_tmp') || entry.name === 'pg_internal.init') continue;
    if (entry.isDirectory() && EMPTIED.has(path)) mkdirSync(join(to, path), { recursive: true, mode: 0o700 });
    else if (entry.isDirectory()) copyData(from, to, path);
    else copyIfThere(join(from, path), join(to, path));
  }
}

function copyIfThere(from: string, to: string): void {
  try {
    copyFileSync(from, to);
  } catch (error) {
    if ((error as { code?: string }).code !== 'ENOENT') throw error;
  }
}

async function asAdmin(adminUrl: string, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** The base backups in a folder, the oldest first. */
export function listBases(target: string): string[] {
  if (!existsSync(target)) return [];
  return readdirSync(target)
    .filter((name) => name.startsWith('base-'))
    .sort();
}

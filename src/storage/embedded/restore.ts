import { chmodSync, cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Failure } from '../failure.ts';
import type { Instant } from '../values.ts';
import { listBases, walFolder } from './backup.ts';
import { type EmbeddedServer, startEmbedded } from './start.ts';

/** Replaying a day's WAL takes its time. */
const PATIENCE_MS = 30 * 60_000;

/**
 * Restores a server from a base backup and its archived WAL into a new folder, and starts it: at a moment, or at the last that was archived
 * (PostgreSQL 18, section 25.3.5). What came after the moment is not in it; the backup stays as it was.
 * @param options.serverFile the content of the server's own file, with its administrator's password
 * @param options.to by the clock of the machine that the server ran on
 * @throws Failure STORAGE_BACKUP_NONE where no base backup is older than the moment, STORAGE_FOREIGN_FOLDER where something is there,
 *   STORAGE_SERVER_FAILED where the archive does not reach the moment
 * @example const server = await restoreEmbedded({ backup: '/backup', folder: 'var/restored', serverFile, to: '2026-11-27T10:00:00.000Z' })
 */
export async function restoreEmbedded(options: {
  backup: string;
  folder: string;
  serverFile: string;
  to?: Instant;
  root?: string;
}): Promise<EmbeddedServer> {
  const { backup, to } = options;
  const folder = resolve(options.folder);
  if (existsSync(folder)) throw new Failure('STORAGE_FOREIGN_FOLDER', { folder });
  const wanted = to === undefined ? '~' : `base-${to.replaceAll(/[:.]/g, '')}`;
  const base = listBases(backup).findLast((name) => name <= wanted);
  if (base === undefined) throw new Failure('STORAGE_BACKUP_NONE', { folder: backup, moment: to ?? 'now' });
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    cpSync(join(backup, base, 'data'), join(folder, 'data'), { recursive: true, preserveTimestamps: true });
    chmodSync(join(folder, 'data'), 0o700);
    writeFileSync(join(folder, 'server.json'), options.serverFile, { mode: 0o600 });
    writeFileSync(join(folder, 'data', 'recovery.signal'), '', { mode: 0o600 });
    return await startEmbedded({
      folder,
      ...(options.root !== undefined && { root: options.root }),
      patienceMs: PATIENCE_MS,
      settings: {
        restore_command: `gzip -dc "${walFolder(backup)}/%f.gz" > "%p"`,
        // Nobody is let in before the moment is reached: until then it could only be read, and would look ready.
        hot_standby: 'off',
        // A history of its own from here on: it must not write into the archive that it came from.
        archive_mode: 'off',
        ...(to !== undefined && {
          recovery_target_time: to.replace('T', ' ').replace('Z', '+00'),
          recovery_target_action: 'promote',
        }),
      },
    });
  } catch (error) {
    if (!(error instanceof Failure && error.code === 'STORAGE_FOREIGN_FOLDER'))
      rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

import { spawnSync } from 'node:child_process';
import { chownSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Failure } from '../failure.ts';
import type { Binaries } from './binaries.ts';

/** How to start PostgreSQL, which refuses to run as root: words to put before its command line, and who then owns its files. */
export interface RunAs {
  prefix: string[];
  /** Owner of the data on disk, as this process sees it. */
  uid: number;
}

const NOBODY = 65534;

/** Passes when whoever runs it can enter the folder, write there and start the program. */
const PROBE = 'cd "$1" && test -w . && exec "$2" --version >/dev/null 2>&1';

/**
 * Finds a way to run the server on `folder` (which must exist). Not root: as we are. Root: in a user namespace where this process is
 * a nameless user and its files stay root's, which works without chown and below a 0700 home; where that is blocked, as an ordinary
 * user who can reach folder and programs.
 *
 * @throws `STORAGE_OTHER_OWNER`, `STORAGE_NO_UNPRIVILEGED_USER`
 */
export function chooseRunAs(folder: string, binaries: Binaries): RunAs {
  const self = process.getuid?.() ?? 0;
  const owner = statSync(folder).uid;
  if (self !== 0 || process.platform === 'win32') {
    if (owner !== self) throw new Failure('STORAGE_OTHER_OWNER', { folder, owner, user: self });
    return { prefix: [], uid: self };
  }
  const namespace = ['unshare', '--user', `--map-user=${NOBODY}`, `--map-group=${NOBODY}`, '--'];
  if (owner === 0 && passes(namespace, folder, binaries)) return { prefix: namespace, uid: 0 };
  for (const uid of ordinaryUsers(folder)) {
    if (owner !== uid) chownAll(folder, uid);
    for (const prefix of becoming(uid)) if (passes(prefix, folder, binaries)) return { prefix, uid };
  }
  if (owner !== statSync(folder).uid) chownAll(folder, owner);
  throw new Failure('STORAGE_NO_UNPRIVILEGED_USER', { folder });
}

function passes(prefix: readonly string[], folder: string, binaries: Binaries): boolean {
  const [command = '', ...words] = [...prefix, 'sh', '-c', PROBE, 'sh', folder, binaries.postgres];
  const run = spawnSync(command, words, { stdio: 'ignore', env: { ...process.env, ...binaries.environment } });
  return run.status === 0;
}

/** The folder's owner, owners of the folders above it (a home that root works in), then nobody. */
function ordinaryUsers(folder: string): number[] {
  const users: number[] = [];
  for (let at = folder; ; at = dirname(at)) {
    users.push(statSync(at).uid);
    if (at === dirname(at)) break;
  }
  return [...new Set([...users, NOBODY])].filter((uid) => uid !== 0);
}

function becoming(uid: number): string[][] {
  return [
    ['setpriv', `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups', '--'],
    ['runuser', '-u', userName(uid), '--'],
  ];
}

function userName(uid: number): string {
  const entry = spawnSync('getent', ['passwd', String(uid)], { encoding: 'utf8' });
  return entry.stdout?.split(':')[0] || 'nobody';
}

function chownAll(folder: string, uid: number): void {
  chownSync(folder, uid, uid);
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isSymbolicLink()) chownSync(path, uid, uid);
  }
}

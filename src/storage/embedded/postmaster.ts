import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** What a server writes about itself into its data folder. */
export interface Postmaster {
  pid: number;
  port: number;
  ready: boolean;
}

/** The server that holds `data`, if its `postmaster.pid` says so; it may be dead. */
export function readPostmaster(data: string): Postmaster | undefined {
  let lines: string[];
  try {
    lines = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    return undefined;
  }
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 1) return undefined;
  return { pid, port: Number(lines[3]), ready: lines[7]?.trim() === 'ready' };
}

/**
 * The living server on `data`. A file left by a killed one whose number now belongs to another program is removed: PostgreSQL itself
 * would take that program for a server and refuse to start.
 */
export function findLivePostmaster(data: string): Postmaster | undefined {
  const found = readPostmaster(data);
  if (found === undefined) return undefined;
  if (!isAlive(found.pid)) return undefined;
  if (commandOf(found.pid).includes(data)) return found;
  rmSync(join(data, 'postmaster.pid'), { force: true });
  return undefined;
}

/** Stops a server: open transactions are rolled back, all that was acknowledged is on disk. Waits until it is gone. */
export async function stopPostmaster(data: string, pid: number): Promise<void> {
  signal(pid, 'SIGINT');
  const gone = () => !isAlive(pid) || (!existsSync(join(data, 'postmaster.pid')) && !commandOf(pid).includes(data));
  for (let waited = 0; !gone(); waited += 20) {
    if (waited === 10_000) signal(pid, 'SIGQUIT');
    if (waited >= 20_000) return;
    await pause(20);
  }
}

/** Whether a process with this number exists and is no zombie. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as { code?: string }).code === 'EPERM';
  }
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return process.platform !== 'linux';
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // Gone already.
  }
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    if (process.platform === 'linux') return '';
    return spawnSync('ps', ['-p', String(pid), '-o', 'command='], { encoding: 'utf8' }).stdout ?? '';
  }
}

import { chmodSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { processIdentity } from './process-identity.ts';

/** Where the unions of this machine, whoever runs them, tell each other which ports they mean to use. */
const HOME = join(tmpdir(), 'commonway-ports');

/**
 * Claims ports among the unions of this machine: between the moment one is found free and the moment its node listens on it, another
 * union that is just starting would find it free as well. A claim ends with the process that made it.
 * @returns the way to end the claims; or the first port that another living process has claimed
 */
export function claimPorts(ports: readonly number[]): (() => void) | number {
  try {
    mkdirSync(HOME, { recursive: true });
    chmodSync(HOME, 0o1777);
  } catch {
    // Somebody else's, and as it should be.
  }
  const claimed: string[] = [];
  const release = () => {
    for (const path of claimed) rmSync(path, { force: true });
  };
  for (const port of ports) {
    const path = join(HOME, String(port));
    if (!claim(path)) {
      release();
      return port;
    }
    claimed.push(path);
  }
  return release;
}

function claim(path: string): boolean {
  const draft = `${path}.${process.pid}`;
  try {
    writeFileSync(draft, JSON.stringify({ pid: process.pid, identity: processIdentity(process.pid) }), { mode: 0o644 });
    try {
      linkSync(draft, path);
      return true;
    } catch {
      if (isHeld(path)) return false;
      rmSync(path, { force: true });
      linkSync(draft, path);
      return true;
    } finally {
      rmSync(draft, { force: true });
    }
  } catch (error) {
    // Another one was quicker: hers. A folder that cannot be written keeps nobody from starting.
    return (error as { code?: string }).code !== 'EEXIST';
  }
}

function isHeld(path: string): boolean {
  try {
    const { pid, identity } = JSON.parse(readFileSync(path, 'utf8')) as { pid: number; identity: string };
    return processIdentity(pid) === identity;
  } catch {
    return false;
  }
}

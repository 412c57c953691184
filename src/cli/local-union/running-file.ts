import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Failure, type Instant } from '../../storage/index.ts';
import { processIdentity } from './process-identity.ts';
import { places, writeWhole } from './union-folder.ts';

/** `running.json`: which process runs the union of a folder, and how its nodes are. It is the lock on the folder as well. */
export interface RunningFile {
  pid: number;
  identity: string;
  since: Instant;
  portal: string;
  nodes: Record<string, RunningNodeState>;
}

export interface RunningNodeState {
  pid: number | null;
  ready: boolean;
  restarts: number;
  /** Why it ended last, where it did. */
  reason?: string;
}

/** Who runs the union of a folder now. A file left by a killed process counts as nobody. */
export function findRunning(folder: string): RunningFile | undefined {
  let file: RunningFile;
  try {
    file = JSON.parse(readFileSync(places(folder).running, 'utf8')) as RunningFile;
  } catch {
    return undefined;
  }
  return processIdentity(file.pid) === file.identity ? file : undefined;
}

/** The lock on a union's folder, held by this process. */
export interface FolderLock {
  update(nodes: Record<string, RunningNodeState>, portal: string): void;
  release(): void;
}

/**
 * Takes the folder for this process; of two that try at once one gets it.
 * @throws Failure CLI_RUNNING_ALREADY
 */
export function lockFolder(folder: string, since: Instant): FolderLock {
  const { running } = places(folder);
  const file: RunningFile = {
    pid: process.pid,
    identity: processIdentity(process.pid) ?? '',
    since,
    portal: '',
    nodes: {},
  };
  const draft = `${running}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(file));
  try {
    for (let attempt = 0; !tryLink(draft, running); attempt++) {
      const other = findRunning(folder);
      if (other !== undefined || attempt === 5) {
        throw new Failure('CLI_RUNNING_ALREADY', {
          folder,
          pid: other?.pid ?? 0,
          portal: other?.portal || 'an address that it will print',
        });
      }
      rmSync(running, { force: true });
    }
  } finally {
    rmSync(draft, { force: true });
  }
  return {
    update(nodes, portal) {
      writeWhole(running, `${JSON.stringify({ ...file, nodes, portal }, null, 2)}\n`);
    },
    release() {
      rmSync(running, { force: true });
    },
  };
}

function tryLink(draft: string, path: string): boolean {
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === 'EEXIST') return false;
    throw error;
  }
}

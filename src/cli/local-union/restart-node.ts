import { setTimeout as pause } from 'node:timers/promises';
import { Failure } from '../../storage/index.ts';
import { findRunning } from './running-file.ts';
import { places } from './union-folder.ts';

const PATIENCE_MS = 60_000;

/** Ends the node of a union that runs; whoever supervises it starts it again. Gives whether one ran. */
export async function restartNode(folder: string, state: string): Promise<boolean> {
  const before = findRunning(folder)?.nodes[state]?.pid ?? undefined;
  if (before === undefined) return false;
  process.kill(before, 'SIGTERM');
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await pause(100)) {
    const node = findRunning(folder)?.nodes[state];
    if (node?.ready && node.pid !== before) return true;
  }
  throw new Failure('CLI_NODE_SILENT', { state, seconds: PATIENCE_MS / 1000, log: places(folder).log(state) });
}

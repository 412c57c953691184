import { setTimeout as pause } from 'node:timers/promises';
import { Failure, findEmbedded } from '../../storage/index.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { processIdentity } from '../local-union/process-identity.ts';
import { findRunning, type RunningFile } from '../local-union/running-file.ts';
import { getUnionFile, places } from '../local-union/union-folder.ts';
import { FOLDER, unionFolder } from './union-options.ts';

/** `./commonway down` */
export const down: Command = {
  name: 'down',
  summary: 'stops a union that ./commonway up started, cleanly',
  options: FOLDER,
  async run(around, typed) {
    const folder = unionFolder(around, typed);
    getUnionFile(folder);
    const running = findRunning(folder);
    if (running !== undefined) {
      process.kill(running.pid, 'SIGTERM');
      await ended(running);
    }
    // The database server outlives a killed `up`; the nodes do not.
    const server = findEmbedded(places(folder).postgres);
    await server?.stop();
    if (running === undefined && server === undefined) throw new Failure('CLI_NOT_RUNNING', { folder });
    around.out(`The union in ${folder} is stopped.`);
    return EXIT.ok;
  },
};

/** How long a union may take to end in order: each node has ten seconds, the database server what it needs. */
const PATIENCE_MS = 60_000;

/**
 * Waits until a process has ended. One that does not is made to: its nodes notice that they are alone and end by themselves, and what they
 * were doing is resumed at the next start.
 */
export async function ended(
  { pid, identity }: Pick<RunningFile, 'pid' | 'identity'>,
  patienceMs = PATIENCE_MS,
): Promise<void> {
  const isThere = () => processIdentity(pid) === identity;
  const end = performance.now() + patienceMs;
  while (isThere() && performance.now() < end) await pause(50);
  if (isThere()) process.kill(pid, 'SIGKILL');
  while (isThere()) await pause(50);
}

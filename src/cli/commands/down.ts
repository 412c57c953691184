import { setTimeout as pause } from 'node:timers/promises';
import { Failure, findEmbedded } from '../../storage/index.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { processIdentity } from '../local-union/process-identity.ts';
import { findRunning } from '../local-union/running-file.ts';
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
      while (processIdentity(running.pid) === running.identity) await pause(50);
    }
    // The database server outlives a killed `up`; the nodes do not.
    const server = findEmbedded(places(folder).postgres);
    await server?.stop();
    if (running === undefined && server === undefined) throw new Failure('CLI_NOT_RUNNING', { folder });
    around.out(`The union in ${folder} is stopped.`);
    return EXIT.ok;
  },
};

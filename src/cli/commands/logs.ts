import { closeSync, existsSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { Failure } from '../../storage/index.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { getUnionFile, places } from '../local-union/union-folder.ts';
import { whenAskedToStop } from '../signals.ts';
import { FOLDER, unionFolder } from './union-options.ts';

const CHUNK = 65_536;

/** `./commonway logs STATE` */
export const logs: Command = {
  name: 'logs',
  summary: "prints the log of a state's node",
  details: 'One JSON object a line. No personal data is in it.',
  arguments: [{ name: 'STATE', summary: 'e.g. kz' }],
  options: {
    ...FOLDER,
    follow: { type: 'boolean', short: 'f', summary: 'goes on with what is written from now on, until Ctrl-C' },
  },
  async run(around, typed) {
    const folder = unionFolder(around, typed);
    const states = getUnionFile(folder).states.map(({ state }) => state);
    const [state = ''] = typed.arguments;
    if (!states.includes(state)) throw new Failure('CLI_STATE_UNKNOWN', { state, states: states.join(', ') });
    const log = places(folder).log(state);
    let at = print(log, 0);
    if (typed.options.follow !== true) return EXIT.ok;
    const timer = setInterval(() => {
      // Begun anew: the old one grew too large.
      if (existsSync(log) && statSync(log).size < at) at = 0;
      at = print(log, at);
    }, 200);
    await whenAskedToStop();
    clearInterval(timer);
    return EXIT.ok;
  },
};

/** Prints a file's bytes from a place on; gives the place after the last. */
function print(log: string, from: number): number {
  if (!existsSync(log)) return 0;
  const file = openSync(log, 'r');
  try {
    const { size } = fstatSync(file);
    const chunk = Buffer.alloc(CHUNK);
    let at = from;
    while (at < size) {
      const length = readSync(file, chunk, 0, Math.min(CHUNK, size - at), at);
      if (length === 0) break;
      process.stdout.write(Buffer.from(chunk.subarray(0, length)));
      at += length;
    }
    return at;
  } finally {
    closeSync(file);
  }
}

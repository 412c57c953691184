import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateKey } from '../../crypto/index.ts';
import { Failure } from '../../storage/index.ts';
import { charterState, writeKeyFile } from '../../union/index.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { demandOption } from '../publishing/officer.ts';

/** `./commonway root new --state STATE --name NAME --out FOLDER` */
export const rootNew: Command = {
  name: 'root new',
  summary: "makes a state's root and its entry for a charter, on the machine without a network",
  details: [
    'Writes STATE.key.json, which never leaves that machine and its copies, and STATE.entry.json, which goes to whoever proposes the charter:',
    './commonway charter propose --add STATE.entry.json for a state that joins, --replace for one whose root was lost.',
  ].join('\n'),
  options: {
    state: { type: 'string', value: 'STATE', summary: 'its code: uz' },
    name: { type: 'string', value: 'NAME', summary: 'as the charter calls it: Uzbekistan' },
    out: { type: 'string', value: 'FOLDER', summary: 'where to write the two files' },
    json: { type: 'boolean', summary: 'prints one JSON object' },
  },
  async run(around, typed) {
    const state = demandOption(typed, 'root new', 'state');
    const name = demandOption(typed, 'root new', 'name');
    const folder = demandOption(typed, 'root new', 'out');
    const key = join(folder, `${state}.key.json`);
    const entry = join(folder, `${state}.entry.json`);
    for (const file of [key, entry]) if (existsSync(file)) throw new Failure('CLI_FILE_THERE', { file });
    const root = generateKey();
    writeKeyFile(folder, state, root);
    writeFileSync(entry, `${JSON.stringify(charterState(state, name, root))}\n`);
    if (typed.options.json === true) around.out(JSON.stringify({ state, root: root.public.id, key, entry }));
    else {
      around.out(`${key}: the root of ${state}. Keep it on this machine, and a copy at another place.`);
      around.out(`${entry}: its entry for the charter.`);
    }
    return EXIT.ok;
  },
};

import { createReadStream, existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { allMigrations } from '../../node/index.ts';
import { getRegister, type ImportReport, importCsv, loadRegisters } from '../../registers/index.ts';
import { Failure, migrate, openDb, shiftedClock } from '../../storage/index.ts';
import { type Command, textOf } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { contentOf } from '../local-union/content.ts';
import { rejectedLines } from '../local-union/rejected-rows.ts';
import { withStateDatabase } from '../local-union/state-store.ts';
import { getUnionFile } from '../local-union/union-folder.ts';
import { FOLDER, unionFolder } from './union-options.ts';

/** `./commonway register import FILE.csv` */
export const registerImport: Command = {
  name: 'register import',
  summary: "takes an agency's CSV file into a state's register",
  details: [
    'Good rows are taken; of every other one the line and the reason are said. Doing it again changes nothing.',
    'Ends with 0 when every row was good, with 65 when some were not. It works while the union runs, and while it does not.',
  ].join('\n'),
  arguments: [
    { name: 'FILE.csv', summary: 'as the agency exports it: separator, dates and headings as its register has them' },
  ],
  options: {
    ...FOLDER,
    state: { type: 'string', value: 'STATE', summary: 'e.g. kz' },
    register: { type: 'string', value: 'NAME', summary: 'population, pension-fund ...' },
    json: { type: 'boolean', summary: 'prints the report as one JSON object' },
  },
  async run(around, typed) {
    const [path = ''] = typed.arguments;
    const state = demand(textOf(typed, 'state'), '--state');
    const name = demand(textOf(typed, 'register'), '--register');
    const folder = unionFolder(around, typed);
    const file = getUnionFile(folder);
    const states = file.states.map((one) => one.state);
    if (!states.includes(state)) throw new Failure('CLI_STATE_UNKNOWN', { state, states: states.join(', ') });
    if (!existsSync(path) || !statSync(path).isFile())
      throw new Failure('CLI_FILE_MISSING', { file: path, reason: 'no such file' });
    const registers = loadRegisters(join(contentOf(folder, around.root), 'registers'), state);
    const register = getRegister(registers, name.includes('.') ? name : `${state}.${name}`);
    const report = await withStateDatabase(around, folder, file, state, async (databaseUrl) => {
      const db = openDb(databaseUrl, { connections: 2, name: 'commonway register import' });
      try {
        await migrate(db, allMigrations);
        return await importCsv(
          { db, clock: shiftedClock(file.clockOffsetMs), registers },
          { register: register.id, agency: register.owner, source: createReadStream(path) },
        );
      } finally {
        await db.close();
      }
    });
    if (typed.options.json === true) around.out(JSON.stringify(report));
    else for (const line of linesOf(report)) around.out(line);
    return report.refused === 0 ? EXIT.ok : EXIT.badInput;
  },
};

function demand(value: string | undefined, name: string): string {
  if (value === undefined) throw new Failure('CLI_ARGUMENT_MISSING', { command: 'register import', argument: name });
  return value;
}

function linesOf(report: ImportReport): string[] {
  const { read, taken, unchanged, refused } = report;
  return [...rejectedLines(report), `${read} rows read: ${taken} taken, ${unchanged} unchanged, ${refused} refused.`];
}

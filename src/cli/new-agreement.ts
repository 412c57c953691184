import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileSchemas } from '../agreements/index.ts';
import { Failure } from '../storage/index.ts';

/** What a new agreement begins with. */
export interface NewAgreement {
  name: string;
  /** State codes. */
  states: readonly string[];
  /** The folder in which its own is made. */
  within: string;
}

/** The one file of the template that every state gets for itself. */
const ANNEX = join('annexes', 'STATE.yaml');

/**
 * Starts an agreement from the template: a small one that passes every check, with comments that teach.
 * @param schemas where the JSON Schemas lie that its first lines lead an editor to
 * @returns the folder
 * @throws Failure CLI_NAME_WRONG, CLI_STATES_WRONG, CLI_FOLDER_TAKEN (nothing is written then), CLI_FOLDER_UNWRITABLE
 */
export function startAgreement(template: string, schemas: string, { name, states, within }: NewAgreement): string {
  if (!/^[a-z][a-z0-9]{1,40}(-[a-z0-9]{1,40}){0,8}$/.test(name)) throw new Failure('CLI_NAME_WRONG', { name });
  const wrong = states.find((state, index) => !/^[a-z]{2}$/.test(state) || states.indexOf(state) !== index);
  const [first] = states;
  if (wrong !== undefined || first === undefined) throw new Failure('CLI_STATES_WRONG', { state: wrong ?? '' });
  const folder = join(within, name);
  if (existsSync(folder)) throw new Failure('CLI_FOLDER_TAKEN', { folder });

  const write = (path: string, text: string, state: string): void => {
    const file = join(folder, path);
    const filled: Record<string, string> = {
      NAME: name,
      STATES: states.toSorted().join(', '),
      FIRST: first,
      STATE: state,
      CODE: name
        .replace(/[^a-z]/g, '')
        .padEnd(2, 'x')
        .slice(0, 2)
        .toUpperCase(),
      SCHEMAS: relative(dirname(file), schemas),
    };
    writeInto(
      file,
      text.replace(/__([A-Z]+)__/g, (whole, word: string) => filled[word] ?? whole),
    );
  };
  const files = readdirSync(template, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.yaml'));
  for (const path of files.toSorted()) {
    const text = readFileSync(join(template, path), 'utf8');
    if (path !== ANNEX) write(path, text, first);
    else for (const state of states) write(join('annexes', state, 'annex.yaml'), text, state);
  }
  return folder;
}

/**
 * Writes the JSON Schemas of all kinds of files into a folder, one file each, in place of those that were written before.
 * @returns the files
 * @throws Failure CLI_FOLDER_UNWRITABLE
 */
export function writeSchemas(folder: string, kinds: ReadonlySet<string>): string[] {
  return fileSchemas()
    .filter(({ kind }) => kinds.has(kind))
    .map(({ kind, schema }) => {
      const file = join(folder, `${kind}.json`);
      writeInto(file, `${JSON.stringify(schema, null, 2)}\n`);
      return file;
    });
}

function writeInto(file: string, text: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? 'unknown';
    throw new Failure('CLI_FOLDER_UNWRITABLE', { folder: dirname(file), reason }, { cause: error });
  }
}

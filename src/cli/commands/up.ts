import { type Persona, personaFiles, readPersonas } from '../../identity/index.ts';
import { Failure } from '../../storage/index.ts';
import { type Command, type Surroundings, textOf } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { contentOf } from '../local-union/content.ts';
import { type LocalUnion, openUnion } from '../local-union/open-union.ts';
import { readUnionSeed } from '../local-union/seeds.ts';
import { findUnionFile } from '../local-union/union-folder.ts';
import { whenAskedToStop } from '../signals.ts';
import { anchorFolder, FOLDER, readPort, unionFolder } from './union-options.ts';

/** `./commonway up` */
export const up: Command = {
  name: 'up',
  summary: 'starts the union: five states, each a process with a database of its own',
  details: [
    'The first time it founds the union and fills the registers; later it goes on with the same data.',
    'It runs until Ctrl-C, or ./commonway down from another terminal.',
    'With --with DIR it also has the agreements/, registers/ and seeds/ of that folder, as docs/write-an-agreement.md shows.',
    'A state whose DATABASE_URL_KZ (and so on) is set keeps its data there, in a PostgreSQL 15 or newer.',
  ].join('\n'),
  options: {
    ...FOLDER,
    port: {
      type: 'string',
      value: 'PORT',
      summary: 'first of sixteen ports, for a new union; default: the first free from 4700',
    },
    with: {
      type: 'string',
      value: 'DIR',
      summary: 'for a new union: also the agreements/, registers/ and seeds/ of that folder',
    },
    fresh: { type: 'boolean', summary: 'deletes what is there and begins anew; asks before' },
    yes: { type: 'boolean', short: 'y', summary: 'answers yes to that question' },
  },
  async run(around, typed) {
    const folder = unionFolder(around, typed);
    const port = readPort(textOf(typed, 'port'));
    const fresh = typed.options.fresh === true && (await mayDelete(around, folder, typed.options.yes === true));
    const brought = textOf(typed, 'with');
    const stop = whenAskedToStop();
    const opening = new AbortController();
    void stop.then(() => opening.abort());
    const began = performance.now();
    const union = await openUnion({
      folder,
      root: around.root,
      anchors: anchorFolder(around),
      fresh,
      ...(brought === undefined ? {} : { brought }),
      ...(port === undefined ? {} : { port }),
      env: around.env,
      signal: opening.signal,
      onProgress: (line) => around.err(`- ${line}`),
    });
    await stoppedAfterwards(union, async () => {
      for (const line of welcome(contentOf(folder, around.root), union)) around.out(line);
      around.err(`- ready after ${((performance.now() - began) / 1000).toFixed(1)} s`);
      await stop;
      around.err('- stopping');
    });
    around.err('- stopped; ./commonway up goes on with the same data');
    return EXIT.ok;
  },
};

/** Does the work and stops the union, also where the work fails: it would go on with nobody to hear a signal. */
export async function stoppedAfterwards(union: Pick<LocalUnion, 'stop'>, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } finally {
    await union.stop();
  }
}

async function mayDelete(around: Surroundings, folder: string, yes: boolean): Promise<boolean> {
  if (findUnionFile(folder) === undefined || yes) return true;
  const answer = await around.ask(`Delete the union in ${folder} with all its data? [y/N] `);
  if (answer === undefined) throw new Failure('CLI_FRESH_UNASKED');
  if (!/^y(es)?$/i.test(answer.trim())) throw new Failure('CLI_FRESH_DECLINED');
  return true;
}

/** What somebody needs who has just started it: the addresses, whom to be, where the data is, how to end it. */
function welcome(root: string, union: LocalUnion): string[] {
  const names = new Map(readUnionSeed(root).states.map(({ state, name }) => [state, name]));
  const personas = personasOf(root);
  const lines = ['', 'The union runs. Its portals:', ''];
  for (const { state, portal } of union.states)
    lines.push(`  ${state}  ${(names.get(state) ?? '').padEnd(12)}  ${portal}/`);
  const doors = union.states.filter(({ doorPort }) => doorPort !== undefined);
  if (doors.length > 0) {
    lines.push('', 'Doors for information systems (X-Road REST protocol; docs/integrate.md):', '');
    for (const { state, doorPort } of doors) lines.push(`  ${state}  http://127.0.0.1:${doorPort}/`);
  }
  for (const [kind, title] of [
    ['person', 'Sign in as one of these people (a demonstration: you pick who you are, nothing is proved):'],
    ['officer', 'Or as an officer, at the desk of an authority:'],
  ] as const) {
    const some = personas.filter((persona) => persona.kind === kind);
    if (some.length === 0) continue;
    lines.push('', title, '');
    const width = Math.max(...some.map(({ name }) => name.length));
    for (const { id, state, name } of some) {
      lines.push(`  ${state}  ${name.padEnd(width)}  ${union.state(state).portal}/sign-in?persona=${id}`);
    }
  }
  lines.push(
    '',
    `Data folder:  ${union.folder}`,
    'Logs:         ./commonway logs kz -f',
    'Stop:         Ctrl-C, or ./commonway down from another terminal',
    '',
  );
  return lines;
}

function personasOf(root: string): Persona[] {
  return readPersonas(personaFiles(root));
}

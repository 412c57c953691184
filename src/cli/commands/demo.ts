import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { personaFiles, readPersonas } from '../../identity/index.ts';
import { Failure, systemClock } from '../../storage/index.ts';
import { type Command, type Surroundings, textOf } from '../command.ts';
import { type Story, type Teller, tellStory } from '../demo/story.ts';
import { EXIT } from '../exit-codes.ts';
import { type LocalUnion, openUnion } from '../local-union/open-union.ts';
import { whenAskedToStop } from '../signals.ts';
import { anchorFolder } from './union-options.ts';

/** `./commonway demo` */
export const demo: Command = {
  name: 'demo',
  summary: 'runs the main job on a union of its own, through the real pages, and tells the story',
  details: [
    'It founds a union in a folder of its own, which it keeps, with its clock set to the day of the story.',
    'Every sealed file it writes (*.commonway.json) can be verified with ./commonway verify, with no node running.',
  ].join('\n'),
  options: {
    json: { type: 'boolean', summary: 'prints the story as one JSON object' },
    folder: { type: 'string', value: 'FOLDER', summary: 'a new folder; default: a new one below the data folder' },
    persona: { type: 'string', value: 'ID', summary: 'whose story, of seeds/personas; default: aigerim' },
    stay: { type: 'boolean', summary: 'leaves the union running after the story, until Ctrl-C' },
  },
  async run(around, typed) {
    const persona = tellerOf(around, textOf(typed, 'persona') ?? 'aigerim');
    const folder = resolve(textOf(typed, 'folder') ?? join(around.home, 'demos', folderName()));
    const json = typed.options.json === true;
    const tell = (line: string) => (json ? around.err(`- ${line}`) : around.out(`- ${line}`));
    // A story is told once in a folder: whatever lies there already, an earlier story too, stays as it is.
    if (existsSync(folder) && readdirSync(folder).length > 0) throw new Failure('CLI_FOLDER_TAKEN', { folder });
    mkdirSync(folder, { recursive: true });
    const stop = whenAskedToStop();
    const union = await openUnion({
      folder: join(folder, 'union'),
      root: around.root,
      anchors: anchorFolder(around),
      clockOffsetMs: offsetTo(persona.today),
      env: around.env,
      onProgress: (line) => around.err(`- ${line}`),
    });
    try {
      const story = await Promise.race([tellIn(around, union, folder, persona, tell), interrupted(stop)]);
      const ok = isWhole(story, persona);
      around.out(json ? JSON.stringify({ ok, folder, ...story }) : `\nIts files are in ${folder}`);
      if (typed.options.stay === true) {
        for (const { state, portal } of union.states) around.err(`- ${state} ${portal}/`);
        await stop;
      }
      return ok ? EXIT.ok : EXIT.internal;
    } finally {
      await union.stop();
    }
  },
};

function folderName(): string {
  return systemClock.now().replace(/[:.]/g, '-');
}

interface DemoPersona extends Teller {
  today: string;
}

function tellerOf(around: Surroundings, id: string): DemoPersona {
  const text = personaFiles(around.root);
  const persona = readPersonas(text).find((one) => one.id === id && one.kind === 'person');
  const told = (parse(text) as { id: string; works?: string[]; numbers?: Record<string, string> }[]).find(
    (one) => one.id === id,
  );
  if (persona?.today === undefined || told?.works === undefined)
    throw new Failure('CLI_PERSONA_UNKNOWN', { persona: id });
  return {
    ...persona,
    today: persona.today,
    works: told.works,
    ...(told.numbers === undefined ? {} : { numbers: told.numbers }),
  };
}

/** From now to nine in the morning of the story's day. */
function offsetTo(day: string): number {
  return Date.parse(`${day}T06:00:00.000Z`) - Date.parse(systemClock.now());
}

function tellIn(
  around: Surroundings,
  union: LocalUnion,
  folder: string,
  persona: Teller,
  tell: (line: string) => void,
): Promise<Story> {
  const officers = readPersonas(personaFiles(around.root)).filter(({ grants, state }) =>
    grants.some(({ role, agency }) => role === 'examiner' && agency === `${state}.pension-fund`),
  );
  const ofState = (state: string) => officers.filter((officer) => officer.state === state).map(({ id }) => id);
  return tellStory(
    {
      portals: Object.fromEntries(union.states.map(({ state, portal }) => [state, portal])),
      officers: Object.fromEntries(union.states.map(({ state }) => [state, ofState(state)])),
      folder: join(folder, 'files'),
      anchors: union.anchors,
    },
    persona,
    tell,
  );
}

async function interrupted(stop: Promise<unknown>): Promise<never> {
  await stop;
  throw new Failure('CLI_INTERRUPTED');
}

/** Whether the story came out whole: each state decided, every document and proof verified. */
function isWhole({ cases, documents, accessRecord, transactions }: Story, { works }: Teller): boolean {
  return (
    cases.length === works.length &&
    transactions.length >= works.length * 2 &&
    documents.every(({ verified }) => verified) &&
    accessRecord.every(({ proof }) => proof === 'verified')
  );
}

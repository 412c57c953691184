import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { StoryPlace, Teller } from '../../src/cli/demo/story.ts';
import { type LocalUnion, openUnion } from '../../src/cli/local-union/open-union.ts';
import { personaFiles } from '../../src/identity/index.ts';

export const root = process.env.COMMONWAY_ROOT ?? process.cwd();
const program = process.env.COMMONWAY_PROGRAM;

/** The day on which the personas' stories play. */
export const STORY_DAY = '2026-03-02T06:00:00.000Z';

/** A five-state union in a folder of its own, with its clock on the day of the stories. */
export interface TestUnion {
  union: LocalUnion;
  place: StoryPlace;
  /** Ends every process and deletes the folder. */
  stop(): Promise<void>;
}

/** Starts a union for a test file; `stop` it in an `after` hook. `root` is another folder with agreements, registers and seeds. */
export async function startUnion(
  options: { day?: string; charterDays?: number; root?: string } = {},
): Promise<TestUnion> {
  const folder = mkdtempSync(join(tmpdir(), 'commonway-union-'));
  const union = await openUnion({
    folder: join(folder, 'union'),
    anchors: join(folder, 'anchors'),
    root: options.root ?? root,
    ...(program === undefined ? {} : { program }),
    clockOffsetMs: Date.parse(options.day ?? STORY_DAY) - Date.now(),
    ...(options.charterDays === undefined ? {} : { charterDays: options.charterDays }),
    env: {},
  });
  return {
    union,
    place: placeOf(union, join(folder, 'files')),
    async stop() {
      await union.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Where stories are told in a union; their files go into a folder. */
export function placeOf({ states, anchors }: LocalUnion, folder: string): StoryPlace {
  const officers = (state: string) =>
    personas()
      .filter(({ agency, roles }) => agency === `${state}.pension-fund` && roles?.includes('examiner'))
      .map(({ id }) => id);
  return {
    portals: Object.fromEntries(states.map(({ state, portal }) => [state, portal])),
    officers: Object.fromEntries(states.map(({ state }) => [state, officers(state)])),
    folder,
    anchors,
  };
}

interface SeededPersona extends Teller {
  roles?: string[];
  agency?: string;
}

/** All personas, as the seeds have them. */
function personas(): SeededPersona[] {
  return parse(personaFiles(root)) as SeededPersona[];
}

/** The persona of an id. */
export function persona(id: string): Teller {
  const found = personas().find((one) => one.id === id);
  if (found === undefined) throw new Error(`no persona ${id}`);
  return found;
}

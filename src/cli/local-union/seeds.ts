import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import { Failure } from '../../storage/index.ts';

/** `seeds/union.yaml`: the invented union that `up` and the demo found. */
export interface UnionSeed {
  name: string;
  states: SeedState[];
}

export interface SeedState {
  state: string;
  name: string;
  agencies: { id: string; name: Record<string, string>; roles: string[] }[];
}

/**
 * Reads `seeds/union.yaml`, and the agencies that the files of `seeds/agencies` add.
 * @throws Failure CLI_SEEDS_WRONG
 */
export function readUnionSeed(root: string): UnionSeed {
  const file = join(root, 'seeds', 'union.yaml');
  const wrong = (reason: string) => new Failure('CLI_SEEDS_WRONG', { file, reason });
  let seed: Partial<UnionSeed>;
  try {
    seed = parse(readFileSync(file, 'utf8')) as Partial<UnionSeed>;
  } catch (error) {
    throw wrong(error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'it cannot be read');
  }
  if (typeof seed?.name !== 'string') throw wrong('name is missing');
  if (!Array.isArray(seed.states) || seed.states.length === 0) throw wrong('states are missing');
  for (const { state, name, agencies } of seed.states) {
    if (typeof state !== 'string' || typeof name !== 'string') throw wrong('a state needs a code and a name');
    for (const agency of agencies ?? []) {
      if (!agency.id?.startsWith(`${state}.`))
        throw wrong(`an agency of ${state} needs an id that begins with ${state}.`);
    }
  }
  const states = seed.states.map((one) => ({
    ...one,
    agencies: merged([...(one.agencies ?? []), ...agenciesOf(root, one.state)]),
  }));
  return { name: seed.name, states };
}

/** An entry of `seeds/agencies/*.yaml`: an agency that several states have alike; `{state}` stands for the state's code. */
interface CommonAgency {
  id: string;
  states: string[];
  roles: string[];
  name: Record<string, string>;
}

/** What the files of `seeds/agencies` add to a state: an agreement brings its agencies in a file of its own. */
function agenciesOf(root: string, state: string): SeedState['agencies'] {
  const folder = join(root, 'seeds', 'agencies');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .flatMap((name) => parse(readFileSync(join(folder, name), 'utf8')) as CommonAgency[])
    .filter(({ states }) => states.includes(state))
    .map(({ id, roles, name }) => ({ id: id.replaceAll('{state}', state), roles, name }));
}

/** Two files may speak of one agency: it has the roles of both. */
function merged(agencies: SeedState['agencies']): SeedState['agencies'] {
  const byId = new Map<string, SeedState['agencies'][number]>();
  for (const one of agencies) {
    const known = byId.get(one.id);
    byId.set(one.id, known === undefined ? one : { ...known, roles: [...new Set([...known.roles, ...one.roles])] });
  }
  return [...byId.values()];
}

/** The CSV files of a state's agencies: `seeds/kz/population.csv` is for the register `kz.population`. */
export function seedFiles(root: string, state: string): { register: string; file: string }[] {
  const folder = join(root, 'seeds', state);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.csv'))
    .sort()
    .map((name) => ({ register: `${state}.${basename(name, '.csv')}`, file: join(folder, name) }));
}

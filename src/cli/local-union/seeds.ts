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
 * Reads `seeds/union.yaml`.
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
  return seed as UnionSeed;
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

import { existsSync, readFileSync } from 'node:fs';
import { type AgreementLibrary, openLibrary } from '../../agreements/index.ts';
import { type NodeConfig, type NodeStore, openStore } from '../../node/index.ts';
import { Failure, findEmbedded } from '../../storage/index.ts';
import type { Surroundings } from '../command.ts';
import { openDatabases, stopDatabases } from './databases.ts';
import { getUnionFile, places, type UnionFile } from './union-folder.ts';

/** A state's store with the agreements in it, as an operator works on it. */
export interface StateStore extends NodeStore {
  agreements: AgreementLibrary;
}

/**
 * Works on the store of one state of a local union, whether the union runs or not.
 * @throws Failure CLI_NO_UNION, CLI_STATE_UNKNOWN, UNION_*, STORAGE_*
 * @example await withStateStore(around, folder, 'kz', (store) => listPrepared(store.db))
 */
export async function withStateStore<T>(
  around: Surroundings,
  folder: string,
  state: string,
  work: (store: StateStore) => Promise<T>,
): Promise<T> {
  const file = getUnionFile(folder);
  const states = file.states.map((one) => one.state);
  if (!states.includes(state)) throw new Failure('CLI_STATE_UNKNOWN', { state, states: states.join(', ') });
  return withStateDatabase(around, folder, file, state, async (databaseUrl) => {
    const store = await openStateStore(folder, file, state, databaseUrl);
    try {
      return await work({ ...store, agreements: await openLibrary(store, around.err) });
    } finally {
      await store.db.close();
    }
  });
}

/** The store of a state in a union's folder. */
export function openStateStore(
  folder: string,
  { clockOffsetMs }: Pick<UnionFile, 'clockOffsetMs'>,
  state: string,
  databaseUrl: string,
): Promise<NodeStore> {
  const at = places(folder);
  return openStore({ state, folder: at.state(state), trustFolder: at.trust(state), databaseUrl, clockOffsetMs });
}

/** The state's database: where its node has it now, else with the server started for the occasion. */
export async function withStateDatabase<T>(
  around: Surroundings,
  folder: string,
  file: UnionFile,
  state: string,
  work: (databaseUrl: string) => Promise<T>,
): Promise<T> {
  const given = around.env[`DATABASE_URL_${state.toUpperCase()}`];
  if (given) return work(given);
  const config = places(folder).config(state);
  if (findEmbedded(places(folder).postgres) !== undefined && existsSync(config)) {
    return work((JSON.parse(readFileSync(config, 'utf8')) as NodeConfig).databaseUrl);
  }
  const states = file.states.map((one) => one.state);
  const options = { root: around.root, states, env: around.env, onProgress: (line: string) => around.err(`- ${line}`) };
  const databases = await openDatabases(folder, options);
  try {
    return await work(databases.urls[state] ?? '');
  } finally {
    await stopDatabases(databases);
  }
}

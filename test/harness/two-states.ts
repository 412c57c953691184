import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { type LocalUnion, openUnion } from '../../src/cli/local-union/open-union.ts';
import { openStateStore } from '../../src/cli/local-union/state-store.ts';
import { getUnionFile } from '../../src/cli/local-union/union-folder.ts';
import type { NodeStore } from '../../src/node/index.ts';
import { root } from './union.ts';

/** Two of the invented states, each a process of the real program, on one real database server; no agreements. */
export interface TwoStates {
  union: LocalUnion;
  folder: string;
  /** Works on a state's store, as an operator's command does. */
  withStore<T>(state: string, work: (store: NodeStore) => Promise<T>): Promise<T>;
  stop(): Promise<void>;
}

/** Starts them in a folder of their own: what spans two nodes needs no five. */
export async function startTwoStates(states: readonly string[] = ['by', 'kz']): Promise<TwoStates> {
  const home = mkdtempSync(join(tmpdir(), 'commonway-two-'));
  const small = join(home, 'checkout');
  mkdirSync(join(small, 'seeds'), { recursive: true });
  mkdirSync(join(small, 'agreements'));
  for (const name of ['registers', 'node_modules']) symlinkSync(join(root, name), join(small, name));
  for (const name of ['agencies', 'personas', 'services'])
    cpSync(join(root, 'seeds', name), join(small, 'seeds', name), { recursive: true });
  const seed = parse(readFileSync(join(root, 'seeds', 'union.yaml'), 'utf8')) as { states: { state: string }[] };
  const kept = seed.states.filter(({ state }) => states.includes(state));
  writeFileSync(join(small, 'seeds', 'union.yaml'), stringify({ ...seed, states: kept }));
  const folder = join(home, 'union');
  const program = process.env.COMMONWAY_PROGRAM;
  const union = await openUnion({
    folder,
    anchors: join(home, 'anchors'),
    root: small,
    ...(program === undefined ? {} : { program }),
    env: {},
  });
  return {
    union,
    folder,
    async withStore(state, work) {
      const store = await openStateStore(folder, getUnionFile(folder), state, union.state(state).databaseUrl);
      return work(store).finally(() => store.db.close());
    },
    async stop() {
      await union.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

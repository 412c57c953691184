import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { failureSentence } from '../../storage/index.ts';
import { freshUrl } from '../../storage/testing.ts';
import type { Command } from '../command.ts';
import { writeFoundation } from '../local-union/found.ts';
import { type StateStore, withStateStore } from '../local-union/state-store.ts';
import { writeUnionFile } from '../local-union/union-folder.ts';
import { runCommand } from '../run.ts';
import { SENTENCES } from '../sentences.ts';

const CREATED = '2026-01-01T00:00:00.000Z';

/** A union that was founded and does not run. @param agencyOf the agency of each state; default: none */
export function stoppedUnion(t: TestContext, states: string[], agencyOf?: (state: string) => string) {
  const folder = mkdtempSync(join(tmpdir(), 'commonway-stopped-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const agencies = (state: string) =>
    agencyOf === undefined ? [] : [{ id: agencyOf(state), name: { en: 'Agency' }, roles: [] }];
  const seed = {
    name: 'test',
    states: states.map((state) => ({ state, name: state.toUpperCase(), agencies: agencies(state) })),
  };
  const ports = states.map((state, place) => ({ state, portal: 4700 + place, exchange: 4702 + place }));
  for (const state of states) mkdirSync(join(folder, 'states', state), { recursive: true });
  const anchors = join(folder, 'anchors');
  writeFoundation({ folder, anchors, seed, ports, at: CREATED, expires: '2036-01-01T00:00:00.000Z' });
  const file = { commonway: 'union', format: 1, name: 'test', created: CREATED, clockOffsetMs: 0 } as const;
  writeUnionFile(folder, { ...file, stage: 'founded', states: ports });
  return { folder, anchors };
}

/** A union of Belarus and Kazakhstan that does not run, and commands on Kazakhstan's store. */
export async function commandsTest(t: TestContext, commands: readonly Command[]) {
  const { folder } = stoppedUnion(t, ['by', 'kz'], (state) => `${state}.population`);
  const said: string[] = [];
  const around = {
    root: process.cwd(),
    home: folder,
    env: { DATABASE_URL_KZ: await freshUrl(t) },
    sentenceOf: (failure: Parameters<typeof failureSentence>[1]) => failureSentence(SENTENCES, failure),
    out: (line: string) => void said.push(line),
    err: (line: string) => void said.push(line),
    ask: async () => undefined,
  };
  return {
    async run(...words: string[]) {
      said.length = 0;
      const code = await runCommand([...commands], [...words, '--folder', folder], around);
      return { code, said: said.join('\n') };
    },
    withStore: <T>(work: (store: StateStore) => Promise<T>): Promise<T> => withStateStore(around, folder, 'kz', work),
  };
}

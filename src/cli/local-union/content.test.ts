import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { personaFiles, readPersonas } from '../../identity/index.ts';
import { loadRegisters } from '../../registers/index.ts';
import { isFailure } from '../../storage/index.ts';
import { bringContent, contentOf, demandContent } from './content.ts';
import { openUnion } from './open-union.ts';
import { readUnionSeed, seedFiles } from './seeds.ts';
import { writeUnionFile } from './union-folder.ts';

const ROOT = process.env.COMMONWAY_ROOT ?? '.';
const EXAMPLE = join(ROOT, 'examples', 'parking-permit');
const fails = (code: string) => (error: unknown) => isFailure(error, code);

function place(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'commonway-with-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A copy of the example for a test to spoil. */
function copy(t: TestContext): string {
  const folder = join(place(t), 'mine');
  cpSync(EXAMPLE, folder, { recursive: true });
  return folder;
}

test('a union reads the checkout, and once something is brought its own copy of both', async (t) => {
  const union = place(t);
  assert.equal(contentOf(union, ROOT), ROOT);
  await demandContent(ROOT, EXAMPLE);
  bringContent(union, ROOT, EXAMPLE);
  const content = contentOf(union, ROOT);
  assert.equal(content, join(union, 'content'));
  const shipped = readdirSync(join(ROOT, 'agreements'));
  assert.deepEqual(readdirSync(join(content, 'agreements')).sort(), [...shipped, 'parking-permit'].sort());
  const kz = readUnionSeed(content).states.find(({ state }) => state === 'kz');
  for (const id of ['kz.parking', 'kz.pension-fund'])
    assert.ok(
      kz?.agencies.some((one) => one.id === id),
      id,
    );
  const registers = loadRegisters(join(content, 'registers'), 'kz');
  for (const { register } of seedFiles(content, 'kz')) assert.ok(registers.has(register), register);
  const people = readPersonas(personaFiles(content)).map(({ id }) => id);
  assert.ok(people.includes('parking-kz-1') && people.includes('aigerim'));
});

test('what is brought never takes the place of what is there', async (t) => {
  for (const taken of [
    'agreements/pension',
    'registers/population.yaml',
    'seeds/kz/population.csv',
    'seeds/union.yaml',
  ]) {
    const folder = copy(t);
    if (taken.startsWith('agreements')) mkdirSync(join(folder, taken));
    else writeFileSync(join(folder, taken), '');
    await assert.rejects(demandContent(ROOT, folder), fails('CLI_WITH_TAKEN'), taken);
  }
});

test('a folder without an agreement, or with one that has a finding, is refused', async (t) => {
  await assert.rejects(demandContent(ROOT, place(t)), fails('CLI_WITH_EMPTY'));
  const folder = copy(t);
  rmSync(join(folder, 'agreements', 'parking-permit', 'texts', 'hy.yaml'));
  await assert.rejects(demandContent(ROOT, folder), fails('AGREEMENT_NOT_LOADED'));
});

test('a union that was founded takes nothing more, and nothing of it is deleted', async (t) => {
  const folder = place(t);
  const state = { state: 'kz', portal: 4700, exchange: 4705 };
  writeUnionFile(folder, {
    ...{ commonway: 'union', format: 1, name: 'eaeu', stage: 'founded', clockOffsetMs: 0 },
    ...{ created: '2026-03-01T09:00:00.000Z', states: [state] },
  });
  await assert.rejects(openUnion({ folder, root: ROOT, brought: EXAMPLE }), fails('CLI_WITH_FOUNDED'));
  await assert.rejects(openUnion({ folder, root: ROOT, fresh: true, brought: place(t) }), fails('CLI_WITH_EMPTY'));
  assert.ok(existsSync(join(folder, 'union.json')));
});

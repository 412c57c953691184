import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { loadFiles } from '../load.ts';
import { edit, filesOf } from '../testing.ts';
import type { Agreement, Migration } from '../types.ts';
import { moveAnswers, wayOf } from './move-answers.ts';

function load(change: (files: Map<string, Uint8Array>) => void = () => undefined): Agreement {
  const files = filesOf('src/agreements/fixtures/good');
  change(files);
  const { agreement, findings } = loadFiles(files);
  assert.deepEqual(findings, []);
  return agreement as Agreement;
}

const OLD = load();
const ANSWERS = { towns: ['kg'], plates: { kg: 'A1' }, zone: 'inner', guest: true, nights: 3, consent: true };
const service = 'permit';

/** `guest` is called `visitor`. */
const RENAMED = load((files) => {
  edit(files, 'services/permit.yaml', '  guest: {', '  visitor: {');
  edit(files, 'forms/permit.yaml', 'fields: [guest]', 'fields: [visitor]');
});

const migration = (fields: Migration['services'][string], change: Partial<Migration> = {}): Migration => ({
  name: 'test',
  from: OLD.contractDigest,
  to: RENAMED.contractDigest,
  services: { [service]: fields },
  ...change,
});

describe('answers that are moved to a newer contract', () => {
  it('come along where name and type are the same', () => {
    const { answers, left } = moveAnswers(ANSWERS, { from: OLD, to: RENAMED, service, migrations: [] });
    const { guest: _, ...kept } = ANSWERS;
    assert.deepEqual({ answers, left }, { answers: kept, left: ['guest'] });
  });

  it('come along under a new name where the migration says so', () => {
    const migrations = [migration({ visitor: { from: 'guest' } })];
    const { answers, left } = moveAnswers(ANSWERS, { from: OLD, to: RENAMED, service, migrations });
    const { guest, ...kept } = ANSWERS;
    assert.deepEqual({ answers, left }, { answers: { ...kept, visitor: guest }, left: [] });
  });

  it('come along value by value, and one that is not named is asked again', () => {
    const migrations = [migration({ zone: { from: 'zone', values: { inner: 'outer' } } })];
    const move = (zone: string) => moveAnswers({ zone }, { from: OLD, to: RENAMED, service, migrations });
    assert.deepEqual(move('inner').answers, { zone: 'outer' });
    assert.deepEqual(move('outer'), { answers: {}, left: ['zone'] });
  });

  it('are asked again where the same name means something else', () => {
    const migrations = [migration({ nights: { ask: 'again' } })];
    const { answers, left } = moveAnswers({ nights: 3 }, { from: OLD, to: RENAMED, service, migrations });
    assert.deepEqual({ answers, left }, { answers: {}, left: ['nights'] });
  });

  it('go over several contracts, one migration after the other, and around a circle of them', () => {
    const [a, b, c] = ['a', 'b', 'c'].map((letter) => letter.repeat(64)) as [string, string, string];
    const one = migration({}, { name: 'one', from: a, to: b });
    const back = migration({}, { name: 'back', from: b, to: a });
    const two = migration({}, { name: 'two', from: b, to: c });
    assert.deepEqual(
      wayOf([one, back, two], a, c)?.map(({ name }) => name),
      ['one', 'two'],
    );
    assert.equal(wayOf([one, back], a, c), undefined);
  });

  it('of a service that is no more are left', () => {
    const gone = { ...RENAMED, services: {} };
    assert.deepEqual(moveAnswers({ nights: 3 }, { from: OLD, to: gone, service, migrations: [] }), {
      answers: {},
      left: ['nights'],
    });
  });

  it('are never anything that the new form would not take, whatever stood in the draft', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...Object.keys(ANSWERS), '__proto__', 'other'), fc.jsonValue()),
        (given) => {
          const { answers, left } = moveAnswers(given as typeof ANSWERS, {
            from: OLD,
            to: RENAMED,
            service,
            migrations: [],
          });
          for (const name of Object.keys(answers))
            assert.ok(Object.hasOwn(RENAMED.services[service]?.fields ?? {}, name));
          assert.deepEqual([...Object.keys(answers), ...left].sort(), Object.keys(given).sort());
        },
      ),
      { numRuns: 200 },
    );
  });
});

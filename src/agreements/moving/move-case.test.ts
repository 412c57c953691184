import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadFiles } from '../load.ts';
import { edit, filesOf } from '../testing.ts';
import type { Agreement } from '../types.ts';
import { type MovingCase, moveOf } from './move-case.ts';

function load(change: (files: Map<string, Uint8Array>) => void = () => undefined): Agreement {
  const files = filesOf('src/agreements/fixtures/good');
  change(files);
  const { agreement, findings } = loadFiles(files);
  assert.deepEqual(findings, []);
  return agreement as Agreement;
}

const OLD = load();
const CASE: MovingCase = {
  ...{ service: 'permit', state: 'kz', home: 'kz', deciders: ['kz'], filedOn: '2025-06-29' },
  answers: { towns: ['kz'], zone: 'outer', nights: 8, consent: true },
  evidence: [{ type: 'residence', state: 'kz', schema: OLD.evidence.residence?.schemaDigest ?? '' }],
  without: [],
};
const obstacles = (change: (files: Map<string, Uint8Array>) => void, held: Partial<MovingCase> = {}) =>
  moveOf(OLD, load(change), { ...CASE, ...held }).obstacles;

describe('moving a case under examination to a newer contract', () => {
  it('is free where only rules, texts or deadlines change', () => {
    const {
      changes,
      obstacles: none,
      answers,
    } = moveOf(
      OLD,
      load((files) => edit(files, 'rules/permit.yaml', "'<= 100'", "'<= 99'")),
      CASE,
    );
    assert.deepEqual([none, answers], [[], CASE.answers]);
    assert.deepEqual(
      changes.map(({ kind, moving }) => [kind, moving]),
      [['rule-changed', 'goes']],
    );
    assert.deepEqual(
      obstacles((files) => edit(files, 'services/permit.yaml', 'decide: P10D', 'decide: P9D')),
      [],
    );
  });

  it('cannot be where she would have to be asked something new', () => {
    const dogs = (required: string) =>
      obstacles((files) => {
        edit(
          files,
          'services/permit.yaml',
          '  consent: {',
          `  dogs: { type: number, text: field.nights${required} }\n  consent: {`,
        );
        edit(files, 'forms/permit.yaml', 'nights, consent', 'nights, dogs, consent');
      });
    assert.deepEqual(dogs(''), ['answers']);
    assert.deepEqual(dogs(', required: false'), []);
  });

  it('cannot be where her answer is not right any more', () => {
    const few = (files: Map<string, Uint8Array>) => edit(files, 'services/permit.yaml', 'nights <= 30', 'nights <= 7');
    assert.deepEqual(obstacles(few), ['answers']);
    assert.deepEqual(obstacles(few, { answers: { ...CASE.answers, nights: 7 } }), []);
  });

  it('cannot be where a field was renamed and no migration says so', () => {
    const renamed = (files: Map<string, Uint8Array>) => {
      edit(files, 'services/permit.yaml', '  guest: {', '  visitor: {');
      edit(files, 'forms/permit.yaml', 'fields: [guest]', 'fields: [visitor]');
    };
    assert.deepEqual(obstacles(renamed), [], 'she was not asked it');
    const inner = { ...CASE.answers, zone: 'inner', guest: true };
    assert.deepEqual(obstacles(renamed, { answers: inner }), ['answers']);
  });

  it('cannot be where the facts of its evidence have another form', () => {
    const facts = (files: Map<string, Uint8Array>) =>
      edit(files, 'evidence/residence.yaml', 'maxLength: 80', 'maxLength: 81');
    assert.deepEqual(obstacles(facts), ['facts']);
    assert.deepEqual(obstacles(facts, { evidence: [], without: ['residence/kz'] }), []);
  });

  it('cannot be where evidence is called for that is not there', () => {
    assert.deepEqual(
      obstacles(() => undefined, { evidence: [] }),
      ['evidence'],
    );
  });

  it('cannot be where others would decide, or a state of the case takes no part any more', () => {
    const decides = (files: Map<string, Uint8Array>) =>
      edit(files, 'services/permit.yaml', 'forEach: towns', 'forEach: "[home]"');
    assert.deepEqual(obstacles(decides, { home: 'kg' }), ['deciders']);
    const alone = load();
    assert.deepEqual(moveOf(OLD, { ...alone, parties: ['kg'] }, CASE).obstacles.includes('party'), true);
  });

  it('cannot be where its decision takes effect together with those of others', () => {
    const both = {
      deciders: ['kg', 'kz'],
      answers: { ...CASE.answers, towns: ['kg', 'kz'] },
      without: ['residence/kg'],
    };
    const joined = (files: Map<string, Uint8Array>) =>
      edit(files, 'services/permit.yaml', 'join: independent', 'join: anyRefusalBlocks');
    assert.deepEqual(
      obstacles(() => undefined, both),
      [],
    );
    assert.deepEqual(obstacles(joined, both), ['joined']);
    assert.deepEqual(obstacles(joined), []);
  });

  it('cannot be where the service is gone', () => {
    assert.deepEqual(moveOf(OLD, { ...OLD, services: {} }, CASE).obstacles, ['service']);
  });
});

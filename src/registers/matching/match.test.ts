import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { match, outwardResult } from './match.ts';
import { scriptOf } from './names.ts';
import type { PersonClaim, RegisterPerson } from './person.ts';

const named = (family: string, given: string) => ({ family, given, script: scriptOf(family) });

const olga: PersonClaim = {
  home: 'kz',
  names: [named('Смирнова', 'Ольга'), named('Smirnova', 'Olga')],
  birthDate: '1964-05-17',
  ids: [{ state: 'kz', value: 'KZ-T-000301' }],
};

function record(subject: string, change: Partial<RegisterPerson> = {}): RegisterPerson {
  return {
    subject: subject.replaceAll('-', ''),
    ids: [
      { state: 'ru', value: subject },
      { state: 'kz', value: 'KZ-T-000301' },
    ],
    names: [named('Смирнова', 'Ольга Сергеевна')],
    birthDates: ['1964-05-17'],
    ...change,
  };
}

const giving = (number: string): PersonClaim => ({ ...olga, ids: [...olga.ids, { state: 'ru', value: number }] });

test('her home id, name and birth date find the one record', () => {
  assert.deepEqual(match(olga, [record('RU-P-1')], 'ru'), { outcome: 'one', subject: 'RUP1' });
});

test('a record without a home id is not hers by name and birth date alone', () => {
  const stranger = record('RU-P-1', { ids: [{ state: 'ru', value: 'RU-P-1' }] });
  assert.deepEqual(match(olga, [stranger], 'ru'), { outcome: 'unproven' });
});

test('a record without a home id is hers when she gives its number', () => {
  const bare = record('RU-P-1', { ids: [{ state: 'ru', value: 'RU-P-1' }] });
  assert.deepEqual(match(giving('ru-p 1'), [bare], 'ru'), { outcome: 'one', subject: 'RUP1' });
});

test('a namesake born the same day who gives the number of the other is not shown the record', () => {
  const other = record('RU-P-1', {
    ids: [
      { state: 'ru', value: 'RU-P-1' },
      { state: 'kz', value: 'KZ-T-000302' },
    ],
  });
  assert.deepEqual(match(giving('RU-P-1'), [other], 'ru'), { outcome: 'ambiguous', proven: false });
});

test('a record that names another birth date or another name is never shown', () => {
  for (const change of [
    { birthDates: ['1964-05-18'] },
    { birthDates: ['1964-05-17', '1964-05-18'] },
    { birthDates: [] },
    { names: [named('Смирнова', 'Елена')] },
    { names: [] },
  ]) {
    assert.deepEqual(match(olga, [record('RU-P-1', change)], 'ru'), { outcome: 'ambiguous', proven: false });
    assert.deepEqual(match(giving('RU-P-1'), [record('RU-P-1', change)], 'ru'), {
      outcome: 'ambiguous',
      proven: false,
    });
  }
});

test('two records with her home id are ambiguous until she gives her number there', () => {
  const both = [record('RU-P-1'), record('RU-P-2')];
  assert.deepEqual(match(olga, both, 'ru'), { outcome: 'ambiguous', proven: true });
  assert.deepEqual(match(giving('RU-P-2'), both, 'ru'), { outcome: 'one', subject: 'RUP2' });
  assert.deepEqual(match(giving('RU-P-3'), both, 'ru'), { outcome: 'ambiguous', proven: true });
});

test('a married name matches a record under the maiden name that home has in its history', () => {
  const maiden = record('RU-P-1', { names: [named('Орлова', 'Ольга')] });
  assert.equal(match(olga, [maiden], 'ru').outcome, 'ambiguous');
  const known: PersonClaim = { ...olga, names: [...olga.names, named('Орлова', 'Ольга')] };
  assert.equal(match(known, [maiden], 'ru').outcome, 'one');
});

test('either of two national ids finds her', () => {
  const two: PersonClaim = { ...olga, ids: [{ state: 'kz', value: 'KZ-T-000999' }, ...olga.ids] };
  assert.equal(match(two, [record('RU-P-1')], 'ru').outcome, 'one');
});

test('in her own state the number of the fund tells two of her records apart', () => {
  const own = (number: string) =>
    record(number, {
      ids: [
        { state: 'kz', value: number },
        { state: 'kz', value: 'KZ-T-000301' },
      ],
    });
  const both = [own('KZ-P-1'), own('KZ-P-2')];
  assert.deepEqual(match(olga, both, 'kz'), { outcome: 'ambiguous', proven: true });
  const giving: PersonClaim = { ...olga, ids: [...olga.ids, { state: 'kz', value: 'KZ-P-2' }] };
  assert.deepEqual(match(giving, both, 'kz'), { outcome: 'one', subject: 'KZP2' });
});

test('an id of a third state counts for nothing', () => {
  const foreign: PersonClaim = { ...olga, ids: [{ state: 'kg', value: 'KG-T-5' }] };
  const noted = record('RU-P-1', { ids: [{ state: 'kg', value: 'KG-T-5' }] });
  assert.deepEqual(match(foreign, [noted], 'ru'), { outcome: 'unproven' });
});

const person = fc.record({
  subject: fc.constantFrom('RUP1', 'RUP2', 'RUP3'),
  ids: fc.subarray([
    { state: 'ru', value: 'RU-P-1' },
    { state: 'ru', value: 'RU-P-2' },
    { state: 'kz', value: 'KZ-T-000301' },
    { state: 'kz', value: 'KZ-T-000302' },
    { state: 'kg', value: 'KG-T-000301' },
  ]),
  names: fc.subarray([named('Смирнова', 'Ольга'), named('Smirnova', 'Olga'), named('Орлова', 'Ольга')]),
  birthDates: fc.subarray(['1964-05-17', '1964-05-18']),
});
const claim = fc.record({
  home: fc.constantFrom('kz', 'ru'),
  names: fc.subarray([named('Смирнова', 'Ольга'), named('Орлова', 'Ольга')], { minLength: 1 }),
  birthDate: fc.constant('1964-05-17'),
  ids: fc.subarray([
    { state: 'ru', value: 'RU-P-1' },
    { state: 'ru', value: 'RU-P-3' },
    { state: 'kz', value: 'KZ-T-000301' },
    { state: 'kg', value: 'KG-T-000301' },
  ]),
});
const register = fc.uniqueArray(person, { selector: (one) => one.subject, maxLength: 3 });

test('whoever is found shares an identifier of home or of the asked state, the birth date and a name', () => {
  fc.assert(
    fc.property(claim, register, (asked, people) => {
      const found = match(asked, people, 'ru');
      if (found.outcome !== 'one') return;
      const one = people.find((other) => other.subject === found.subject);
      const allowed = asked.ids.filter((id) => id.state === asked.home || id.state === 'ru');
      const shared = one?.ids.some((id) => allowed.some((own) => own.state === id.state && own.value === id.value));
      const local = allowed.some((id) => id.state === 'ru' && id.value.replaceAll('-', '') === one?.subject);
      assert.ok(shared || local);
      assert.deepEqual(one?.birthDates, [asked.birthDate]);
    }),
  );
});

test('the order of the register changes nothing', () => {
  fc.assert(
    fc.property(claim, register, (asked, people) => {
      assert.deepEqual(match(asked, people, 'ru'), match(asked, people.toReversed(), 'ru'));
    }),
  );
});

test('unless somebody agrees in everything, the answer outwards is the one of an empty register', () => {
  fc.assert(
    fc.property(claim, register, (asked, people) => {
      const found = match(asked, people, 'ru');
      if (found.outcome === 'one' || (found.outcome === 'ambiguous' && found.proven)) return;
      assert.equal(outwardResult(found, asked, 'ru'), outwardResult(match(asked, [], 'ru'), asked, 'ru'));
    }),
  );
});

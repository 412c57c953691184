import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isFailure } from '../../storage/index.ts';
import { DEFINITIONS } from '../testing.ts';
import { loadRegisters, readDefinition, registerServing } from './load.ts';
import { resolve } from './resolve.ts';

test('the shipped definitions describe the registers of each of the five states', () => {
  for (const state of ['am', 'by', 'kg', 'kz', 'ru']) {
    const registers = loadRegisters(DEFINITIONS, state);
    for (const one of ['companies', 'company-officers', 'families', 'pension-fund', 'population'])
      assert.ok(registers.has(`${state}.${one}`), `${state}.${one}`);
    assert.equal(registers.get(`${state}.companies`)?.holds, 'organisations');
    assert.equal(registers.get(`${state}.population`)?.residents, true);
    assert.equal(registerServing(registers, `${state}.pension-fund`, 'insured-periods').state, state);
    assert.equal(registerServing(registers, `${state}.population`, 'identity').state, state);
  }
});

test('an agency serves only what its register says, by no inherited name', () => {
  const registers = loadRegisters(DEFINITIONS, 'kz');
  for (const [agency, type] of [
    ['kz.population', 'insured-periods'],
    ['kz.pension-fund', 'constructor'],
    ['ru.pension-fund', 'insured-periods'],
  ] as const) {
    assert.throws(
      () => registerServing(registers, agency, type),
      (error) => isFailure(error, 'REGISTERS_NOT_SERVED'),
    );
  }
});

const GOOD = `
register: '{state}.x'
owner: '{state}.x'
states: [kz]
columns:
  id: { type: text, required: true }
  born: { type: date, required: true }
  family: { type: text }
  given: { type: text }
key: [id]
person: { localId: id, birthDate: born, names: [{ family: family, given: given }] }
`;

test('a wrong definition is refused with the place', () => {
  assert.equal(resolve(readDefinition(GOOD, 'x.yaml'), 'kz', 'x.yaml').id, 'kz.x');
  const wrong: [string, string, RegExp][] = [
    ['key: [id]', 'key: [number]', /key.*no column number/],
    ['key: [id]', 'key: [family]', /must be required/],
    ['birthDate: born', 'birthDate: family', /must be a date/],
    ['id: { type: text, required: true }', 'id: { type: text }', /must be required/],
    ['type: date', 'type: day', /columns\/born/],
    ['type: date', 'type: code', /needs its values/],
    ['family: { type: text }', "family: { type: text, pattern: '(' }", /no regular expression/],
    ['key: [id]', 'key: [id]\nkeys: [id]', /\//],
    ['key: [id]', 'key: [id]\nkey: [id]', /unique/i],
    ['states: [kz]', 'states: []', /states/],
    ['given: given }]', 'given: given }], ids: [{ column: id }]', /either a state or its column/],
    ['key: [id]', 'key: [id]\nserves: { y: { z: { latest: q, by: id } } }', /no column q/],
  ];
  for (const [from, to, message] of wrong) {
    assert.throws(
      () => resolve(readDefinition(GOOD.replace(from, to), 'x.yaml'), 'kz', 'x.yaml'),
      (error) => isFailure(error, 'REGISTERS_DEFINITION_WRONG') && message.test(error.message),
      to,
    );
  }
});

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { isFailure, type Json } from '../storage/index.ts';
import {
  ANY,
  compile,
  contextOf,
  DATE,
  DAYS_TIME,
  type FeelValue,
  fromJson,
  listOf,
  NUMBER,
  oneOf,
  toFeel,
  toJson,
  typeOfSchema,
  typeText,
} from './index.ts';
import { constantValue } from './testing.ts';

describe('facts from JSON', () => {
  test('are read as their type says', () => {
    const type = contextOf({ from: DATE, months: NUMBER, kind: oneOf('a', 'b'), pause: DAYS_TIME });
    const value = fromJson({ from: '2021-01-31', months: 1.5, kind: 'a', pause: 'PT1H', more: 1 }, type);
    assert.equal(toFeel(value), '{from: date("2021-01-31"), months: 1.5, kind: "a", pause: duration("PT1H")}');
    assert.equal(toFeel(fromJson({}, contextOf({ from: DATE }))), '{from: null}');
  });

  const misfits: [Json, Parameters<typeof fromJson>[1], string][] = [
    ['2021-02-30', DATE, 'the top'],
    [{ a: [1, 'secret'] }, contextOf({ a: listOf(NUMBER) }), 'a.1'],
    [{ kind: 'secret' }, contextOf({ kind: oneOf('a', 'b') }), 'kind'],
    [5, listOf(NUMBER), 'the top'],
    ['P1Y', DAYS_TIME, 'the top'],
  ];
  for (const [json, type, path] of misfits) {
    test(`${JSON.stringify(json)} is not ${typeText(type)}, and the failure does not tell the value`, () => {
      assert.throws(
        () => fromJson(json, type),
        (error) =>
          isFailure(error, 'FEEL_FACT_TYPE') && error.params.path === path && !/secret|02-30/.test(error.message),
      );
    });
  }

  test('a name of the runtime is a name as any other', () => {
    const json = JSON.parse('{"__proto__": {"admin": true}, "constructor": 1}') as Json;
    const value = fromJson(json, ANY);
    assert.equal(toFeel(value), '{__proto__: {admin: true}, constructor: 1}');
    assert.deepEqual(Object.keys(toJson(value) as object), ['__proto__', 'constructor']);
  });

  test('JSON goes in and comes out the same', () => {
    const json = fc.jsonValue({ depthSize: 'small' }).filter((value) => !JSON.stringify(value).includes('-0'));
    fc.assert(
      fc.property(json, (value) => {
        assert.equal(JSON.stringify(toJson(fromJson(value as Json, ANY))), JSON.stringify(value));
      }),
    );
  });

  test('what is nested too deeply is refused on both ways', () => {
    const deep = JSON.parse(`${'['.repeat(5000)}${']'.repeat(5000)}`) as Json;
    assert.throws(
      () => fromJson(deep, ANY),
      (error) => isFailure(error, 'FEEL_FACT_TYPE'),
    );
    const made = compile('for i in 1..5000 return [partial[-1]]', { types: {} });
    assert(made.ok);
    const value = made.compiled.evaluate({});
    assert.throws(
      () => toJson(value),
      (error) => isFailure(error, 'FEEL_VALUE_SIZE'),
    );
    assert.equal(toFeel(value), 'null');
  });
});

describe('values as FEEL', () => {
  const sources = [
    '1.5',
    '-3',
    '"a\\"b\\n\\\\"',
    'true',
    'null',
    '[1, [2, null]]',
    '{a: 1, "b c": {d: "x"}}',
    '@"2021-01-01"',
    '@"10:00:00+05:00"',
    '@"2021-01-01T10:00:00@Europe/Paris"',
    '@"-P1DT2H"',
    '@"P14M"',
    '[1..5)',
    '> 5',
    '(@"2021-01-01"..@"2021-02-01"]',
  ];
  for (const source of sources) {
    test(`${source} is written so that it reads as itself`, () => {
      const value: FeelValue = constantValue(source);
      assert.deepEqual(constantValue(toFeel(value)), value);
    });
  }
});

describe('types from JSON Schema', () => {
  test('follow properties, items, formats and enumerations', () => {
    const schema = {
      type: 'object',
      properties: {
        from: { type: 'string', format: 'date' },
        to: { type: ['string', 'null'], format: 'date' },
        kind: { enum: ['a', 'b'], type: 'string' },
        months: { type: 'array', items: { type: 'integer' } },
        paid: { type: 'boolean' },
        anything: {},
      },
    };
    assert.equal(
      typeText(typeOfSchema(schema)),
      'context<from: date, to: date, kind: "a" | "b", months: list<number>, paid: boolean, anything: Any>',
    );
  });
});

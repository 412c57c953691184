import assert from 'node:assert/strict';
import { Readable, Writable } from 'node:stream';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { answerLine, runFeel } from './index.ts';

describe('expressions as JSON Lines', () => {
  test('get one line each, in order', async () => {
    const input = Readable.from([
      '{"expression":"a + 0.2","context":{"a":0.1}}\n\n{"expr',
      'ession":"1 +"}\n',
      '{"expression":"1/3"}',
    ]);
    let written = '';
    const output = new Writable({
      write(chunk, _encoding, done) {
        written += String(chunk);
        done();
      },
    });
    await runFeel(input, output);
    const lines = written
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.deepEqual(lines[0], { value: 0.3, feel: '0.3' });
    assert.equal(lines[1].error.code, 'FEEL_SYNTAX');
    assert.deepEqual(lines[2], { value: 1 / 3, feel: '0.3333333333333333333333333333333333' });
    assert.equal(lines.length, 3);
  });

  const answered: [object | string, object][] = [
    [
      { expression: 'a.year', contextFeel: '{a: date("2021-01-01")}' },
      { value: 2021, feel: '2021' },
    ],
    [
      { expression: 'a', contextFeel: '{a: @"PT1H"}' },
      { value: 'PT1H', feel: 'duration("PT1H")' },
    ],
    [
      { expression: 'some name', context: { 'some name': [null, { x: 'y' }] } },
      { value: [null, { x: 'y' }], feel: '[null, {x: "y"}]' },
    ],
    [{ expression: '[1..2]' }, { value: '[1..2]', feel: '[1..2]' }],
  ];
  for (const [line, answer] of answered) {
    test(JSON.stringify(line), () => assert.deepEqual(answerLine(JSON.stringify(line)), answer));
  }

  const refused: [string, string][] = [
    ['no JSON', 'FEEL_LINE'],
    ['[]', 'FEEL_LINE'],
    ['{}', 'FEEL_LINE'],
    ['{"expression":"1","context":5}', 'FEEL_LINE'],
    ['{"expression":"1","contextFeel":"[1]"}', 'FEEL_LINE'],
    ['{"expression":"1 + \\"a\\""}', 'FEEL_OPERANDS'],
    ['{"expression":"today()"}', 'FEEL_CLOCK'],
    ['{"expression":"for i in 1..1000000000 return i"}', 'FEEL_BUDGET_SPENT'],
    ['{"expression":"for i in 1..5000 return [partial[-1]]"}', 'FEEL_VALUE_SIZE'],
    ['{"expression":"a","contextFeel":"{a: (for i in 1..99999 return [partial[-1]])[-1]}"}', 'FEEL_VALUE_SIZE'],
    ['{"expression":"1","contextFeel":5}', 'FEEL_LINE'],
    ['{"expression":"__proto__"}', 'FEEL_UNKNOWN_NAME'],
    ['{"expression":"constructor.constructor(1)","context":{"a":1}}', 'FEEL_UNKNOWN_NAME'],
    [`{"expression":"a","context":{"a":${'['.repeat(5000)}${']'.repeat(5000)}}}`, 'FEEL_FACT_TYPE'],
    ['['.repeat(200_000), 'FEEL_LINE'],
  ];
  for (const [line, code] of refused) {
    test(`${line.slice(0, 100)} is refused: ${code}`, () => {
      const answer = answerLine(line);
      assert('error' in answer);
      assert.equal(answer.error.code, code);
      assert.match(answer.error.message, /\w+ .*\.$/);
    });
  }

  test('whatever the line is, there is one answer of one of the two forms', () => {
    const names = fc.constantFrom('a', '__proto__', 'constructor', 'toString', 'x y', 'date');
    const context = fc.dictionary(names, fc.jsonValue({ maxDepth: 3 }));
    const pieces = fc.constantFrom(
      'a',
      '__proto__',
      '.',
      '[',
      ']',
      '(',
      ')',
      '{',
      '}',
      ':',
      '1e6144',
      '**',
      '"',
      '@"P1D"',
      ' ',
      'for x in ',
      ' return ',
    );
    const expression = fc.oneof(
      fc.array(pieces, { maxLength: 8 }).map((parts) => parts.join('')),
      fc.string(),
    );
    const question = fc.record({ expression, context }).map((one) => JSON.stringify(one));
    fc.assert(
      fc.property(fc.oneof(question, fc.string(), fc.json()), fc.constantFrom('strict', 'loose'), (line, types) => {
        const answer = answerLine(line, { types: types as 'strict' | 'loose' });
        const shape = 'error' in answer ? Object.keys(answer.error) : Object.keys(answer);
        assert.deepEqual(shape, 'error' in answer ? ['code', 'message'] : ['value', 'feel']);
        assert.equal(JSON.parse(JSON.stringify(answer)) === null, false);
      }),
    );
  });

  test('loosely, a type error is null', () => {
    assert.deepEqual(answerLine('{"expression":"1 + \\"a\\""}', { types: 'loose' }), { value: null, feel: 'null' });
  });
});

import assert from 'node:assert/strict';
import { Readable, Writable } from 'node:stream';
import { describe, test } from 'node:test';
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
  ];
  for (const [line, code] of refused) {
    test(`${line} is refused: ${code}`, () => {
      const answer = answerLine(line);
      assert('error' in answer);
      assert.equal(answer.error.code, code);
      assert.match(answer.error.message, /\w+ .*\.$/);
    });
  }

  test('loosely, a type error is null', () => {
    assert.deepEqual(answerLine('{"expression":"1 + \\"a\\""}', { types: 'loose' }), { value: null, feel: 'null' });
  });
});

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { compile, compileFunctions, DATE, type FunctionDefinition, NUMBER, newTrace, STRING } from '../index.ts';

const define = (name: string, body: string, parameters = [{ name: 'n', type: NUMBER }]): FunctionDefinition => ({
  name,
  parameters,
  body,
});

describe('functions of an agreement', () => {
  test('call each other, whatever order they are written in', () => {
    const made = compileFunctions([define('quarter', 'half(half(n))'), define('half', 'n / 2')]);
    assert(made.ok);
    const use = compile('quarter(10) + half(n: 1)', { types: {}, functions: made.functions });
    assert(use.ok);
    assert.equal(String(use.compiled.evaluate({})), '3');
    assert.deepEqual(use.compiled.dependencies, []);
  });

  test('have types that calls are checked by', () => {
    const made = compileFunctions([
      define('months within', '(last.year - first.year) * 12', [
        { name: 'first', type: DATE },
        { name: 'last', type: DATE },
      ]),
    ]);
    assert(made.ok);
    const options = { types: { born: DATE }, functions: made.functions };
    assert(compile('months within(born, born)', options).ok);
    const wrong = compile('months within(born, 5)', options);
    assert(!wrong.ok);
    assert.equal(wrong.errors[0]?.code, 'FEEL_ARGUMENTS');
    assert(!compile('months within(born)', options).ok);
  });

  test('may be handed to built-in functions', () => {
    const parameters = [
      { name: 'a', type: NUMBER },
      { name: 'b', type: NUMBER },
    ];
    const made = compileFunctions([define('larger', 'a > b', parameters)]);
    assert(made.ok);
    const use = compile('sort([1, 3, 2], larger)', { types: {}, functions: made.functions });
    assert(use.ok);
    assert.deepEqual(use.compiled.evaluate({}), [3, 2, 1]);
  });

  for (const [why, definitions, code] of [
    ['one that calls itself', [define('f', 'f(n - 1)')], 'FEEL_RECURSION'],
    ['a circle', [define('f', 'g(n)'), define('g', 'h(n)'), define('h', 'f(n)')], 'FEEL_RECURSION'],
    ['one that reads a fact', [define('f', 'n + age')], 'FEEL_UNKNOWN_NAME'],
    ['a body of the wrong type', [{ ...define('f', '"a"'), result: NUMBER }], 'FEEL_RESULT'],
    ['a body that is no FEEL', [define('f', 'n +')], 'FEEL_SYNTAX'],
    [
      'a body with a type error',
      [
        define('f', 'n + s', [
          { name: 'n', type: NUMBER },
          { name: 's', type: STRING },
        ]),
      ],
      'FEEL_OPERANDS',
    ],
  ] as [string, FunctionDefinition[], string][]) {
    test(`refused: ${why}`, () => {
      const made = compileFunctions(definitions, { file: 'rules.yaml' });
      assert(!made.ok);
      assert.equal(made.errors[0]?.code, code);
      assert.equal(made.errors[0]?.file, 'rules.yaml');
    });
  }

  test('are charged to whoever calls them', () => {
    const made = compileFunctions([define('long', 'sum(for i in 1..n return i)')]);
    assert(made.ok);
    const use = compile('long(1000)', { types: {}, functions: made.functions });
    assert(use.ok);
    const trace = newTrace();
    assert.equal(use.compiled.evaluate({}, { trace, budget: 100 }), null);
    assert.equal(trace.problems[0]?.code, 'BUDGET_SPENT');
  });
});

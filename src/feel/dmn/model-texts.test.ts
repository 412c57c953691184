import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type Boxed, compile, compileModel, type DmnModel, modelTexts, NUMBER, toFeel } from '../index.ts';

const at = { line: 1, column: 1 };
const leafOf = (...texts: string[]): fc.Arbitrary<Boxed> =>
  fc.constantFrom(...texts).map((text): Boxed => ({ kind: 'literal', text, at }));

const number = leafOf(
  'the number',
  '1',
  'the number + 1',
  '-the number // a remark',
  'if the number > 1 then 2 else 3',
  'null',
);
const condition = leafOf('the number > 2', 'the number = 1 or the number = 4', 'true', 'null');
const cell = fc.constantFrom('-', '> 2', '1, 4', 'not(1, 2)', '[2..4)', '? > 3');

const { boxed } = fc.letrec<{ boxed: Boxed; table: Boxed }>((tie) => ({
  boxed: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    number,
    tie('table'),
    fc.tuple(tie('boxed'), tie('boxed'), fc.boolean()).map(
      ([value, last, result]): Boxed => ({
        kind: 'context',
        entries: [
          { name: 'an entry', value },
          { name: 'next', value: { kind: 'literal', text: 'an entry', at } },
          ...(result ? [{ value: last }] : []),
        ],
      }),
    ),
    fc.tuple(tie('boxed'), tie('boxed')).map((items): Boxed => ({ kind: 'list', items })),
    fc
      .tuple(tie('boxed'), tie('boxed'))
      .map((row): Boxed => ({ kind: 'relation', columns: ['one', 'the other'], rows: [row, row] })),
    fc
      .tuple(condition, tie('boxed'), tie('boxed'))
      .map(([one, yes, no]): Boxed => ({ kind: 'conditional', condition: one, yes, no })),
    fc
      .tuple(leafOf('[1, the number, 5]', '[]'), leafOf('item > 2', 'the number = item'))
      .map(([list, match]): Boxed => ({ kind: 'filter', list, match })),
    fc.tuple(fc.constantFrom('for' as const, 'some' as const, 'every' as const), leafOf('x = the number', 'x > 2')).map(
      ([of, body]): Boxed => ({
        kind: 'iterator',
        of,
        variable: 'x',
        list: { kind: 'literal', text: '[1, 2, the number]', at },
        body,
      }),
    ),
    tie('boxed').map(
      (value): Boxed => ({
        kind: 'invocation',
        callee: { kind: 'literal', text: 'Twice as much', at },
        bindings: [
          { name: 'n', value: { kind: 'filter', list: value, match: { kind: 'literal', text: 'false', at } } },
        ],
      }),
    ),
  ),
  table: fc
    .record({
      hitPolicy: fc.constantFrom(
        'F' as const,
        'C' as const,
        'R' as const,
        'C+' as const,
        'C<' as const,
        'C>' as const,
        'C#' as const,
        'P' as const,
        'O' as const,
      ),
      cells: fc.array(fc.tuple(cell, fc.constantFrom('the number', '7', '"x"')), { minLength: 1, maxLength: 3 }),
    })
    .map(
      ({ hitPolicy, cells }): Boxed => ({
        kind: 'table',
        hitPolicy,
        inputs: [{ expression: 'the number' }],
        outputs: ['P', 'O'].includes(hitPolicy) ? [{ values: '8, 7' }] : [{}],
        rules: cells.map(([when, gives]) => ({ when: [when], gives: [givesOf(hitPolicy, gives)] })),
      }),
    ),
}));

/** Sums want numbers, and an order of values wants values of its list. */
function givesOf(hitPolicy: string, gives: string): string {
  if (hitPolicy === 'F') return gives;
  const plain = gives.replace('"x"', '8');
  return ['P', 'O'].includes(hitPolicy) ? plain.replace('the number', '7') : plain;
}

const modelOf = (logic: Boxed): DmnModel => ({
  ...{ id: 'm', name: 'm', namespace: 'urn:m', imports: [], items: [], services: [] },
  inputs: [{ id: 'i', name: 'the number', type: 'number' }],
  decisions: [{ id: 'd', name: 'd', requires: { information: ['#i'], knowledge: ['#k'] }, logic }],
  knowledge: [
    {
      ...{ id: 'k', name: 'Twice as much', requires: { information: [], knowledge: [] } },
      logic: {
        kind: 'function',
        language: 'FEEL',
        parameters: [{ name: 'n' }],
        body: { kind: 'literal', text: '[n, n]', at },
      },
    },
  ],
});

describe('a boxed expression written as a text', () => {
  test('means what it meant', () => {
    const names = new Map([
      ['the number', 'number'],
      ['Twice as much', 'twice'],
      ['d', 'd'],
    ]);
    fc.assert(
      fc.property(boxed, fc.integer({ min: 0, max: 5 }), (logic, given) => {
        const model = modelOf(logic);
        const texts = modelTexts(model, (name) => names.get(name) ?? '');
        const [decision] = texts.decisions;
        // A table at the top stays a table: it is put into a list to be a text.
        const inside = modelTexts(modelOf({ kind: 'list', items: [logic] }), (name) => names.get(name) ?? '')
          .decisions[0];
        const expected = compileModel(model).decide('d', new Map([['the number', given]]));
        const twice = compile(texts.functions[0]?.value ?? '', { types: {}, mode: 'loose' });
        assert(twice.ok);
        const types = { number: NUMBER, twice: twice.compiled.type };
        for (const [text, wanted] of [
          [decision?.value, expected],
          [inside?.value, [expected]],
        ] as const) {
          if (text === undefined) continue;
          const made = compile(text, { types, mode: 'loose' });
          assert(made.ok, text);
          const value = made.compiled.evaluate({ number: given, twice: twice.compiled.evaluate({}) });
          assert.equal(toFeel(value), toFeel(wanted), text);
        }
      }),
    );
  });

  test('keeps the names that it gives to its own parts', () => {
    const logic: Boxed = {
      kind: 'context',
      entries: [
        { name: 'the number', value: { kind: 'literal', text: 'the number + 1', at } },
        { value: { kind: 'literal', text: 'for x in [the number] return x', at } },
      ],
    };
    const text = modelTexts(modelOf(logic), (name) => name.replaceAll(' ', '')).decisions[0]?.value;
    assert.equal(text, '{ the number: (thenumber + 1), result: (for x in [the number] return x) }.result');
  });
});

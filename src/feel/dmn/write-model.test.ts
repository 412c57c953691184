import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type Boxed, compileModel, type DmnModel, newTrace, readModel } from '../index.ts';
import { writeModel } from './write-model.ts';

/** Any text that XML can hold; what stands in cells of tables has no white space around it. */
const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }).filter((one) => !/[\p{Cc}\ufffe\uffff]/u.test(one)),
  fc.constantFrom('a < b and c > "d"', "x & 'y'", 'if a then b\n  else c', '\tend\r\n', ']]>', '<!--', '{a: 1}'),
);
const filled = text.filter((one) => one !== '');
const cell = fc.constantFrom('-', '> 5', '"a", "b"', 'not("x")', '[1..5]', 'a < b & c');
const name = fc.constantFrom('a', 'Monthly Payment', "Teacher's name", 'a-b', 'Ж', 'x < y', 'two\twords');
const some = <T>(value: fc.Arbitrary<T>) => fc.array(value, { maxLength: 3 });
const typed = <T extends object>(shape: { [K in keyof T]: fc.Arbitrary<T[K]> }, type: string = 'type') =>
  fc.record({ ...shape, [type]: fc.constantFrom('number', 'tLoan') }, { requiredKeys: Object.keys(shape) as never[] });

const at = fc.constant({ line: 0, column: 0 });

const { boxed, made } = fc.letrec<{ boxed: Boxed; made: Extract<Boxed, { kind: 'function' }>; table: Boxed }>((tie) => {
  const entry = fc.record({ name, value: tie('boxed') });
  return {
    boxed: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      typed({ kind: fc.constant('literal' as const), text, at }),
      tie('table'),
      typed({ kind: fc.constant('context' as const), entries: some(entry) }),
      typed({ kind: fc.constant('invocation' as const), callee: tie('boxed'), bindings: some(entry) }),
      tie('made'),
      typed({ kind: fc.constant('relation' as const), columns: some(name), rows: some(some(tie('boxed'))) }),
      typed({ kind: fc.constant('list' as const), items: some(tie('boxed')) }),
      typed({
        kind: fc.constant('conditional' as const),
        condition: tie('boxed'),
        yes: tie('boxed'),
        no: tie('boxed'),
      }),
      typed({ kind: fc.constant('filter' as const), list: tie('boxed'), match: tie('boxed') }),
      typed({
        kind: fc.constant('iterator' as const),
        of: fc.constantFrom('for' as const, 'some' as const, 'every' as const),
        variable: name,
        list: tie('boxed'),
        body: tie('boxed'),
      }),
    ) as fc.Arbitrary<Boxed>,
    made: fc.record({
      kind: fc.constant('function' as const),
      language: fc.constantFrom('FEEL', 'Java'),
      parameters: some(typed({ name })),
      body: fc.option(tie('boxed'), { nil: undefined }),
    }) as fc.Arbitrary<Extract<Boxed, { kind: 'function' }>>,
    table: fc.record({
      kind: fc.constant('table' as const),
      hitPolicy: fc.constantFrom('U', 'A', 'P', 'F', 'R', 'O', 'C', 'C+', 'C<', 'C>', 'C#'),
      inputs: some(typed({ expression: cell })),
      outputs: some(fc.record({ name, values: cell, default: cell }, { requiredKeys: [] })),
      rules: some(
        fc.record({ id: name, note: cell, when: some(cell), gives: some(cell) }, { requiredKeys: ['when', 'gives'] }),
      ),
    }) as fc.Arbitrary<Boxed>,
  };
});

const requires = fc.record({ information: some(fc.constantFrom('#i', '#d', 'urn:x#y')), knowledge: some(filled) });
const item = typed({ name, collection: fc.boolean(), components: fc.constant([]) });
const named = <T extends object>(shape: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  typed({ id: filled, name: filled, ...shape });

const model = fc.record({
  id: filled,
  name: text,
  namespace: text,
  imports: some(fc.record({ name, namespace: text })),
  items: some(item),
  inputs: fc.constantFrom([], [{ id: 'i', name: 'i' }]),
  decisions: some(named({ requires, logic: fc.option(boxed, { nil: undefined }) })),
  knowledge: some(named({ requires, logic: fc.option(made, { nil: undefined }) })),
  services: some(named({ outputs: some(filled), inputDecisions: some(filled), inputData: some(filled) })),
});

/** Without places, which writing does not keep. */
const placeless = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (key, part) => (key === 'at' ? undefined : part)));

describe('any model at all', () => {
  test('decides, with null where it makes no sense, and ends', () => {
    fc.assert(
      fc.property(model, (one) => {
        const compiled = compileModel(one as unknown as DmnModel);
        for (const decision of compiled.decisions) {
          const trace = newTrace();
          compiled.decide(decision, new Map([['i', 5]]), { trace });
          assert.deepEqual(
            trace.problems.filter(({ code }) => code === 'INTERNAL'),
            [],
          );
        }
      }),
    );
  });

  for (const count of [400, 20_000]) {
    test(`with a context of ${count} entries, each naming the one before, ends soon`, () => {
      const entries = Array.from({ length: count }, (_, at) => ({
        name: `e${at}`,
        value: { kind: 'literal' as const, text: at === 0 ? '1' : `e${at - 1} + 1`, at: { line: 1, column: 1 } },
      }));
      const last = { value: { kind: 'literal' as const, text: `e${count - 1}`, at: { line: 1, column: 1 } } };
      const logic: Boxed = { kind: 'context', entries: [...entries, last] };
      const decisions = [{ id: 'd', name: 'd', requires: { information: [], knowledge: [] }, logic }];
      const bare = { imports: [], items: [], inputs: [], knowledge: [], services: [] };
      const value = compileModel({ id: 'm', name: 'm', namespace: 'urn:m', ...bare, decisions }).decide('d', new Map());
      assert.equal(value, count > 1000 ? null : count, 'too many entries are null');
    });
  }
});

describe('a model written as a DMN file', () => {
  test('is the same model when it is read again', () => {
    fc.assert(
      fc.property(model, (one) => {
        const again = readModel(writeModel(one as unknown as DmnModel));
        assert.deepEqual(placeless(again), placeless(one));
      }),
    );
  });

  test('that holds signs which XML has not, is refused', () => {
    const of = (sign: string): DmnModel => ({
      ...{ id: 'a', name: `a${sign}`, namespace: 'b' },
      ...{ imports: [], items: [], inputs: [], decisions: [], knowledge: [], services: [] },
    });
    for (const sign of ['\0', '\u001b', '\ud800', '\uffff']) {
      assert.throws(() => writeModel(of(sign)), { code: 'DMN_NOT_WRITABLE' });
    }
  });
});

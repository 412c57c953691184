import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { compileModel, newTrace, parseDateTime, readModel, toFeel } from '../index.ts';

const NAMESPACE = 'https://www.omg.org/spec/DMN/20230324/MODEL/';

/** A model of decisions `name` with the logic that is written for each; texts inside are the language's. */
const modelOf = (inside: string, namespace = 'http://example.org/model', id = 'one'): string =>
  `<definitions xmlns="${NAMESPACE}" id="${id}" name="${id}" namespace="${namespace}">${inside}</definitions>`;

const literal = (text: string, type = ''): string =>
  `<literalExpression${type && ` typeRef="${type}"`}><text>${text.replaceAll('<', '&lt;')}</text></literalExpression>`;

const decision = (name: string, logic: string, { type = '', requires = '' } = {}): string =>
  `<decision id="d-${name}" name="${name}"><variable name="${name}"${type && ` typeRef="${type}"`}/>${requires}${logic}</decision>`;

const input = (name: string, type: string): string =>
  `<inputData id="i-${name}" name="${name}"><variable name="${name}" typeRef="${type}"/></inputData>`;

const needs = (...ids: string[]): string =>
  ids
    .map((id) =>
      id.startsWith('k-') || id.startsWith('s-')
        ? `<knowledgeRequirement><requiredKnowledge href="#${id}"/></knowledgeRequirement>`
        : `<informationRequirement><requiredDecision href="#${id}"/></informationRequirement>`,
    )
    .join('');

function decided(inside: string, name: string, facts: Readonly<Record<string, string | number | null>> = {}): string {
  return toFeel(compileModel(readModel(modelOf(inside))).decide(name, new Map(Object.entries(facts))));
}

describe('a model decides', () => {
  test('from inputs over decisions, each once, whatever their order in the file', () => {
    const inside =
      decision('Second', literal('First value * 2'), { requires: needs('d-First') }) +
      decision('First', literal('Age of person + 1'), { requires: needs('i-Age') });
    const model = inside
      .replace('name="First"><variable name="First"', 'name="First"><variable name="First value"')
      .concat('<inputData id="i-Age" name="Age"><variable name="Age of person" typeRef="number"/></inputData>');
    assert.equal(decided(model, 'Second', { 'Age of person': 20 }), '42');
  });

  test('a value that has not its declared type is null, a list of one stands for its item', () => {
    assert.equal(decided(decision('d', literal('"five"'), { type: 'number' }), 'd'), 'null');
    assert.equal(decided(decision('d', literal('[5]'), { type: 'number' }), 'd'), '5');
    assert.equal(decided(decision('d', literal('5', 'string')), 'd'), 'null');
    const age = input('age', 'number') + decision('d', literal('age'), { requires: needs('i-age') });
    assert.equal(decided(age, 'd', { age: 'old' }), 'null');
  });

  test('a value that its item definition does not allow is null', () => {
    const item =
      '<itemDefinition name="tGrade"><typeRef>string</typeRef><allowedValues><text>"A", "B"</text></allowedValues></itemDefinition>';
    const model = item + input('grade', 'tGrade') + decision('d', literal('grade'), { requires: needs('i-grade') });
    assert.equal(decided(model, 'd', { grade: 'B' }), '"B"');
    assert.equal(decided(model, 'd', { grade: 'C' }), 'null');
  });

  test('a decision that requires itself finds null, and a name that is unknown is null', () => {
    const circle =
      decision('a', literal('if b = null then "end" else b'), { requires: needs('d-b') }) +
      decision('b', literal('a'), { requires: needs('d-a') });
    assert.equal(decided(circle, 'a'), '"end"');
    assert.equal(decided(decision('d', literal('nobody')), 'd'), 'null');
    assert.throws(() => decided('', 'd'), { code: 'DMN_UNKNOWN' });
  });

  test('a thousand decisions behind each other, and endless calls, end with null', () => {
    const chain = Array.from({ length: 1000 }, (_, at) =>
      decision(`n${at}`, literal(`n${at + 1}`), { requires: needs(`d-n${at + 1}`) }),
    );
    assert.equal(decided(chain.join(''), 'n0'), 'null');
    const trace = newTrace();
    const loop = readModel(modelOf(decision('d', literal('count(for i in 1..9999999 return i)'))));
    assert.equal(compileModel(loop).decide('d', new Map(), { trace, budget: 10_000 }), null);
    assert.equal(trace.problems[0]?.code, 'BUDGET_SPENT');
  });

  test('the moment of now() is the caller’s', () => {
    const now = parseDateTime('2026-11-22T10:00:00Z');
    assert(now !== null);
    const model = compileModel(readModel(modelOf(decision('d', literal('today()')))));
    assert.equal(toFeel(model.decide('d', new Map(), { now })), 'date("2026-11-22")');
  });
});

describe('boxed expressions', () => {
  const entry = (name: string, logic: string): string =>
    `<contextEntry>${name && `<variable name="${name}"/>`}${logic}</contextEntry>`;

  test('a context is its entries, each seeing those before it, or its result', () => {
    const entries = entry('a b', literal('2')) + entry('c', literal('a b * 2'));
    assert.equal(decided(decision('d', `<context>${entries}</context>`), 'd'), '{"a b": 2, c: 4}');
    const result = `<context>${entries}${entry('', literal('c + 1'))}</context>`;
    assert.equal(decided(decision('d', result), 'd'), '5');
  });

  test('knowledge is called by an expression and by an invocation, and its arguments have its types', () => {
    const knowledge =
      '<businessKnowledgeModel id="k-half" name="half"><variable name="half"/><encapsulatedLogic>' +
      `<formalParameter name="a-number" typeRef="number"/>${literal('a-number / 2')}</encapsulatedLogic></businessKnowledgeModel>`;
    const call = (text: string): string => knowledge + decision('d', literal(text), { requires: needs('k-half') });
    assert.equal(decided(call('half(3)'), 'd'), '1.5');
    assert.equal(decided(call('half("three")'), 'd'), 'null');
    assert.equal(decided(call('half([3])'), 'd'), '1.5');
    const binding = `<binding><parameter name="a-number"/>${literal('5')}</binding>`;
    const invocation = `<invocation>${literal('half')}${binding}</invocation>`;
    assert.equal(decided(knowledge + decision('d', invocation, { requires: needs('k-half') }), 'd'), '2.5');
  });

  test('a function of another language is never called', () => {
    const java =
      `<functionDefinition kind="Java"><context>${entry('class', literal('"java.lang.Math"'))}` +
      `${entry('method signature', literal('"abs(double)"'))}</context></functionDefinition>`;
    const logic = `<context>${entry('f', java)}${entry('', literal('f(-1)'))}</context>`;
    assert.equal(decided(decision('d', logic), 'd'), 'null');
    const external = 'function(n) external {java: {class: "java.lang.Runtime", method signature: "exit(int)"}}';
    assert.equal(
      decided(decision('d', `<context>${entry('f', literal(external))}${entry('', literal('f(1)'))}</context>`), 'd'),
      'null',
    );
  });

  test('relation, list, conditional, filter and iterators mean what the expressions mean', () => {
    const row = `<row>${literal('1')}${literal('"x"')}</row><row>${literal('2')}${literal('a')}</row>`;
    const relation = `<relation><column name="a"/><column name="b"/>${row}</relation>`;
    assert.equal(
      decided(decision('d', relation), 'd'),
      '[{a: 1, b: "x"}, {a: 2, b: null}]',
      'cells do not see each other',
    );
    assert.equal(decided(decision('d', `<list>${literal('1')}${literal('2')}</list>`), 'd'), '[1, 2]');
    const conditional = (text: string): string =>
      `<conditional><if>${literal(text)}</if><then>${literal('1')}</then><else>${literal('2')}</else></conditional>`;
    assert.equal(decided(decision('d', conditional('2 > 1')), 'd'), '1');
    assert.equal(decided(decision('d', conditional('null')), 'd'), '2');
    assert.equal(decided(decision('d', conditional('"yes"')), 'd'), 'null');
    const filter = (text: string): string =>
      `<filter><in>${literal('[{n: 1}, {n: 5}]')}</in><match>${literal(text)}</match></filter>`;
    assert.equal(decided(decision('d', filter('n > 2')), 'd'), '[{n: 5}]');
    assert.equal(decided(decision('d', filter('item.n')), 'd'), 'null', 'a match is no position');
    const iterator = (of: string, body: string, text: string): string =>
      `<${of} iteratorVariable="the item"><in>${literal('[1, 2]')}</in><${body}>${literal(text)}</${body}></${of}>`;
    assert.equal(decided(decision('d', iterator('for', 'return', 'the item * 2')), 'd'), '[2, 4]');
    assert.equal(decided(decision('d', iterator('some', 'satisfies', 'the item > 1')), 'd'), 'true');
    assert.equal(decided(decision('d', iterator('every', 'satisfies', 'the item > 1')), 'd'), 'false');
    assert.equal(decided(decision('d', iterator('every', 'satisfies', '"true"')), 'd'), 'null');
  });

  test('a table decides, with its policy, allowed outputs and default', () => {
    const rule = (when: string, gives: string): string =>
      `<rule><inputEntry><text>${when}</text></inputEntry><outputEntry><text>${gives}</text></outputEntry></rule>`;
    const table = (policy: string, rules: string, output = ''): string =>
      `<decisionTable ${policy}><input><inputExpression><text>n</text></inputExpression></input><output>${output}</output>${rules}</decisionTable>`;
    const rules = rule('&gt; 1', '"low"') + rule('&gt; 2', '"high"');
    const values = '<outputValues><text>"high", "low"</text></outputValues>';
    const all = (logic: string): string => input('n', 'number') + decision('d', logic, { requires: needs('i-n') });
    assert.equal(decided(all(table('hitPolicy="PRIORITY"', rules, values)), 'd', { n: 5 }), '"high"');
    assert.equal(decided(all(table('hitPolicy="OUTPUT ORDER"', rules, values)), 'd', { n: 5 }), '["high", "low"]');
    assert.equal(decided(all(table('hitPolicy="FIRST"', rules)), 'd', { n: 5 }), '"low"');
    assert.equal(decided(all(table('', rules)), 'd', { n: 5 }), 'null', 'two rows of a unique table');
    assert.equal(decided(all(table('hitPolicy="COLLECT" aggregation="COUNT"', rules)), 'd', { n: 5 }), '2');
    const fallback = '<defaultOutputEntry><text>"none"</text></defaultOutputEntry>';
    assert.equal(decided(all(table('', rules, fallback)), 'd', { n: 0 }), '"none"');
    assert.throws(() => readModel(modelOf(all(table('hitPolicy="BEST"', rules)))), { code: 'DMN_HIT_POLICY' });
  });
});

describe('decision services and imports', () => {
  const service =
    '<decisionService id="s-greet" name="greet"><variable name="greet"/><outputDecision href="#d-out"/>' +
    '<inputDecision href="#d-in"/><inputData href="#i-who"/></decisionService>' +
    input('who', 'string') +
    decision('in', literal('"not asked"')) +
    decision('out', literal('who + " " + in'), { requires: needs('d-in', 'i-who') });

  test('a service knows its arguments only: input data first, then input decisions', () => {
    const call = decision('d', literal('greet("a", "b")'), { requires: needs('s-greet') });
    assert.equal(decided(service + call, 'd'), '"a b"');
    const model = compileModel(readModel(modelOf(service)));
    const facts = new Map([
      ['who', 'x'],
      ['in', 'y'],
    ]);
    assert.deepEqual([...model.serve('greet', facts)], [['out', 'x y']]);
    assert.deepEqual([...model.serve('greet', new Map())], [['out', null]]);
  });

  test('what another model decides is seen under the name of its import, with its types', () => {
    const other = modelOf(
      '<itemDefinition name="tAge"><typeRef>number</typeRef></itemDefinition>' +
        input('age', 'tAge') +
        decision('of age', literal('age >= 18'), { requires: needs('i-age') }),
      'http://example.org/other',
      'two',
    );
    const importing = modelOf(
      '<import name="the other" namespace="http://example.org/other"/>' +
        decision('d', literal('the other.of age'), {
          type: 'boolean',
          requires:
            '<informationRequirement><requiredDecision href="http://example.org/other#d-of age"/></informationRequirement>',
        }),
    );
    const model = compileModel(readModel(importing), [readModel(other)]);
    assert.equal(model.decide('d', new Map([['age', 20]])), true);
    assert.equal(model.decide('d', new Map([['http://example.org/other#age', 10]])), false);
  });
});

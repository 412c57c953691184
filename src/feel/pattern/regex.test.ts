import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { compile, newTrace } from '../index.ts';
import { regexOf } from './regex.ts';

const points = (text: string): number[] => Array.from(text, (sign) => sign.codePointAt(0) ?? 0);

/** The first match and its groups, as texts. */
function groupsOf(pattern: string, text: string, flags = ''): string[] | undefined {
  const regex = regexOf(pattern, flags);
  assert(!('wrong' in regex), JSON.stringify(regex));
  const marks = regex.find(points(text), 0, () => undefined);
  if (marks === undefined) return undefined;
  return Array.from({ length: regex.groups + 1 }, (_, group) => {
    const [start = -1, end = -1] = [marks[group * 2], marks[group * 2 + 1]];
    return start < 0 || end < 0 ? '' : text.slice(start, end);
  });
}

describe('patterns', () => {
  test('find what the engine of the runtime finds', () => {
    const atom = fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '(a)', '(a|b)', '(?:ab)', '(ab|a)', '^', '$', 'c');
    const piece = fc
      .tuple(atom, fc.constantFrom('', '', '*', '+', '?', '*?', '+?', '??', '{2}', '{1,2}', '{0,2}?'))
      .map(([one, times]) => ('^$'.includes(one) ? one : one + times));
    const pattern = fc.array(piece, { minLength: 1, maxLength: 5 }).map((pieces) => pieces.join(''));
    const choice = fc.oneof(
      pattern,
      fc.tuple(pattern, pattern).map((both) => both.join('|')),
    );
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 10 });
    fc.assert(
      fc.property(choice, text, (source, subject) => {
        const theirs = new RegExp(source, 'u').exec(subject);
        assert.equal(groupsOf(source, subject)?.[0], theirs?.[0], `${source} in ${subject}`);
      }),
      { numRuns: 2000 },
    );
  });

  const groups: [string, string, string[]][] = [
    ['(a+)(b*)', 'xaab', ['aab', 'aa', 'b']],
    ['(a)|(b)', 'b', ['b', '', 'b']],
    ['((a)(b))?c', 'abc', ['abc', 'ab', 'a', 'b']],
    ['(?:x(y))+', 'xyxy', ['xyxy', 'y']],
  ];
  for (const [pattern, text, expected] of groups) {
    test(`${pattern} in ${text} has groups ${expected.join(', ')}`, () =>
      assert.deepEqual(groupsOf(pattern, text), expected));
  }

  const wrong = [
    '(',
    ')',
    '[',
    'a{',
    'a{2,1}',
    'a**',
    '*a',
    '(?=a)',
    '(?<n>a)',
    '(a)\\1',
    '[a-]b-[c]]',
    '[z-a]',
    '[0-9-.]',
    '\\q',
    '\\p{Foo}',
    '[]',
    '\\',
    'a{9999}',
    '((a{100}){100}){100}',
    '('.repeat(60),
    'a'.repeat(1001),
  ];
  for (const pattern of wrong) {
    test(`${pattern.slice(0, 20)} is no pattern`, () => assert('wrong' in regexOf(pattern, '')));
  }

  test('any text is a pattern or none, and never more', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (pattern, flags) => void regexOf(pattern, flags)),
    );
  });
});

describe('patterns that hang other engines', () => {
  const hostile: [string, string][] = [
    ['(a+)+$', `${'a'.repeat(50_000)}!`],
    ['(a|a)*$', `${'a'.repeat(50_000)}!`],
    ['(a*)*b', 'a'.repeat(50_000)],
    ['(.*)(.*)(.*)(.*)(.*)x', 'a'.repeat(20_000)],
    ['a{0,500}a{0,500}b', 'a'.repeat(5_000)],
  ];
  for (const [pattern, text] of hostile) {
    test(`${pattern} ends`, () => {
      const made = compile('matches(text, pattern)', {
        types: { text: { kind: 'string' }, pattern: { kind: 'string' } },
      });
      assert(made.ok);
      const trace = newTrace();
      const value = made.compiled.evaluate({ text, pattern }, { trace });
      assert(typeof value === 'boolean' || trace.problems[0]?.code === 'BUDGET_SPENT', String(value));
    });
  }

  test('replacing where each search looks to the end is charged for what it takes', () => {
    const made = compile('replace(text, "a.*b|a", "")', { types: { text: { kind: 'string' } } });
    assert(made.ok);
    const trace = newTrace();
    assert.equal(made.compiled.evaluate({ text: 'a'.repeat(20_000) }, { trace }), null);
    assert.equal(trace.problems[0]?.code, 'BUDGET_SPENT');
  });
});

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { type Node, parseExpression } from '../../../feel/index.ts';
import { LANGUAGES } from '../../../texts/index.ts';
import { getAgreement } from '../../load.ts';
import { HIT_POLICIES } from '../../read/expressions.ts';
import type { Agreement } from '../../types.ts';
import { type Book, openBook } from './book.ts';
import { knowRule } from './known.ts';
import { inline, type Phrase, plain, plainLines } from './phrase.ts';
import { expressionWords, functionWords, versionWords } from './rule-words.ts';

const root = process.env.COMMONWAY_ROOT ?? process.cwd();

/** The lines of a rule's first version. */
function ruleLines(book: Book, name: string): string[] {
  const rule = book.agreement.rules[name];
  const [version] = rule?.versions ?? [];
  if (rule === undefined || version === undefined) throw new Error(`no rule ${name}`);
  const words = versionWords(book, version, knowRule(rule, book));
  return words.kind === 'wording' ? plainLines(words.wording) : words.table.rows.map(({ gives }) => plain(gives));
}

/** Words with the kind of each piece: what is set in another type is another word. */
const marked = (phrase: Phrase): string =>
  phrase.map(({ kind, text }) => (kind === 'text' ? text : `<${kind} ${text}>`)).join('');

describe('rules in words', () => {
  let pension: Agreement;
  before(async () => {
    pension = await getAgreement(join(root, 'agreements', 'pension'));
  });
  const words = (source: string, language: (typeof LANGUAGES)[number] = 'en') =>
    plainLines(expressionWords(openBook(pension, language), source));

  it('call facts, fields and rules by their names, and values by their words', () => {
    assert.deepEqual(words('identity.sex = "male"'), ['«Sex» («Who you are») is male']);
    assert.deepEqual(words('home = "ru"'), ['«home state of the applicant» is Russia']);
    assert.deepEqual(words('pensionPart = "full"'), ['«How much of the pension is due» is The full pension']);
    assert.deepEqual(words('contactLanguage = "ky"'), ['«In which language shall we write to you?» is Кыргызча']);
    assert.deepEqual(words('"by" in payingStates'), [
      'Belarus is among the elements of «From which states do you claim a pension?»',
    ]);
  });

  it('say of days that they are earlier and later, of everything else that it is less and more', () => {
    assert.deepEqual(words('ageReachedOn <= claimDate'), [
      '«The day on which you reach it» is not later than «day of the application»',
    ]);
    assert.deepEqual(words('monthsHere >= 12'), ['«Full months that this state pays for» is at least 12']);
    assert.deepEqual(words('claimDate - @"P1D" > @"2021-01-01"'), [
      '(«day of the application» − 1 day) is later than 1 January 2021',
    ]);
  });

  it('list what holds together, and name a part of a record by its label', () => {
    assert.deepEqual(ruleLines(openBook(pension, 'en'), 'right'), [
      'all of these hold:',
      '  «You are a citizen of a state of the Union»',
      '  «You have reached the retirement age»',
      '  «You have at least 12 full months here»',
      '  «Your service suffices»',
    ]);
    assert.deepEqual(ruleLines(openBook(pension, 'en'), 'periodsSinceEntry'), [
      'for each element period of (those of «Your periods in this state» for which: «To» is not earlier than «The agreement came into force»), the value: a record with:',
      '  «From»: the latest of [«From» (period); «The agreement came into force»]',
      '  «To»: «To» (period)',
    ]);
  });

  it('keep what is worked out first in brackets', () => {
    assert.deepEqual(words('1 - (2 - 3)'), ['1 − (2 − 3)']);
    assert.deepEqual(words('1 - 2 - 3'), ['1 − 2 − 3']);
    assert.deepEqual(words('(1 + 2) * 3'), ['(1 + 2) × 3']);
    assert.deepEqual(words('2 ** 3 ** 2'), words('(2 ** 3) ** 2'));
    assert.notDeepEqual(words('2 ** 3 ** 2'), words('2 ** (3 ** 2)'));
  });

  it('show the expression itself where words would lose something', () => {
    assert.deepEqual(words('stddev(1, 2)'), ['stddev(1, 2)']);
    assert.deepEqual(words('payingStates[count(payingStates)]'), ['payingStates[count(payingStates)]']);
    assert.deepEqual(words('floor(1.55, 1)'), ['floor(1.55, 1)']);
    assert.deepEqual(words('max(c: 1)'), ['max(c: 1)']);
    assert.deepEqual(words('monthsHere instance of number'), ['monthsHere instance of number']);
  });

  it('say each cell of a table, and what its hit policy means', () => {
    const book = openBook(pension, 'en');
    const rule = pension.rules.retirementAge;
    const [version] = pension.annexes.ru?.rules.retirementAge?.versions ?? [];
    assert.ok(rule !== undefined && version !== undefined);
    const said = versionWords(book, version, knowRule(rule, book));
    assert.equal(said.kind, 'table');
    if (said.kind !== 'table') return;
    const { policy, columns, rows } = said.table;
    assert.match(plain(policy), /top to bottom.*no row applies/);
    assert.deepEqual(columns.map(plain), ['«Sex» («Who you are»)', 'year of «Date of birth» («Who you are»)']);
    const [first] = rows;
    assert.deepEqual([...(first?.cells ?? []), first?.gives ?? []].map(plain), ['male', 'at most 1958', '60 years']);
  });

  it('explain each hit policy otherwise, with its allowed results and what stands where no row applies', () => {
    const hits = Object.keys(HIT_POLICIES);
    for (const language of LANGUAGES) {
      const policyOf = (table: object): string => {
        const text = JSON.stringify({ inputs: ['monthsHere'], rows: { one: { when: ['> 1'], gives: '5' } }, ...table });
        const words = versionWords(openBook(pension, language), { text, table: true }, {});
        return words.kind === 'table' ? plain(words.table.policy) : '';
      };
      assert.equal(new Set(hits.map((hit) => policyOf({ hit }))).size, hits.length, language);
      assert.match(policyOf({ hit: 'first', default: '7' }), /\b7\b/);
      assert.match(policyOf({ hit: 'collect', default: '7' }), /\[7\]/);
      assert.doesNotMatch(policyOf({ hit: 'collectCount', default: '7' }), /7/);
      assert.match(policyOf({ hit: 'priority', values: ['3', '2'] }), /\[3; 2\]/);
    }
  });

  it('are there for every rule and function of the shipped agreement, in every language, without a word of English elsewhere', () => {
    for (const language of LANGUAGES.filter((one) => one !== 'en')) {
      const book = openBook(pension, language);
      const lines = Object.values(pension.functions).flatMap((one) => plainLines(functionWords(book, one).wording));
      for (const rule of Object.values(pension.rules)) {
        if (!rule.national) lines.push(...ruleLines(book, rule.name));
      }
      for (const line of lines) {
        const own = /\b(the|of|is|at least|for each|otherwise)\b/.exec(line);
        assert.equal(own, null, `${language}: ${line}`);
      }
    }
  });

  it('are never the same for two expressions that say different things', () => {
    for (const language of LANGUAGES) {
      const book = openBook(pension, language);
      const meanings = new Map<string, string>();
      for (const source of smallExpressions()) {
        const { tree } = parseExpression(source, book);
        assert.ok(tree !== null, source);
        const said = marked(inline(expressionWords(book, source)));
        const meaning = JSON.stringify(meaningOf(tree));
        const other = meanings.get(said);
        assert.ok(other === undefined || other === meaning, `${language}: ${said}\n${other}\n${meaning}`);
        meanings.set(said, meaning);
      }
      assert.ok(meanings.size > 3000);
    }
  });
});

/** Every expression of two storeys over a handful of leaves: how parts can stand in parts. */
function smallExpressions(): Set<string> {
  const ground = [
    ...['monthsHere', '1', '(monthsHere + 1)', '(monthsHere * 1)', '(monthsHere - 1)', '(monthsHere < 1)'],
    ...[
      '(monthsHere and 1)',
      'sum(monthsHere, 1)',
      '[monthsHere, 1]',
      '(if monthsHere then 1 else 1)',
      '-(monthsHere)',
    ],
  ];
  return new Set([...ground, ...above(ground)]);
}

function above(parts: readonly string[]): string[] {
  const signs = ['+', '-', '*', '/', '**', '<', '>=', '=', 'and', 'or'];
  const ones = (a: string): string[] => [
    ...['count', 'sum', 'max', 'flatten', 'not', 'abs', 'fullMonths', 'string', 'distinct values'].map(
      (name) => `${name}(${a})`,
    ),
    ...[`-(${a})`, `[${a}]`, `{ from: ${a} }`, `(${a}).year`, `(${a}).from`, `payingStates[${a} = home]`],
    ...[`(${a} = null)`, `(${a} != null)`, `(${a} = true)`, `(${a} = false)`, `(${a} instance of number)`],
  ];
  const twos = (a: string, b: string): string[] => [
    ...signs.map((sign) => `(${a} ${sign} ${b})`),
    ...[`sum(${a}, ${b})`, `append(${a}, ${b})`, `[${a}, ${b}]`, `{ from: ${a}, to: ${b} }`, `(${a} in (${b}, 2))`],
    ...[
      `(${a} in (> ${b}))`,
      `(${a} in (${b}))`,
      `(${a} in [${b}..2])`,
      `(${a} in (${b}..2])`,
      `(${a} between ${b} and 2)`,
    ],
    ...[`(for x in ${a} return ${b})`, `(for x in ${a}..${b} return x)`, `(some x in ${a} satisfies ${b})`],
    ...[`(every x in ${a} satisfies ${b})`, `(if ${a} then ${b} else 1)`, `(if ${a} then 1 else ${b})`],
    `sort(${a}, function(x, y) ${b})`,
  ];
  return parts.flatMap((a) => [...ones(a), ...parts.flatMap((b) => twos(a, b))]);
}

/** A tree without its places; how parts of `and` and `or` are grouped says nothing. */
function meaningOf(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(meaningOf);
  if (node === null || typeof node !== 'object') return node;
  const tree = node as Node;
  if (tree.kind === 'logic') return { [tree.operator]: partsOf(tree, tree.operator) };
  const entries = Object.entries(node).filter(([name]) => name !== 'from' && name !== 'to');
  return Object.fromEntries(entries.map(([name, value]) => [name, meaningOf(value)]));
}

const partsOf = (node: Node, operator: 'and' | 'or'): unknown[] =>
  node.kind === 'logic' && node.operator === operator
    ? [...partsOf(node.left, operator), ...partsOf(node.right, operator)]
    : [meaningOf(node)];

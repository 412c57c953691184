import {
  type Boxed,
  type BoxedFunction,
  type BoxedTable,
  DATE,
  type DmnModel,
  type FeelType,
  functionBody,
  NUMBER,
  oneOf,
  writeModel,
} from '../../feel/index.ts';
import { Failure, type PlainDate } from '../../storage/index.ts';
import { HIT_POLICIES } from '../read/expressions.ts';
import type { TableShape } from '../read/kinds/rules.ts';
import type { Agreement, Rule, RuleFunction, RuleVersion } from '../types.ts';
import { newTypeBook, type TypeBook } from './item-definitions.ts';

/**
 * The rules of an agreement as a DMN 1.3 file: facts are input data, rules decisions, functions business knowledge. DMN has no
 * dates of validity, and a rule's versions may each take another reference date: a model is the law of one day.
 *
 * @param state whose annex gives the national rules; without one they are decisions without logic
 * @param on the day whose versions are taken, a rule that has none then being a decision without logic; without it the last version of each
 * @throws Failure AGREEMENT_NO_STATE
 * @example exportRules(await getAgreement('agreements/pension'), 'kg', '2022-12-31')
 */
export const exportRules = (agreement: Agreement, state?: string, on?: PlainDate): string =>
  writeModel(modelOf(agreement, state, on));

export function modelOf(agreement: Agreement, state?: string, on?: PlainDate): DmnModel {
  const annex = state === undefined ? undefined : agreement.annexes[state];
  if (state !== undefined && annex === undefined)
    throw new Failure('AGREEMENT_NO_STATE', { state, agreement: agreement.name });
  const book = newTypeBook();
  const facts = factTypes(agreement);
  const rules = Object.values(agreement.rules);
  const logic = rules.map((rule) => versionOn(rule.national ? annex?.rules[rule.name]?.versions : rule.versions, on));
  const used = new Set(logic.flatMap((version) => namesUsed(version)));
  const inputs = [...used].filter((name) => facts[name] !== undefined).sort();
  return {
    id: `agreement-${agreement.name}`,
    name: agreement.text('en', agreement.title),
    namespace: `urn:commonway:agreement:${agreement.contractDigest}`,
    imports: [],
    inputs: inputs.map((name) => ({ id: name, name, ...typed(book, facts[name], `t_${name}`) })),
    decisions: rules.map((rule, index) => decisionOf(agreement, rule, logic[index], book)),
    knowledge: Object.values(agreement.functions).map((one) => knowledgeOf(agreement, one, book)),
    services: [],
    // The book is full by now.
    items: book.items,
  };
}

/** The version in force on a day; the last one without a day. */
const versionOn = (versions: readonly RuleVersion[] | undefined, on: PlainDate | undefined): RuleVersion | undefined =>
  on === undefined
    ? versions?.at(-1)
    : versions?.find(({ from = '', until = '9999-12-31' }) => from <= on && on <= until);

/** What rules can speak of besides each other. */
function factTypes(agreement: Agreement): Record<string, FeelType> {
  const state = oneOf(...agreement.parties);
  const types: Record<string, FeelType> = Object.create(null);
  for (const name of ['home', 'decider']) types[name] = state;
  for (const name of ['claimDate', 'entitlementDate', 'decisionDate']) types[name] = DATE;
  types.lot = NUMBER;
  for (const { as, feelType } of Object.values(agreement.evidence)) types[as] = feelType;
  for (const { fields } of Object.values(agreement.services)) {
    for (const { name, feelType } of Object.values(fields)) types[name] = feelType;
  }
  return types;
}

const typed = (book: TypeBook, type: FeelType | undefined, name: string): { type?: string } => {
  const ref = type === undefined ? undefined : book.refOf(type, name);
  return ref === undefined ? {} : { type: ref };
};

/** The first part of every path that a version reads. */
const namesUsed = (version: RuleVersion | undefined): string[] =>
  (version?.expression.dependencies ?? []).map((path) => path.split('.')[0] ?? path);

function decisionOf(
  agreement: Agreement,
  rule: Rule,
  version: RuleVersion | undefined,
  book: TypeBook,
): DmnModel['decisions'][number] {
  const used = [...new Set(namesUsed(version))].sort();
  return {
    id: rule.name,
    name: rule.name,
    question: agreement.text('en', rule.title),
    ...typed(book, rule.feelType, `t_${rule.name}`),
    requires: {
      information: used.filter((name) => agreement.functions[name] === undefined).map((name) => `#${name}`),
      knowledge: used.filter((name) => agreement.functions[name] !== undefined).map((name) => `#${name}`),
    },
    logic: version && logicOf(version),
  };
}

const literal = (text: string): Boxed => ({ kind: 'literal', text, at: { line: 1, column: 1 } });

const logicOf = (version: RuleVersion): Boxed =>
  version.table ? tableOf(JSON.parse(version.text) as TableShape) : literal(version.text.trim());

function tableOf({ hit, inputs, values, default: fallback, rows }: TableShape): BoxedTable {
  return {
    kind: 'table',
    hitPolicy: HIT_POLICIES[hit],
    inputs: inputs.map((expression) => ({ expression: expression.trim() })),
    outputs: [
      {
        ...(values === undefined ? {} : { values: values.join(', ') }),
        ...(fallback === undefined ? {} : { default: fallback.trim() }),
      },
    ],
    rules: Object.entries(rows).map(([id, { when, gives, article }]) => ({
      id,
      ...(article === undefined ? {} : { note: article }),
      when: when.map((test) => test.trim()),
      gives: [gives.trim()],
    })),
  };
}

function knowledgeOf(agreement: Agreement, written: RuleFunction, book: TypeBook): DmnModel['knowledge'][number] {
  const { name, text, feelType } = written;
  const mentioned = new Set(text.match(/[a-z][A-Za-z0-9]*/g) ?? []);
  const others = Object.keys(agreement.functions).filter((other) => other !== name && mentioned.has(other));
  return {
    id: name,
    name,
    requires: { information: [], knowledge: others.sort().map((other) => `#${other}`) },
    logic: functionOf(name, text, feelType, book),
  };
}

function functionOf(name: string, text: string, type: FeelType, book: TypeBook): BoxedFunction {
  const parameters = type.kind === 'function' ? type.parameters : [];
  return {
    kind: 'function',
    language: 'FEEL',
    parameters: parameters.map((one) => ({ name: one.name, ...typed(book, one.type, `t_${name}_${one.name}`) })),
    body: literal((functionBody(text) ?? 'null').trim()),
  };
}

import { stringify } from 'yaml';
import { type DecisionTable, type DecisionText, modelTexts, readModel, typeText } from '../../feel/index.ts';
import { HIT_POLICIES } from '../read/expressions.ts';
import { RULE_TYPES, type TableShape } from '../read/kinds/rules.ts';
import { ruleNames } from './rule-names.ts';

/** The article that imported rules name until their writer names the one of the law. */
const ARTICLE = 'imported';

/**
 * The decisions of a DMN file (1.2 to 1.5) as a file of rules: a decision is a rule, business knowledge a function, a boxed expression an
 * expression. Facts that it needs are listed above, since an agreement has them from answers and evidence. Titles and articles are left
 * to whoever knows the law.
 *
 * @throws Failure DMN_XML, DMN_NOT_A_MODEL, DMN_NOT_EXPRESSIBLE and others that say what in the model has no place in an agreement
 * @example importRules(await readFile('lending.dmn', 'utf8'))
 */
export function importRules(xml: string): string {
  const model = readModel(xml);
  const { facts, functions, decisions } = modelTexts(model, ruleNames());
  const remarks = [
    `From the decision model "${model.name}". Give each rule its article and its texts, and say where each fact comes from:`,
    ...facts.map(({ name, type }) => `  ${name}: ${typeText(type)}`),
  ];
  const file = {
    ...(functions.length === 0 ? {} : { functions: Object.fromEntries(functions.map(functionEntry)) }),
    rules: Object.fromEntries(decisions.map((decision) => [decision.name, ruleOf(decision)])),
  };
  const head = remarks.map((line) => `# ${line.replace(/\s+/g, (space) => (space.includes('\n') ? ' ' : space))}`);
  return `${head.join('\n')}\n${stringify(file, { lineWidth: 0 })}`;
}

const functionEntry = ({ name, value }: { name: string; value: string }): [string, object] => [
  name,
  { title: `function.${name}`, article: ARTICLE, source: 'design', value },
];

function ruleOf({ name, type, value, table }: DecisionText): object {
  const word = RULE_TYPES.find((one) => one === typeText(type));
  return {
    title: `rule.${name}`,
    article: ARTICLE,
    source: 'design',
    ...(word === undefined ? {} : { type: word }),
    versions: [table === undefined ? { value } : { table: tableOf(table) }],
  };
}

function tableOf({ hitPolicy, inputs, outputs, rows }: DecisionTable): TableShape {
  const words = Object.keys(HIT_POLICIES) as TableShape['hit'][];
  const [output] = outputs;
  const named = rowNames(rows);
  return {
    hit: words.find((word) => HIT_POLICIES[word] === hitPolicy) ?? 'unique',
    inputs: inputs.map(({ expression }) => expression),
    ...(output?.values === undefined ? {} : { values: [...output.values] }),
    ...(output?.default === undefined ? {} : { default: output.default }),
    rows: Object.fromEntries(
      rows.map(({ when, gives: [gives = 'null'], article }, index) => [
        named[index] ?? '',
        { when: [...when], gives, ...(article === undefined ? {} : { article }) },
      ]),
    ),
  };
}

/** The ids of the file where they are names that an agreement can have, else `row-1`. */
function rowNames(rows: DecisionTable['rows']): string[] {
  const ids = rows.map(({ id = '' }) => id);
  const usable = new Set(ids).size === ids.length && ids.every((id) => /^[a-z][A-Za-z0-9-]{0,60}$/.test(id));
  return ids.map((id, index) => (usable ? id : `row-${index + 1}`));
}

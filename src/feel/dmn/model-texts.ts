import { Failure } from '../../storage/index.ts';
import { plainName } from '../syntax/names.ts';
import type { DecisionTable } from '../tables/table.ts';
import { ANY, type FeelType } from '../types.ts';
import { decisionTable } from './boxed-table.ts';
import { boxedText, functionText } from './boxed-text.ts';
import { declareTypes, findType } from './declared-types.ts';
import type { BoxedTable, DmnModel, Requirements } from './model.ts';
import { type Renaming, renamed, renamedTests } from './rename.ts';

/** A model as the language's own texts and tables, with plain names. */
export interface ModelTexts {
  readonly facts: readonly { readonly name: string; readonly type: FeelType }[];
  readonly functions: readonly { readonly name: string; readonly value: string }[];
  readonly decisions: readonly DecisionText[];
}

export interface DecisionText {
  readonly name: string;
  readonly type: FeelType;
  /** Either of them. */
  readonly value?: string;
  readonly table?: DecisionTable;
  readonly question?: string;
}

/**
 * Takes a model apart into texts. Its knowledge becomes functions, its boxed expressions expressions; a decision that is a table stays
 * one. Every input, decision and function gets the name that `nameOf` makes of its own.
 *
 * @throws Failure DMN_NOT_EXPRESSIBLE, DMN_TEXT
 */
export function modelTexts(model: DmnModel, nameOf: (name: string) => string): ModelTexts {
  if (model.imports.length > 0) throw new Failure('DMN_NOT_EXPRESSIBLE', { what: 'an import', where: model.name });
  const declared = declareTypes(model.items, new Map());
  const elements = [...model.inputs, ...model.decisions, ...model.knowledge];
  const types = Object.fromEntries(elements.map(({ name, type }) => [name, findType(type, declared).type]));
  // An element sees what it requires: the same word in another one may be a built-in function.
  const byId = new Map(elements.map((element) => [`#${element.id}`, element.name]));
  const inside = (where: string, { information, knowledge }: Requirements): Renaming => {
    const seen = [...information, ...knowledge].flatMap((href) => byId.get(href.slice(href.lastIndexOf('#'))) ?? []);
    const names = new Map(seen.map((name) => [plainName(name), nameOf(name)]));
    return { types: Object.fromEntries(seen.map((name) => [name, types[name] ?? ANY])), names, declared, where };
  };
  return {
    facts: model.inputs.map(({ name, type }) => ({ name: nameOf(name), type: findType(type, declared).type })),
    functions: model.knowledge.flatMap(({ name, logic, requires }) =>
      logic === undefined ? [] : [{ name: nameOf(name), value: functionText(logic, inside(name, requires)) }],
    ),
    decisions: model.decisions.map(({ name, type, logic, question, requires }) => ({
      name: nameOf(name),
      type: findType(type, declared).type,
      ...(question === undefined ? {} : { question }),
      ...(logic?.kind === 'table' && isPlain(logic)
        ? { table: renamedTable(logic, inside(name, requires)) }
        : { value: boxedText(logic, inside(name, requires)) }),
    })),
  };
}

/** A table with one output, as agreements have them; one with several becomes an expression. */
const isPlain = ({ outputs }: BoxedTable): boolean => outputs.length === 1;

function renamedTable(table: BoxedTable, renaming: Renaming): DecisionTable {
  const { hitPolicy, inputs, outputs, rows } = decisionTable(table, new Map());
  const text = (source: string): string => renamed(source, renaming).trim();
  return {
    hitPolicy,
    inputs: inputs.map(({ expression }) => ({ expression: text(expression) })),
    outputs: outputs.map(({ name, values, default: fallback }) => ({
      name,
      ...(values === undefined ? {} : { values: values.map(text) }),
      ...(fallback === undefined ? {} : { default: text(fallback) }),
    })),
    rows: rows.map((row) => ({
      ...row,
      when: row.when.map((cell) => (cell === '-' ? cell : renamedTests(cell, renaming).trim())),
      gives: row.gives.map(text),
    })),
  };
}

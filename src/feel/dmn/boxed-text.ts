import { Failure } from '../../storage/index.ts';
import { quoted } from '../display.ts';
import { plainName } from '../syntax/names.ts';
import { typeText } from '../type-text.ts';
import { ANY, contextOf, type FeelType, listOf, STRING } from '../types.ts';
import { findType } from './declared-types.ts';
import type { Boxed, BoxedEntry, BoxedFunction, BoxedTable } from './model.ts';
import { type Renaming, renamed, renamedTests } from './rename.ts';

/**
 * A boxed expression as one expression of the language.
 *
 * @throws Failure DMN_NOT_EXPRESSIBLE for what has no such form, DMN_TEXT for a text that cannot be read
 */
export function boxedText(boxed: Boxed | undefined, renaming: Renaming): string {
  const part = (one: Boxed | undefined, own: readonly string[] = []): string => inner(one, withNames(renaming, own));
  switch (boxed?.kind) {
    case undefined:
      return 'null';
    case 'literal':
      return renamed(boxed.text, renaming).trim();
    case 'table':
      return tableText(boxed, renaming);
    case 'context':
      return contextText(boxed.entries, renaming);
    case 'invocation': {
      const args = boxed.bindings.map(({ name = '', value }) => `${name}: ${part(value)}`);
      return `${part(boxed.callee)}(${args.join(', ')})`;
    }
    case 'function':
      return functionText(boxed, renaming);
    case 'relation': {
      const rows = boxed.rows.map(
        (row) => `{${boxed.columns.map((name, at) => `${quoted(name)}: ${part(row[at])}`).join(', ')}}`,
      );
      return `[${rows.join(', ')}]`;
    }
    case 'list':
      return `[${boxed.items.map((item) => part(item)).join(', ')}]`;
    case 'conditional':
      return `if ${part(boxed.condition)} then ${part(boxed.yes)} else ${part(boxed.no)}`;
    case 'filter':
      return `${part(boxed.list)}[${part(boxed.match, ['item'])}]`;
    case 'iterator': {
      const joint = boxed.of === 'for' ? 'return' : 'satisfies';
      return `${boxed.of} ${boxed.variable} in ${part(boxed.list)} ${joint} ${part(boxed.body, [boxed.variable])}`;
    }
  }
}

/** A part among others: in brackets, unless it is a single word. A remark up to the end of a line must not swallow the bracket. */
function inner(boxed: Boxed | undefined, renaming: Renaming): string {
  const text = boxedText(boxed, renaming);
  if (/^[\p{L}\p{N}_]+$/u.test(text)) return text;
  return text.includes('//') ? `(${text}\n)` : `(${text})`;
}

/** Names that a form gives to its own parts: they are read, and not renamed. */
function withNames(renaming: Renaming, own: readonly string[]): Renaming {
  if (own.length === 0) return renaming;
  const names = new Map(renaming.names);
  for (const name of own) names.delete(plainName(name));
  return { ...renaming, names, types: { ...renaming.types, ...Object.fromEntries(own.map((name) => [name, ANY])) } };
}

function contextText(entries: readonly BoxedEntry[], renaming: Renaming): string {
  const taken: string[] = [];
  const written: string[] = [];
  let result: string | undefined;
  for (const { name, value } of entries) {
    const text = inner(value, withNames(renaming, taken));
    if (name === undefined) result = text;
    else {
      written.push(`${name}: ${text}`);
      taken.push(name);
    }
  }
  if (result === undefined) return `{ ${written.join(', ')} }`;
  const last = taken.includes('result') ? 'result of all' : 'result';
  return `{ ${[...written, `${last}: ${result}`].join(', ')} }.${last}`;
}

/** A function as text. Parameters keep their types, written out. */
export function functionText({ language, parameters, body }: BoxedFunction, renaming: Renaming): string {
  if (language !== 'FEEL')
    throw new Failure('DMN_NOT_EXPRESSIBLE', { what: `a function of ${language}`, where: renaming.where });
  const own = parameters.map(({ name }) => name);
  const written = parameters.map(({ name, type }) => {
    const text = typeName(findType(type, renaming.declared).type);
    return text === 'Any' ? name : `${name}: ${text}`;
  });
  return `function(${written.join(', ')}) ${boxedText(body, withNames(renaming, own))}`;
}

/** A type as an expression can name it: there a text has no list of values. */
const typeName = (type: FeelType): string => typeText(withoutValues(type));

function withoutValues(type: FeelType): FeelType {
  switch (type.kind) {
    case 'string':
      return STRING;
    case 'list':
      return listOf(withoutValues(type.item));
    case 'context':
      return contextOf(Object.fromEntries(Object.entries(type.entries).map(([name, of]) => [name, withoutValues(of)])));
    default:
      return type;
  }
}

/** A table inside another form: conditions one after the other, or the list of what those give that hold. */
function tableText(table: BoxedTable, renaming: Renaming): string {
  const { hitPolicy, rules, outputs } = table;
  const given = (cells: readonly (string | undefined)[]): string => {
    const texts = cells.map((cell) => (cell === undefined ? 'null' : renamed(cell, renaming).trim()));
    if (outputs.length === 1) return `(${texts[0] ?? 'null'})`;
    return `{ ${outputs.map(({ name = '' }, at) => `${name}: ${texts[at] ?? 'null'}`).join(', ')} }`;
  };
  const conditions = rules.map(({ when }) => conditionText(when, table, renaming));
  const hasDefault = outputs.some((output) => output.default !== undefined);
  if (['U', 'A', 'F'].includes(hitPolicy)) {
    const last = hasDefault ? given(outputs.map((output) => output.default)) : 'null';
    return rules.reduceRight((rest, { gives }, at) => `if ${conditions[at]} then ${given(gives)} else ${rest}`, last);
  }
  const hits = rules.map(({ gives }, at) => `(if ${conditions[at]} then [${given(gives)}] else [])`);
  const all = `concatenate(${hits.join(', ')})`;
  const order = outputs.length === 1 ? outputs[0]?.values : undefined;
  const collected: Readonly<Record<string, string | undefined>> = {
    R: all,
    C: all,
    'C+': `sum(${all})`,
    'C<': `min(${all})`,
    'C>': `max(${all})`,
    'C#': `count(${all})`,
    P: order && `[${renamedTests(order, renaming)}][list contains(${all}, item)][1]`,
    O: order && `flatten(for one in [${renamedTests(order, renaming)}] return ${all}[item = one])`,
  };
  const text = collected[hitPolicy];
  if (text === undefined || (hasDefault && hitPolicy !== 'P')) {
    const what = `a table inside another form with hit policy ${hitPolicy}${hasDefault ? ' and a default' : ''}`;
    throw new Failure('DMN_NOT_EXPRESSIBLE', { what, where: renaming.where });
  }
  return hasDefault ? `if count(${all}) = 0 then ${given(outputs.map((output) => output.default))} else ${text}` : text;
}

function conditionText(when: readonly string[], { inputs }: BoxedTable, renaming: Renaming): string {
  const tests = when.flatMap((cell, at) => {
    if (cell === '-') return [];
    const input = `(${renamed(inputs[at]?.expression ?? 'null', renaming).trim()})`;
    const test = renamedTests(cell, renaming);
    const opposite = /^\s*not\s*\(([\s\S]*)\)\s*$/.exec(test)?.[1];
    return [opposite === undefined ? `${input} in (${test})` : `not(${input} in (${opposite}))`];
  });
  return tests.length === 0 ? 'true' : tests.join(' and ');
}

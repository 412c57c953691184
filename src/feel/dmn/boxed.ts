import { plainName } from '../syntax/names.ts';
import type { Node } from '../syntax/tree.ts';
import type { FeelParameter } from '../types.ts';
import { tableNode } from './boxed-table.ts';
import { type DeclaredTypes, findType } from './declared-types.ts';
import { conditionalNode, declaredNode, NOWHERE, textNode } from './embedded.ts';
import type { Boxed, BoxedEntry, BoxedFunction } from './model.ts';

/** The name under which the result of a context with a result is kept: no name that an expression can have. */
const RESULT = '=';

/**
 * The syntax tree of a boxed expression (DMN 1.5, 7.3 and 10.2.1): each form is what the expression of the language is that means the same,
 * with the texts inside as leaves, which are read when the names around them are known.
 */
export function boxedNode(boxed: Boxed | undefined, types: DeclaredTypes): Node {
  return declaredNode(formNode(boxed, types), findType(boxed?.type, types));
}

function formNode(boxed: Boxed | undefined, types: DeclaredTypes): Node {
  const node = (part: Boxed | undefined): Node => boxedNode(part, types);
  switch (boxed?.kind) {
    case undefined:
      return { ...NOWHERE, kind: 'null' };
    case 'literal':
      return textNode(boxed.text, types);
    case 'table':
      return tableNode(boxed, types);
    case 'context':
      return contextNode(boxed.entries, types);
    case 'invocation': {
      const args = boxed.bindings.map(({ name, value }) => ({
        ...NOWHERE,
        name: plainName(name ?? ''),
        value: node(value),
      }));
      return { ...NOWHERE, kind: 'call', callee: node(boxed.callee), args };
    }
    case 'function':
      return functionNode(boxed, types);
    case 'relation':
      return { ...NOWHERE, kind: 'list', items: boxed.rows.map((row) => rowNode(boxed.columns, row.map(node))) };
    case 'list':
      return { ...NOWHERE, kind: 'list', items: boxed.items.map(node) };
    case 'conditional':
      return conditionalNode(node(boxed.condition), (condition) => {
        return { ...NOWHERE, kind: 'if', condition, yes: node(boxed.yes), no: node(boxed.no) };
      });
    case 'filter':
      return conditionalNode(node(boxed.match), (predicate) => {
        return { ...NOWHERE, kind: 'filter', base: node(boxed.list), predicate };
      });
    case 'iterator': {
      const loops = [{ ...NOWHERE, name: plainName(boxed.variable), source: node(boxed.list), end: undefined }];
      const { of } = boxed;
      if (of === 'for') return { ...NOWHERE, kind: 'for', loops, body: node(boxed.body) };
      return conditionalNode(node(boxed.body), (body) => ({
        ...NOWHERE,
        kind: 'quantified',
        quantifier: of,
        loops,
        body,
      }));
    }
  }
}

/** An entry sees those before it. A last entry without a name is the value of the whole. */
function contextNode(written: readonly BoxedEntry[], types: DeclaredTypes): Node {
  const entries = written.map(({ name = RESULT, type, value }) => {
    const node = boxedNode(value, types);
    return { ...NOWHERE, name, value: declaredNode(node, findType(type, types)) };
  });
  const context: Node = { ...NOWHERE, kind: 'context', entries };
  const hasResult = written.some(({ name }) => name === undefined);
  return hasResult ? { ...NOWHERE, kind: 'path', base: context, name: RESULT } : context;
}

/** A row of a relation: its cells do not see each other. */
function rowNode(columns: readonly string[], cells: readonly Node[]): Node {
  return {
    ...NOWHERE,
    kind: 'embedded',
    compile: (names, unit) => {
      const entries = columns.map((name, index) => {
        const cell: Node = cells[index] ?? { ...NOWHERE, kind: 'null' };
        const outside: Node = { ...NOWHERE, kind: 'embedded', compile: () => unit.compile(cell, names) };
        return { ...NOWHERE, name, value: outside };
      });
      return unit.compile({ ...NOWHERE, kind: 'context', entries }, names);
    },
  };
}

/** A function; one of another language is null, since nothing outside the language is ever called. */
export function functionNode(boxed: BoxedFunction, types: DeclaredTypes): Node {
  if (boxed.language !== 'FEEL') return { ...NOWHERE, kind: 'null' };
  const parameters = boxed.parameters.map(
    ({ name, type }): FeelParameter => ({ name: plainName(name), type: findType(type, types).type }),
  );
  return {
    ...NOWHERE,
    kind: 'function',
    parameters: parameters.map((parameter) => ({ ...NOWHERE, ...parameter })),
    body: boxedNode(boxed.body, types),
  };
}

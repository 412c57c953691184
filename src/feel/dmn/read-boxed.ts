import { Failure } from '../../storage/index.ts';
import type { HitPolicy } from '../tables/table.ts';
import type { Boxed, BoxedEntry, BoxedFunction, BoxedTable } from './model.ts';
import { childOf, childrenOf, textOf, type XmlElement } from './xml.ts';

type Reader = (element: XmlElement) => Boxed;

const READERS: Readonly<Record<string, Reader>> = Object.assign(Object.create(null), {
  literalExpression: readLiteral,
  decisionTable: readTable,
  context: (element) => ({ kind: 'context', entries: childrenOf(element, 'contextEntry').map(readEntry) }),
  invocation: (element) => ({
    kind: 'invocation',
    callee: within(element),
    bindings: childrenOf(element, 'binding').map((binding) => ({
      ...typed(childOf(binding, 'parameter')),
      value: readBoxed(binding),
    })),
  }),
  functionDefinition: readFunction,
  relation: (element) => ({
    kind: 'relation',
    columns: childrenOf(element, 'column').map(({ attributes }) => attributes.name ?? ''),
    rows: childrenOf(element, 'row').map(boxedChildren),
  }),
  list: (element) => ({ kind: 'list', items: boxedChildren(element) }),
  conditional: (element) => ({
    kind: 'conditional',
    condition: within(childOf(element, 'if')),
    yes: within(childOf(element, 'then')),
    no: within(childOf(element, 'else')),
  }),
  filter: (element) => ({
    kind: 'filter',
    list: within(childOf(element, 'in')),
    match: within(childOf(element, 'match')),
  }),
  for: (element) => readIterator('for', 'return', element),
  some: (element) => readIterator('some', 'satisfies', element),
  every: (element) => readIterator('every', 'satisfies', element),
} satisfies Record<string, Reader>);

/** The boxed expression among the children of an element; undefined where there is none. */
export function readBoxed(element: XmlElement): Boxed | undefined {
  const [first] = boxedChildren(element);
  return first;
}

const boxedChildren = (element: XmlElement): Boxed[] =>
  element.children.flatMap((child) => {
    const boxed = READERS[child.name]?.(child);
    const type = child.attributes.typeRef;
    // The type of a function is that of its result, and what is wanted of a table's cells is said by its outputs.
    const typed = type !== undefined && boxed?.kind !== 'function' && boxed?.kind !== 'table';
    return boxed === undefined ? [] : [typed ? { ...boxed, type } : boxed];
  });

/** What is left out is null. */
const NOTHING_WRITTEN: Boxed = { kind: 'literal', text: 'null', at: { line: 1, column: 1 } };

const within = (element: XmlElement | undefined): Boxed =>
  (element === undefined ? undefined : readBoxed(element)) ?? NOTHING_WRITTEN;

function readLiteral(element: XmlElement): Boxed {
  const text = childOf(element, 'text');
  const { line, column } = text ?? element;
  return { kind: 'literal', text: text?.text ?? 'null', at: { line, column } };
}

function readEntry(element: XmlElement): BoxedEntry {
  return { ...typed(childOf(element, 'variable')), value: readBoxed(element) };
}

function typed(variable: XmlElement | undefined): { name?: string; type?: string } {
  const { name, typeRef } = variable?.attributes ?? {};
  return { ...(name === undefined ? {} : { name }), ...(typeRef === undefined ? {} : { type: typeRef }) };
}

/** A function with its parameters, also as the logic of knowledge. */
export function readFunction(element: XmlElement): BoxedFunction {
  return {
    kind: 'function',
    language: element.attributes.kind ?? 'FEEL',
    parameters: childrenOf(element, 'formalParameter').map((parameter) => {
      const { name = '', typeRef } = parameter.attributes;
      return typeRef === undefined ? { name } : { name, type: typeRef };
    }),
    body: readBoxed(element),
  };
}

function readIterator(of: 'for' | 'some' | 'every', body: string, element: XmlElement): Boxed {
  return {
    kind: 'iterator',
    of,
    variable: element.attributes.iteratorVariable ?? 'item',
    list: within(childOf(element, 'in')),
    body: within(childOf(element, body)),
  };
}

const POLICIES: Readonly<Record<string, HitPolicy>> = {
  UNIQUE: 'U',
  ANY: 'A',
  PRIORITY: 'P',
  FIRST: 'F',
  'RULE ORDER': 'R',
  'OUTPUT ORDER': 'O',
  COLLECT: 'C',
  'COLLECT SUM': 'C+',
  'COLLECT MIN': 'C<',
  'COLLECT MAX': 'C>',
  'COLLECT COUNT': 'C#',
};

/** The letter of a policy as DMN files write it. */
function policyOf({ attributes }: XmlElement): HitPolicy {
  const { hitPolicy = 'UNIQUE', aggregation } = attributes;
  const written = hitPolicy === 'COLLECT' && aggregation !== undefined ? `COLLECT ${aggregation}` : hitPolicy;
  const policy = Object.hasOwn(POLICIES, written) ? POLICIES[written] : undefined;
  if (policy === undefined) throw new Failure('DMN_HIT_POLICY', { policy: written });
  return policy;
}

function readTable(element: XmlElement): BoxedTable {
  return {
    kind: 'table',
    hitPolicy: policyOf(element),
    inputs: childrenOf(element, 'input').map((input) => {
      const expression = childOf(input, 'inputExpression');
      const allowed = textOf(childOf(input, 'inputValues'), 'text');
      const type = expression?.attributes.typeRef;
      return {
        expression: textOf(expression, 'text') ?? 'null',
        ...(type === undefined ? {} : { type }),
        ...(allowed === undefined || allowed === '' ? {} : { allowed }),
      };
    }),
    outputs: childrenOf(element, 'output').map((output) => {
      const values = textOf(childOf(output, 'outputValues'), 'text');
      const fallback = textOf(childOf(output, 'defaultOutputEntry'), 'text');
      return {
        ...typed(output),
        ...(values === undefined || values === '' ? {} : { values }),
        ...(fallback === undefined || fallback === '' ? {} : { default: fallback }),
      };
    }),
    rules: childrenOf(element, 'rule').map(readRule),
  };
}

function readRule(element: XmlElement): BoxedTable['rules'][number] {
  const { id } = element.attributes;
  const note = textOf(childOf(element, 'annotationEntry'), 'text') ?? textOf(element, 'description');
  const cells = (name: string, empty: string): string[] =>
    childrenOf(element, name).map((entry) => textOf(entry, 'text') || empty);
  return {
    ...(id === undefined ? {} : { id }),
    ...(note === undefined || note === '' ? {} : { note }),
    when: cells('inputEntry', '-'),
    gives: cells('outputEntry', 'null'),
  };
}

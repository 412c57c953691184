import type { Fault } from '../faults.ts';
import { parseNumber } from '../number/decimal.ts';
import { parseType } from '../type-text.ts';
import { ANY, type FeelType } from '../types.ts';
import type { GrammarNode } from './grammar.ts';
import { children, firstUnread, syntaxFault } from './grammar-nodes.ts';
import { DEEPEST_NESTING } from './limits.ts';
import { plainName } from './names.ts';
import { readIn } from './read-in.ts';
import { readTextLiteral } from './text-literal.ts';
import type {
  Argument,
  ArithmeticOperator,
  CompareOperator,
  Entry,
  Loop,
  Node,
  Parameter,
  UnaryTests,
} from './tree.ts';

/** Reads the grammar's tree of an expression; null when it holds a syntax error, which is then among the faults. */
export function readExpression(root: GrammarNode, reading: Reading): Node | null {
  if (!readable(root, reading)) return null;
  const [only] = children(root);
  return only === undefined ? null : read(only, reading);
}

/** Reads the grammar's tree of unary tests. */
export function readUnaryTests(root: GrammarNode, reading: Reading): UnaryTests | null {
  if (!readable(root, reading)) return null;
  const parts = children(root);
  if (parts[0]?.name === 'Wildcard') return { tests: undefined, negated: false };
  const tests = parts.find((part) => part.name === 'PositiveUnaryTests');
  return tests === undefined ? null : { tests: readTests(tests, reading), negated: parts[0]?.name === 'not' };
}

/** Reports the first place that the grammar could not read. */
function readable(root: GrammarNode, { source, faults }: Reading): boolean {
  const unread = firstUnread(root);
  if (unread !== undefined) faults.push(syntaxFault(unread.from, unread.to, source));
  return unread === undefined;
}

/** A source while it is read. */
export interface Reading {
  readonly source: string;
  readonly namedTypes: Readonly<Record<string, FeelType>>;
  readonly faults: Fault[];
  depth: number;
}

type Reader = (node: GrammarNode, parts: readonly GrammarNode[], reading: Reading) => Node;

const READERS: Readonly<Record<string, Reader>> = Object.assign(Object.create(null), {
  NumericLiteral: readNumber,
  StringLiteral: readString,
  BooleanLiteral: (node, _parts, reading) => ({
    ...place(node),
    kind: 'boolean',
    value: text(node, reading) === 'true',
  }),
  null: (node) => ({ ...place(node), kind: 'null' }),
  '?': (node) => ({ ...place(node), kind: 'input' }),
  DateTimeLiteral: readDateTimeLiteral,
  VariableName: (node, _parts, reading) => ({ ...place(node), kind: 'name', name: nameOf(node, reading) }),
  SpecialFunctionName: (node, _parts, reading) => ({ ...place(node), kind: 'name', name: nameOf(node, reading) }),
  ParenthesizedExpression: (_node, parts, reading) => read(parts[1], reading),
  PathExpression: (node, parts, reading) => ({
    ...place(node),
    kind: 'path',
    base: read(parts[0], reading),
    name: nameOf(parts[2], reading),
  }),
  FilterExpression: (node, parts, reading) => ({
    ...place(node),
    kind: 'filter',
    base: read(parts[0], reading),
    predicate: read(parts[2], reading),
  }),
  FunctionInvocation: (node, parts, reading) => ({
    ...place(node),
    kind: 'call',
    callee: read(parts[0], reading),
    args: readArguments(parts[2], reading),
  }),
  ArithmeticExpression: readArithmetic,
  Comparison: readComparison,
  SimplePositiveUnaryTest: readTest,
  Conjunction: (node, parts, reading) => readLogic('and', node, parts, reading),
  Disjunction: (node, parts, reading) => readLogic('or', node, parts, reading),
  IfExpression: (node, parts, reading) => ({
    ...place(node),
    kind: 'if',
    condition: read(parts[1], reading),
    yes: read(parts[3], reading),
    no: read(parts[5], reading),
  }),
  ForExpression: (node, parts, reading) => ({
    ...place(node),
    kind: 'for',
    loops: readLoops(parts[1], reading),
    body: read(parts[3], reading),
  }),
  QuantifiedExpression: (node, parts, reading) => ({
    ...place(node),
    kind: 'quantified',
    quantifier: parts[0]?.name === 'every' ? 'every' : 'some',
    loops: readLoops(parts[1], reading),
    body: read(parts[3], reading),
  }),
  InstanceOfExpression: (node, parts, reading) => ({
    ...place(node),
    kind: 'instance',
    value: read(parts[0], reading),
    type: readType(parts[3], reading),
  }),
  List: (node, parts, reading) => ({
    ...place(node),
    kind: 'list',
    items: parts.slice(1, -1).map((part) => read(part, reading)),
  }),
  Context: (node, parts, reading) => ({
    ...place(node),
    kind: 'context',
    entries: parts.filter((part) => part.name === 'ContextEntry').map((part) => readEntry(part, reading)),
  }),
  FunctionDefinition: readFunction,
} satisfies Record<string, Reader>);

function read(node: GrammarNode | undefined, reading: Reading): Node {
  const reader = node === undefined ? undefined : READERS[node.name];
  if (node === undefined || reader === undefined) {
    reading.faults.push(syntaxFault(node?.from ?? 0, node?.to ?? 0, reading.source));
    return Object.freeze({ from: 0, to: 0, kind: 'null' });
  }
  if (++reading.depth > DEEPEST_NESTING) {
    if (reading.depth === DEEPEST_NESTING + 1) {
      reading.faults.push({ code: 'FEEL_TOO_DEEP', from: node.from, params: { most: DEEPEST_NESTING } });
    }
    reading.depth--;
    return Object.freeze({ ...place(node), kind: 'null' });
  }
  const tree = Object.freeze(reader(node, children(node), reading));
  reading.depth--;
  return tree;
}

function readNumber(node: GrammarNode, _parts: readonly GrammarNode[], reading: Reading): Node {
  const written = text(node, reading).replace(/\s+/g, '');
  const value = parseNumber(written);
  if (value === null) reading.faults.push({ code: 'FEEL_NUMBER', from: node.from, params: { text: written } });
  return { ...place(node), kind: 'number', value: value ?? 0 };
}

function readString(node: GrammarNode, _parts: readonly GrammarNode[], reading: Reading): Node {
  return { ...place(node), kind: 'string', value: stringOf(node, reading) };
}

function stringOf(node: GrammarNode, reading: Reading): string {
  const { text: value, unknown } = readTextLiteral(text(node, reading).slice(1, -1));
  if (unknown !== undefined) reading.faults.push({ code: 'FEEL_TEXT', from: node.from, params: { text: unknown } });
  return value;
}

function readDateTimeLiteral(node: GrammarNode, parts: readonly GrammarNode[], reading: Reading): Node {
  const [first] = parts;
  if (first?.name === 'AtLiteral') {
    const literal = children(first).find((part) => part.name === 'StringLiteral');
    return { ...place(node), kind: 'at', text: literal === undefined ? '' : stringOf(literal, reading) };
  }
  const callee: Node = Object.freeze({ ...place(first ?? node), kind: 'name', name: nameOf(first, reading) });
  return { ...place(node), kind: 'call', callee, args: readArguments(parts[2], reading) };
}

function readArithmetic(node: GrammarNode, parts: readonly GrammarNode[], reading: Reading): Node {
  if (parts.length === 2) {
    const operand = read(parts[1], reading);
    if (text(parts[0], reading) === '+') return operand;
    return { ...place(node), kind: 'minus', operand };
  }
  const sign = text(parts[1], reading);
  const operator = (sign === '^' ? '**' : sign) as ArithmeticOperator;
  return {
    ...place(node),
    kind: 'arithmetic',
    operator,
    left: read(parts[0], reading),
    right: read(parts[2], reading),
  };
}

function readComparison(node: GrammarNode, parts: readonly GrammarNode[], reading: Reading): Node {
  const [left, operator, right] = parts;
  const value = read(left, reading);
  switch (operator?.name) {
    case 'between':
      return { ...place(node), kind: 'between', value, low: read(right, reading), high: read(parts[4], reading) };
    case 'in': {
      const many = parts.find((part) => part.name === 'PositiveUnaryTests');
      if (many === undefined) {
        return readIn(value, right, { read: (part) => read(part, reading), text: (part) => text(part, reading) });
      }
      return { ...place(node), kind: 'in', value, tests: readTests(many, reading) };
    }
    default: {
      const sign = text(operator, reading) as CompareOperator;
      return { ...place(node), kind: 'compare', operator: sign, left: value, right: read(right, reading) };
    }
  }
}

function readTests(node: GrammarNode, reading: Reading): Node[] {
  return children(node).map((part) => readPositiveTest(part, reading));
}

function readPositiveTest(node: GrammarNode | undefined, reading: Reading): Node {
  return read(node?.name === 'PositiveUnaryTest' ? children(node)[0] : node, reading);
}

function readTest(node: GrammarNode, parts: readonly GrammarNode[], reading: Reading): Node {
  const [first, second] = parts;
  if (first?.name !== 'Interval') {
    const operator = text(first, reading) as CompareOperator;
    return { ...place(node), kind: 'test', operator, operand: read(second, reading) };
  }
  const [open, start, , end, close] = children(first);
  return {
    ...place(node),
    kind: 'range',
    start: read(start, reading),
    startIncluded: open?.name === '[',
    end: read(end, reading),
    endIncluded: close?.name === ']',
  };
}

function readLogic(operator: 'and' | 'or', node: GrammarNode, parts: readonly GrammarNode[], reading: Reading): Node {
  return { ...place(node), kind: 'logic', operator, left: read(parts[0], reading), right: read(parts[2], reading) };
}

function readArguments(node: GrammarNode | undefined, reading: Reading): Argument[] {
  if (node === undefined) return [];
  return children(node).map((part): Argument => {
    if (part.name !== 'NamedParameter') return { ...place(part), name: undefined, value: read(part, reading) };
    const [name, value] = children(part);
    return { ...place(part), name: nameOf(name, reading), value: read(value, reading) };
  });
}

function readLoops(node: GrammarNode | undefined, reading: Reading): Loop[] {
  return (node === undefined ? [] : children(node)).map((part) => {
    const [name, , iteration] = children(part);
    const [source, , end] = iteration === undefined ? [] : children(iteration);
    return {
      ...place(part),
      name: nameOf(name, reading),
      source: read(source, reading),
      end: end === undefined ? undefined : read(end, reading),
    };
  });
}

function readEntry(node: GrammarNode, reading: Reading): Entry {
  const [key, value] = children(node);
  const [inner] = key === undefined ? [] : children(key);
  const name =
    inner?.name === 'StringLiteral' ? stringOf(inner, reading) : text(key, reading).trim().replace(/\s+/g, ' ');
  return { ...place(node), name, value: read(value, reading) };
}

function readFunction(node: GrammarNode, parts: readonly GrammarNode[], reading: Reading): Node {
  const formal = parts.find((part) => part.name === 'FormalParameters');
  const body = parts.find((part) => part.name === 'FunctionBody');
  if (parts.some((part) => part.name === 'external')) {
    const params = { what: 'A function of another language', hint: 'Write it in FEEL.' };
    reading.faults.push({ code: 'FEEL_UNSUPPORTED', from: node.from, params });
  }
  const parameters = (formal === undefined ? [] : children(formal)).map((part): Parameter => {
    const [name, type] = children(part);
    return { ...place(part), name: nameOf(name, reading), type: type === undefined ? ANY : readType(type, reading) };
  });
  return { ...place(node), kind: 'function', parameters, body: read(body && children(body)[0], reading) };
}

function readType(node: GrammarNode | undefined, reading: Reading): FeelType {
  const type = parseType(text(node, reading), reading.namedTypes);
  if (!('unknown' in type)) return type;
  reading.faults.push({ code: 'FEEL_UNKNOWN_TYPE', from: node?.from ?? 0, params: { name: type.unknown } });
  return ANY;
}

const place = (node: GrammarNode): { from: number; to: number } => ({ from: node.from, to: node.to });

const text = (node: GrammarNode | undefined, reading: Reading): string =>
  node === undefined ? '' : reading.source.slice(node.from, node.to);

const nameOf = (node: GrammarNode | undefined, reading: Reading): string => plainName(text(node, reading));

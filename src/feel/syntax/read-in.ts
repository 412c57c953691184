import type { GrammarNode } from './grammar.ts';
import { children } from './grammar-nodes.ts';
import type { CompareOperator, Node } from './tree.ts';

/** How the parts of the grammar's tree are read. */
interface Reader {
  read(part: GrammarNode | undefined): Node;
  text(part: GrammarNode): string;
}

/**
 * `value in test`. The grammar takes what follows `and` or `or` into a test that stands alone: `x in (1) and y` is read as
 * `x in ((1) and y)`, while a comparison binds closer than they do. Here it is put right.
 */
export function readIn(value: Node, test: GrammarNode | undefined, reader: Reader): Node {
  const inner = test?.name === 'PositiveUnaryTest' ? children(test)[0] : test;
  const [first, second] = inner === undefined ? [] : children(inner);
  const operator = inner?.name === 'SimplePositiveUnaryTest' && first?.name === 'CompareOp' ? first : undefined;
  if (operator === undefined) return regrouped(value, inner, reader.read, reader);
  return regrouped(value, second, (part) => comparison(operator, reader.read(part), reader), reader);
}

/** `> 5` */
const comparison = (sign: GrammarNode, operand: Node, { text }: Reader): Node =>
  Object.freeze({
    from: sign.from,
    to: operand.to,
    kind: 'test',
    operator: text(sign) as CompareOperator,
    operand,
  });

/** The test alone belongs to `in`; what is joined to it by `and` and `or` stands beside. */
function regrouped(
  value: Node,
  part: GrammarNode | undefined,
  alone: (part: GrammarNode | undefined) => Node,
  reader: Reader,
): Node {
  const place = { from: value.from, to: part?.to ?? value.to };
  if (part?.name !== 'Conjunction' && part?.name !== 'Disjunction') {
    return Object.freeze({ ...place, kind: 'in', value, tests: [alone(part)] });
  }
  const [first, , second] = children(part);
  const operator = part.name === 'Conjunction' ? 'and' : 'or';
  const left = regrouped(value, first, alone, reader);
  return Object.freeze({ ...place, kind: 'logic', operator, left, right: reader.read(second) });
}

import type { Fault } from '../faults.ts';
import type { GrammarNode } from './grammar.ts';

/** The parts of a node, without remarks. */
export function children(node: GrammarNode): GrammarNode[] {
  const found: GrammarNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) {
    if (!child.type.isSkipped) found.push(child);
  }
  return found;
}

/** The first place in a tree that the grammar could not read. */
export function firstUnread(root: GrammarNode): GrammarNode | undefined {
  const waiting: GrammarNode[] = [root];
  let first: GrammarNode | undefined;
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (node.type.isError && (first === undefined || node.from < first.from)) first = node;
    for (let child = node.firstChild; child !== null; child = child.nextSibling) waiting.push(child);
  }
  return first;
}

/** A fault of syntax that names what stands at its place. */
export function syntaxFault(from: number, to: number, source: string): Fault {
  const rest = source.slice(from);
  const at = from + (rest.length - rest.trimStart().length);
  const found = to > at ? source.slice(at, to) : (/^(?:[\p{L}\p{N}_]+|.)/u.exec(source.slice(at))?.[0] ?? '');
  const what = found === '' ? 'The end' : JSON.stringify(found.length > 24 ? `${found.slice(0, 24)}…` : found);
  return { code: 'FEEL_SYNTAX', from: Math.min(at, source.length), params: { what } };
}

import type { Node } from '../syntax/tree.ts';

/** Every name that a tree mentions, whatever it turns out to mean. */
export function namesIn(tree: Node): Set<string> {
  const names = new Set<string>();
  const waiting: unknown[] = [tree];
  while (waiting.length > 0) {
    const part = waiting.pop();
    if (typeof part !== 'object' || part === null) continue;
    if (isName(part)) names.add(part.name);
    waiting.push(...Object.values(part));
  }
  return names;
}

const isName = (part: object): part is { name: string } => 'kind' in part && part.kind === 'name' && 'name' in part;

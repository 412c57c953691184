import { canonicalJson } from '../../crypto/index.ts';
import type { Json } from '../../storage/index.ts';
import type { ChangeKind } from './kinds.ts';

/** Compiled forms, and places in files: they follow from what is written, or say nothing about its meaning. */
const NOT_WRITTEN = new Set(['compiled', 'expression', 'at', 'value', 'feelType', 'digest']);

/** What was written of a part of the model, as one text: equal texts mean the same thing. */
export function written(part: unknown, without: readonly string[] = []): string {
  const plain = JSON.stringify(part ?? null, (key, value: unknown) =>
    NOT_WRITTEN.has(key) || without.includes(key) ? undefined : value,
  );
  return canonicalJson(JSON.parse(plain) as Json);
}

/** Whether two parts of the model say the same. */
export const same = (a: unknown, b: unknown, without: readonly string[] = []): boolean =>
  written(a, without) === written(b, without);

/** The names of two tables, each once: those that went, those that came, those that stayed. */
export function namesIn(before: Readonly<Record<string, unknown>>, after: Readonly<Record<string, unknown>>) {
  const [old, now] = [Object.keys(before), Object.keys(after)];
  return {
    removed: old.filter((name) => !Object.hasOwn(after, name)),
    added: now.filter((name) => !Object.hasOwn(before, name)),
    both: now.filter((name) => Object.hasOwn(before, name)),
  };
}

/** The changes of a table whose entries come, go and change. */
export function tableChanges(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
  kinds: { added: ChangeKind; removed: ChangeKind; changed: ChangeKind },
  without: readonly string[] = [],
): { kind: ChangeKind; what: string }[] {
  const { removed, added, both } = namesIn(before, after);
  return [
    ...removed.map((what) => ({ kind: kinds.removed, what })),
    ...added.map((what) => ({ kind: kinds.added, what })),
    ...both.filter((name) => !same(before[name], after[name], without)).map((what) => ({ kind: kinds.changed, what })),
  ];
}

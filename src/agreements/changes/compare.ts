import { canonicalJson } from '../../crypto/index.ts';
import type { Json } from '../../storage/index.ts';
import type { ChangeKind } from './kinds.ts';

/** What follows from what is written, or says nothing about its meaning: compiled forms, inferred types, places in files. */
function isDerived(key: string, value: unknown): boolean {
  if (key === 'feelType' || typeof value === 'function') return true;
  if (typeof value !== 'object' || value === null) return false;
  return 'evaluate' in value || (key === 'at' && 'line' in value && 'column' in value);
}

/**
 * What was written of a part of the model, as one text: equal texts mean the same thing.
 * @param without members of the part itself that do not count
 */
export function written(part: unknown, without: readonly string[] = []): string {
  const counted =
    typeof part !== 'object' || part === null || Array.isArray(part)
      ? part
      : Object.fromEntries(Object.entries(part).filter(([name]) => !without.includes(name)));
  const plain = JSON.stringify(counted ?? null, (key, value: unknown) => (isDerived(key, value) ? undefined : value));
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

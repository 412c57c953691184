import { type Machine, spend } from '../machine.ts';
import { isContext } from '../operators/kinds.ts';
import type { FeelContext, FeelValue } from '../values.ts';
import { family } from './signature.ts';

type Entry = readonly [string, FeelValue];

/** Functions of contexts (DMN 1.5, table 81). */
export const contexts = family({
  'get value(m: context, key: string): Any': (m: FeelContext, key: string) => m.get(key) ?? null,
  'get value(m: context, keys: list<string>): Any': getByPath,
  'get entries(m: context): list<context<key: string, value: Any>>': (m: FeelContext) =>
    [...m].map(
      ([key, value]) =>
        new Map<string, FeelValue>([
          ['key', key],
          ['value', value],
        ]),
    ),
  'context(entries: list<context<key: string, value: Any>>): context': fromEntries,
  'context put(context: context, key: string, value: Any): context': (
    context: FeelContext,
    key: string,
    value: FeelValue,
  ) => new Map(context).set(key, value),
  'context put(context: context, keys: list<string>, value: Any): context': putByPath,
  'context merge(contexts: list<context>): context': (contexts: readonly FeelValue[], machine: Machine) => {
    const merged = new Map<string, FeelValue>();
    for (const context of contexts) {
      if (!isContext(context)) return undefined;
      spend(machine, context.size);
      for (const [key, value] of context) merged.set(key, value);
    }
    return merged;
  },
});

function getByPath(m: FeelContext, keys: readonly FeelValue[]): FeelValue {
  let value: FeelValue = m;
  for (const key of keys) {
    if (!isContext(value) || typeof key !== 'string') return null;
    value = value.get(key) ?? null;
  }
  return keys.length === 0 ? null : value;
}

function fromEntries(entries: readonly FeelValue[]): FeelContext | undefined {
  const context = new Map<string, FeelValue>();
  for (const entry of entries) {
    const found = isContext(entry) ? readEntry(entry) : undefined;
    if (found === undefined || context.has(found[0])) return undefined;
    context.set(...(found as [string, FeelValue]));
  }
  return context;
}

function readEntry(entry: FeelContext): Entry | undefined {
  const key = entry.get('key');
  const value = entry.get('value');
  return typeof key === 'string' && value !== undefined ? [key, value] : undefined;
}

/** Makes a copy of each context on the path; a path into anything else has no result. */
function putByPath(
  context: FeelContext,
  keys: readonly FeelValue[],
  value: FeelValue,
  machine: Machine,
): FeelContext | undefined {
  const [key, ...rest] = keys;
  if (typeof key !== 'string') return undefined;
  spend(machine, context.size);
  if (rest.length === 0) return new Map(context).set(key, value);
  const inner = context.get(key);
  if (inner === undefined || !isContext(inner)) return undefined;
  const changed = putByPath(inner, rest, value, machine);
  return changed && new Map(context).set(key, changed);
}

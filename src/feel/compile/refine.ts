import { isList } from '../operators/kinds.ts';
import { ANY, contextOf, type FeelType, listOf } from '../types.ts';
import type { Typed } from './typed.ts';

/** Types of results that depend on the arguments in a way that a signature cannot say. */
const REFINEMENTS: Readonly<Record<string, (args: readonly Typed[]) => FeelType | undefined>> = {
  'get value': ([context, key]) => {
    const path = pathOf(key);
    return path === undefined || context === undefined ? undefined : entryAt(context.type, path);
  },
  'context put': ([context, key, value]) => {
    const path = pathOf(key);
    if (path === undefined || context === undefined || value === undefined) return undefined;
    return putAt(context.type, path, value.type);
  },
  'context merge': ([contexts]) => (contexts?.type.kind === 'list' ? contexts.type.item : undefined),
  flatten: ([list]) => (list === undefined ? undefined : listOf(flatItem(list.type))),
};

/** The result type of a built-in call: the signature's, or a closer one that its arguments allow. */
export function refineResult(name: string, args: readonly Typed[], declared: FeelType): FeelType {
  const refine = Object.hasOwn(REFINEMENTS, name) ? REFINEMENTS[name] : undefined;
  return refine?.(args) ?? (declared.kind === 'context' ? ANY : declared);
}

/** The constant key, or keys, of an argument. */
function pathOf(key: Typed | undefined): readonly string[] | undefined {
  const value = key?.constant;
  if (typeof value === 'string') return [value];
  if (value === undefined || !isList(value) || value.length === 0) return undefined;
  return value.every((part) => typeof part === 'string') ? (value as readonly string[]) : undefined;
}

function entryAt(type: FeelType, path: readonly string[]): FeelType | undefined {
  let at: FeelType | undefined = type;
  for (const name of path) at = at?.kind === 'context' ? at.entries[name] : undefined;
  return at;
}

function putAt(type: FeelType, path: readonly string[], value: FeelType): FeelType | undefined {
  const [name, ...rest] = path;
  if (name === undefined || type.kind !== 'context') return undefined;
  const inner = type.entries[name];
  const changed = rest.length === 0 ? value : inner && putAt(inner, rest, value);
  return changed && contextOf({ ...type.entries, [name]: changed });
}

const flatItem = (type: FeelType): FeelType => (type.kind === 'list' ? flatItem(type.item) : type);

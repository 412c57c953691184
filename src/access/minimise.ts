import type { Json } from '../storage/index.ts';

/**
 * Leaves of a JSON answer only what a grant names: JSON pointers (RFC 6901), with `*` for each element of a list or each member. Lists keep
 * their length; a member that is not named is left out.
 * @example minimise({ name: 'A', born: 1990, kin: [{ id: 1, x: 2 }] }, ['/name', '/kin/0/id']) // { name: 'A', kin: [{ id: 1 }] }
 */
export function minimise(value: Json, fields: readonly string[]): Json {
  const paths = fields.map((field) => field.slice(1).split('/').map(unescaped));
  return keep(value, paths) ?? (isHolder(value) ? emptyOf(value) : null);
}

const unescaped = (token: string): string => token.replaceAll('~1', '/').replaceAll('~0', '~');

function keep(value: Json, paths: readonly string[][]): Json | undefined {
  if (paths.some((path) => path.length === 0)) return value;
  if (paths.length === 0 || typeof value !== 'object' || value === null) return undefined;
  const below = (key: string) => paths.filter(([head]) => head === key || head === '*').map((path) => path.slice(1));
  if (Array.isArray(value)) {
    return value.map(
      (element, place) => keep(element, below(String(place))) ?? (isHolder(element) ? emptyOf(element) : null),
    );
  }
  const kept: { [key: string]: Json } = Object.create(null) as { [key: string]: Json };
  for (const [key, member] of Object.entries(value)) {
    const left = keep(member, below(key));
    if (left !== undefined) kept[key] = left;
  }
  return kept;
}

const isHolder = (value: Json): boolean => typeof value === 'object' && value !== null;
const emptyOf = (value: Json): Json => (Array.isArray(value) ? [] : {});

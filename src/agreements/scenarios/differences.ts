import { digestOf } from '../../crypto/index.ts';
import type { Json } from '../../storage/index.ts';

/** One place where what came out is not what was expected. A side that has nothing there is undefined. */
export interface Difference {
  /** Such as `decisions.kz.values.fee`. */
  path: string;
  expected: Json | undefined;
  actual: Json | undefined;
  /** The step behind the value: rule, row and article, as a line. */
  because?: string;
}

/**
 * Where two values differ, path by path: of two long lists the items that are not the same, not both lists.
 * @param whole whether entries that only `actual` has differ too; an expectation may name a part of a thing
 * @example differencesOf('fees', { a: 1, b: 2 }, { a: 1, b: 3 }) // [{ path: 'fees.b', expected: 2, actual: 3 }]
 */
export function differencesOf(
  path: string,
  expected: Json | undefined,
  actual: Json | undefined,
  whole = true,
): Difference[] {
  if (expected === undefined ? actual === undefined : actual !== undefined && digestOf(expected) === digestOf(actual)) {
    return [];
  }
  if (Array.isArray(expected) && Array.isArray(actual)) {
    const length = Math.max(expected.length, actual.length);
    return Array.from({ length }, (_, index) =>
      differencesOf(`${path}[${index + 1}]`, expected[index], actual[index]),
    ).flat();
  }
  if (isObject(expected) && isObject(actual)) {
    const names = new Set([...Object.keys(expected), ...(whole ? Object.keys(actual) : [])]);
    return [...names].flatMap((name) => differencesOf(`${path}.${name}`, own(expected, name), own(actual, name)));
  }
  return [{ path, expected, actual }];
}

/** A difference in lines for a person. */
export function differenceLines({ path, expected, actual, because }: Difference): string[] {
  return [
    path,
    `  expected ${shown(expected)}`,
    `  actual   ${shown(actual)}`,
    ...(because === undefined ? [] : [`  by       ${because}`]),
  ];
}

const isObject = (value: Json | undefined): value is { [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const own = (value: { [key: string]: Json }, name: string): Json | undefined =>
  Object.hasOwn(value, name) ? value[name] : undefined;

/** A value on one line. */
function shown(value: Json | undefined): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > 300 ? `${text.slice(0, 300)}\u2026` : text;
}

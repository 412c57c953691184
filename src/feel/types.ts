/**
 * The types of FEEL (DMN 1.5, 10.3.2.2). Every type includes null, as the specification has it.
 *
 * A text with `values` is an enumeration: comparing it with any other literal is an error, and a decision table over it can be
 * checked for missing cases. A context is closed: reading an entry it does not name is an error.
 */
export type FeelType =
  | { readonly kind: SimpleKind }
  | { readonly kind: 'string'; readonly values?: readonly string[] }
  | { readonly kind: 'list'; readonly item: FeelType }
  | { readonly kind: 'range'; readonly of: FeelType }
  | { readonly kind: 'context'; readonly entries: Readonly<Record<string, FeelType>> }
  | { readonly kind: 'function'; readonly parameters: readonly FeelParameter[]; readonly result: FeelType }
  /** Stands for any one type in the signature of a built-in function, and only there. */
  | { readonly kind: 'variable'; readonly name: string };

export type SimpleKind =
  | 'any'
  | 'null'
  | 'number'
  | 'boolean'
  | 'date'
  | 'time'
  | 'date and time'
  | 'days and time duration'
  | 'years and months duration';

/** A parameter of a function; its name serves calls with named parameters. */
export interface FeelParameter {
  readonly name: string;
  readonly type: FeelType;
}

const simple = (kind: SimpleKind): FeelType => Object.freeze({ kind });

export const ANY = simple('any');
export const NULL = simple('null');
export const NUMBER = simple('number');
export const BOOLEAN = simple('boolean');
export const STRING: FeelType = Object.freeze({ kind: 'string' });
export const DATE = simple('date');
export const TIME = simple('time');
export const DATE_TIME = simple('date and time');
export const DAYS_TIME = simple('days and time duration');
export const YEARS_MONTHS = simple('years and months duration');

/** `list<item>` */
export const listOf = (item: FeelType): FeelType => Object.freeze({ kind: 'list', item });

/** `range<of>` */
export const rangeOf = (of: FeelType): FeelType => Object.freeze({ kind: 'range', of });

/** A text that is one of `values`. */
export const oneOf = (...values: string[]): FeelType =>
  Object.freeze({ kind: 'string', values: Object.freeze(values) });

/** `context<name: type, ...>`; the record is copied, so that `__proto__` is a name as any other. */
export function contextOf(entries: Readonly<Record<string, FeelType>>): FeelType {
  const copy: Record<string, FeelType> = Object.create(null);
  for (const [name, type] of Object.entries(entries)) copy[name] = type;
  return Object.freeze({ kind: 'context', entries: Object.freeze(copy) });
}

/** `function<...> -> result` */
export const functionOf = (parameters: readonly FeelParameter[], result: FeelType): FeelType =>
  Object.freeze({ kind: 'function', parameters: Object.freeze([...parameters]), result });

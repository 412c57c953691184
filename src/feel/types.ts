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

/**
 * Parts of a type, counted as it would be written out. A type may use one part many times over, so that its text, or a comparison with
 * another, would take far longer than what it was made from.
 */
export function sizeOfType(type: FeelType): number {
  if (!('item' in type || 'of' in type || 'entries' in type || 'parameters' in type)) return 1;
  const known = sizes.get(type);
  if (known !== undefined) return known;
  const size = partsOf(type).reduce((sum, part) => sum + sizeOfType(part), 1);
  sizes.set(type, size);
  return size;
}

const sizes = new WeakMap<FeelType, number>();

function partsOf(type: FeelType): readonly FeelType[] {
  switch (type.kind) {
    case 'list':
      return [type.item];
    case 'range':
      return [type.of];
    case 'context':
      return Object.values(type.entries);
    case 'function':
      return [...type.parameters.map((parameter) => parameter.type), type.result];
    default:
      return [];
  }
}

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

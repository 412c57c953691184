import { FeelFunction } from '../function.ts';
import { isNumber } from '../number/decimal.ts';
import { FeelRange } from '../range.ts';
import { FeelDate } from '../time/date.ts';
import { FeelDateTime } from '../time/date-time.ts';
import { DaysTimeDuration, YearsMonthsDuration } from '../time/duration.ts';
import { FeelTime } from '../time/time.ts';
import type { FeelType } from '../types.ts';
import type { FeelContext, FeelValue } from '../values.ts';

export type ValueKind = Exclude<FeelType['kind'], 'any' | 'variable'>;

/** The kind of a value at run time: the tag of its type. */
export function kindOf(value: FeelValue): ValueKind {
  switch (typeof value) {
    case 'number':
      return 'number';
    case 'string':
      return 'string';
    case 'boolean':
      return 'boolean';
  }
  if (value === null || value === undefined) return 'null';
  if (value instanceof FeelDate) return 'date';
  if (isList(value)) return 'list';
  if (isContext(value)) return 'context';
  if (isNumber(value)) return 'number';
  if (value instanceof FeelDateTime) return 'date and time';
  if (value instanceof YearsMonthsDuration) return 'years and months duration';
  if (value instanceof DaysTimeDuration) return 'days and time duration';
  if (value instanceof FeelTime) return 'time';
  if (value instanceof FeelRange) return 'range';
  if (value instanceof FeelFunction) return 'function';
  return 'null';
}

export const isList = (value: FeelValue): value is readonly FeelValue[] => Array.isArray(value);

export const isContext = (value: FeelValue): value is FeelContext => value instanceof Map;

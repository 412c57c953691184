import type { FeelValue } from './values.ts';

/** A value as the FEEL expression that gives it. */
export function toFeel(_value: FeelValue): string {
  return '';
}

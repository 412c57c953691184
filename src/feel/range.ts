import type { FeelValue } from './values.ts';

/**
 * A FEEL range. An end that is null is open to that side (`> 5` is a range without end). (A class for the same reason as `FeelDate`.)
 */
export class FeelRange {
  readonly start: FeelValue;
  readonly end: FeelValue;
  readonly startIncluded: boolean;
  readonly endIncluded: boolean;

  constructor(start: FeelValue, startIncluded: boolean, end: FeelValue, endIncluded: boolean) {
    this.start = start;
    this.end = end;
    this.startIncluded = startIncluded;
    this.endIncluded = endIncluded;
  }
}

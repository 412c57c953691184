import { family } from './signature.ts';

/** `not` (DMN 1.5, table 72); of null it is null. */
export const logic = family({ 'not(negand: boolean): boolean': (negand: boolean) => !negand });

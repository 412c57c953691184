import type { FeelValue } from '../../feel/index.ts';
import type { OpinionRequest } from '../types.ts';

/** Whether a stage asks a state, over what the rules have given so far. */
export function isAsked({ when }: OpinionRequest, scope: Record<string, FeelValue>, asked: string): boolean {
  return when === undefined || when.compiled.evaluate({ ...scope, asked }) === true;
}

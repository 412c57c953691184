import type { Agreement } from '../agreements/index.ts';
import type { Json } from '../storage/index.ts';
import type { Draft } from './types.ts';

/** Her own numbers by state, as she gave them in a field of the form. */
export function numbersIn({ answers }: Pick<Draft, 'answers'>, field: string): Record<string, Json> {
  const numbers = answers[field];
  return typeof numbers === 'object' && numbers !== null && !Array.isArray(numbers) ? numbers : {};
}

/**
 * The evidence, as `type/state`, for which she now gives another number than before. What was answered by the old number says nothing
 * about the new one: it must not be linked to her as if a register had confirmed it.
 */
export function changedNumbers(
  agreement: Agreement,
  before: Pick<Draft, 'answers'>,
  after: Pick<Draft, 'answers'>,
): string[] {
  return Object.values(agreement.evidence).flatMap(({ type, localId }) => {
    if (localId === undefined) return [];
    const [old, now] = [numbersIn(before, localId), numbersIn(after, localId)];
    const states = [...new Set([...Object.keys(old), ...Object.keys(now)])];
    return states.filter((state) => old[state] !== now[state]).map((state) => `${type}/${state}`);
  });
}

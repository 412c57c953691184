import type { Texts } from '../texts/index.ts';
import type { Finding } from './finding.ts';

/** A finding in words. `nameOf` gives a state's name in the reader's language, and anything else as it is. */
export function wordsOf(
  { code, about = '', params }: Finding,
  { say, nameOf }: { say: Texts['say']; nameOf(about: string): string },
): { title: string; meaning: string } {
  const all = { ...params, about: nameOf(about) };
  return { title: say(`health.${code}.title`, all), meaning: say(`health.${code}.meaning`, all) };
}

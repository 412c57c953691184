import { readings } from './letters.ts';

/**
 * The keys of a word: two spellings of it, in any of the union's scripts and systems of transliteration, share one. Case, spaces, hyphens
 * and apostrophes do not count.
 *
 * @example spellingKeys('Сейітова') // ['seitova'], as of 'Seyitova' and 'Seitova'
 * @returns at least one key, or none where the word has no letter
 */
export function spellingKeys(word: string): string[] {
  const bare = word.normalize('NFKC').toLowerCase().normalize('NFC');
  const keys = readings(bare.replace(/[^\p{Ll}\p{Lo}\p{M}]/gu, '')).map(fold);
  return [...new Set(keys)].filter((key) => key !== '');
}

/**
 * What is written before a soft vowel, and double letters, differ between systems most of all: `Yevgeniy`, `Evgenii`, `Jewgenij`;
 * `Fyodor`, `Fedor`; `Lyubov`, `Liubov`, `Lubov`; `Anna`, `Ana`.
 */
function fold(reading: string): string {
  return reading
    .replace(/i+[eo]/g, 'e')
    .replace(/i+u/g, 'u')
    .replaceAll('ng', 'n')
    .replace(/(.)\1+/gu, '$1');
}

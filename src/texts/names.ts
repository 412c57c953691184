import type { Language } from './languages.ts';

/** States as their own people and the union's acts call them, where the common locale data says it otherwise. */
const PREFERRED: Partial<Record<Language, Record<string, string>>> = {
  ru: { kg: 'Кыргызстан' },
};

const regions = new Map<Language, Intl.DisplayNames>();

/**
 * The name of a state of the union in the reader's language, in the nominative: sentences must not bend it.
 * @param state lower-case ISO 3166-1 code: `kz`
 * @example stateName('kk', 'kg'); // 'Қырғызстан'
 */
export function stateName(language: Language, state: string): string {
  const preferred = PREFERRED[language]?.[state];
  if (preferred !== undefined) return preferred;
  if (!/^[a-z]{2}$/.test(state)) return state;
  let names = regions.get(language);
  if (names === undefined) {
    names = new Intl.DisplayNames(language, { type: 'region', fallback: 'code' });
    regions.set(language, names);
  }
  return names.of(state.toUpperCase()) ?? state;
}

const ownNames = new Map<Language, string>();

/**
 * The name of a language in itself, as a language switch shows it: a person must find hers without reading another.
 * @example languageName('ky'); // 'Кыргызча'
 */
export function languageName(language: Language): string {
  let name = ownNames.get(language);
  if (name === undefined) {
    name = new Intl.DisplayNames(language, { type: 'language' }).of(language) ?? language;
    name = name.charAt(0).toLocaleUpperCase(language) + name.slice(1);
    ownNames.set(language, name);
  }
  return name;
}

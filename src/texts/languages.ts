/** The languages of the union: those of the five states, and English for everyone else. Their order is the order of the switch. */
export const LANGUAGES = ['en', 'ru', 'kk', 'ky', 'hy', 'be'] as const;

export type Language = (typeof LANGUAGES)[number];

/**
 * The conventions that dates and numbers follow. English is here the language of everybody who is at home in none of the others:
 * a day stands before its month, as in all five states.
 */
export const localeOf = (language: Language): string => (language === 'en' ? 'en-GB' : language);

/** Says whether a word (from a URL, a cookie, an account) names one of the union's languages. */
export function isLanguage(word: unknown): word is Language {
  return typeof word === 'string' && (LANGUAGES as readonly string[]).includes(word);
}

/**
 * Chooses the language of a page from the browser's wishes (RFC 9110, section 12.5.4).
 * The region is ignored, so `ru-KZ` is answered in Russian; what cannot be read is skipped.
 *
 * @param acceptLanguage the header as sent, or undefined
 * @param fallback what to speak when no wish can be met
 * @example negotiate('kk-KZ, ru;q=0.8, en;q=0.5'); // 'kk'
 */
export function negotiate(acceptLanguage: string | undefined, fallback: Language = 'en'): Language {
  if (acceptLanguage === undefined) return fallback;
  let best: { language: Language; quality: number } | undefined;
  for (const wish of acceptLanguage.slice(0, 500).split(',')) {
    const [range = '', ...parameters] = wish.trim().toLowerCase().split(';');
    const language = range === '*' ? fallback : range.split('-')[0];
    const quality = qualityOf(parameters);
    if (!isLanguage(language) || quality <= 0) continue;
    if (best === undefined || quality > best.quality) best = { language, quality };
  }
  return best?.language ?? fallback;
}

function qualityOf(parameters: string[]): number {
  const found = parameters
    .map((parameter) => /^\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*$/.exec(parameter)?.[1])
    .find(Boolean);
  if (found === undefined) return parameters.length === 0 ? 1 : 0;
  return Math.min(Number(found), 1);
}

/**
 * Which way the lines of a language run, for `<html dir>`. All six of today run left to right; the pages must not know that.
 * @example direction('hy'); // 'ltr'
 */
export function direction(language: string): 'ltr' | 'rtl' {
  return new Intl.Locale(language).getTextInfo?.().direction === 'rtl' ? 'rtl' : 'ltr';
}

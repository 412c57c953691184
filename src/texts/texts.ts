import { IntlMessageFormat } from 'intl-messageformat';
import { catalogues, type TextId } from './catalogues.ts';
import type { Language } from './languages.ts';

export type TextParams = Record<string, string | number>;

/** All words of the platform in one language. */
export interface Texts {
  readonly language: Language;
  /** The text of an id known when the program was written: the compiler refuses a wrong one. */
  say(id: TextId, params?: TextParams): string;
  /** The text of an id put together at run time (`error.EXCHANGE_CLOCK_SKEW`), or undefined when there is none. */
  find(id: string, params?: TextParams): string | undefined;
}

const opened = new Map<Language, Texts>();

/**
 * Opens the catalogues of a language. A text that is missing in it is said in English.
 * @throws when a parameter of a text is missing
 * @example texts('en').say('common.months', { count: 13 }); // '13 months'
 */
export function texts(language: Language): Texts {
  const known = opened.get(language);
  if (known !== undefined) return known;
  const made = openTexts(language);
  opened.set(language, made);
  return made;
}

function openTexts(language: Language): Texts {
  const messages = catalogues[language];
  // Most messages are plain sentences: only those with a brace are parsed, each once.
  const parsed = new Map<string, IntlMessageFormat>();

  function find(id: string, params: TextParams = {}): string | undefined {
    const message = messages.get(id);
    if (message === undefined || !message.includes('{')) return message;
    let format = parsed.get(id);
    if (format === undefined) {
      format = new IntlMessageFormat(message, language, undefined, { ignoreTag: true });
      parsed.set(id, format);
    }
    return String(format.format(params));
  }

  return {
    language,
    find,
    say(id, params) {
      const text = find(id, params);
      if (text !== undefined) return text;
      // No page may fall over a gap; the test of the catalogues finds it.
      return language === 'en' ? id : texts('en').say(id, params);
    },
  };
}

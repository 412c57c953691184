import assert from 'node:assert/strict';
import { test } from 'node:test';
import { IntlMessageFormat } from 'intl-messageformat';
import { catalogues } from './catalogues.ts';
import { LANGUAGES } from './languages.ts';
import { texts } from './texts.ts';

interface Part {
  type: number;
  value?: string;
  options?: Record<string, { value: Part[] }>;
}

/** The kinds of parts that take a parameter, by the parser's numbers: argument, number, date, time, select, plural. */
const TAKES = [1, 2, 3, 4, 5, 6];

/** The parameters of a message with how each is used: `count plural`, `state argument`. */
function placeholders(message: string, language: string): string[] {
  const found = new Set<string>();
  const walk = (parts: Part[]): void => {
    for (const part of parts) {
      if (TAKES.includes(part.type)) found.add(`${part.value} ${part.type}`);
      for (const option of Object.values(part.options ?? {})) walk(option.value);
    }
  };
  walk(new IntlMessageFormat(message, language, undefined, { ignoreTag: true }).getAst() as Part[]);
  return [...found].sort();
}

/** The words of a message, without its parameters and its grammar. */
function literals(message: string, language: string): string {
  const words: string[] = [];
  const walk = (parts: Part[]): void => {
    for (const part of parts) {
      if (part.type === 0) words.push(part.value ?? '');
      for (const option of Object.values(part.options ?? {})) walk(option.value);
    }
  };
  walk(new IntlMessageFormat(message, language, undefined, { ignoreTag: true }).getAst() as Part[]);
  return words.join(' ');
}

function plurals(message: string, language: string): string[][] {
  const found: string[][] = [];
  const walk = (parts: Part[]): void => {
    for (const part of parts) {
      if (part.type === 6) found.push(Object.keys(part.options ?? {}).filter((form) => !form.startsWith('=')));
      for (const option of Object.values(part.options ?? {})) walk(option.value);
    }
  };
  walk(new IntlMessageFormat(message, language, undefined, { ignoreTag: true }).getAst() as Part[]);
  return found;
}

for (const language of LANGUAGES) {
  test(`the texts of ${language} are complete: the same ids as in English, none more, none empty`, () => {
    const ids = [...catalogues[language].keys()].sort();
    assert.deepEqual(ids, [...catalogues.en.keys()].sort());
    for (const [id, text] of catalogues[language]) assert.notEqual(text.trim(), '', id);
  });

  test(`the texts of ${language} take the same parameters as the English ones`, () => {
    for (const [id, text] of catalogues[language]) {
      assert.deepEqual(placeholders(text, language), placeholders(catalogues.en.get(id) ?? '', 'en'), id);
    }
  });

  test(`the texts of ${language} have every plural form of the language`, () => {
    const needed = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    for (const [id, text] of catalogues[language]) {
      for (const forms of plurals(text, language)) {
        for (const form of needed) assert.ok(forms.includes(form), `${id} has no form '${form}'`);
      }
    }
  });

  test(`the texts of ${language} are words, not placeholders, and carry no markup`, () => {
    for (const [id, text] of catalogues[language]) {
      assert.doesNotMatch(text, /TODO|FIXME|XXX|lorem|\?\?\?|\[\[|<[a-z/]|&[a-z]+;/i, id);
      assert.equal(text, text.trim(), id);
      assert.doesNotMatch(text, / {2}/, id);
      // A straight apostrophe is a quotation sign of the message format, and poor typography besides.
      assert.doesNotMatch(text, /'/, id);
      assert.equal(text, text.normalize('NFC'), id);
    }
  });

  test(`the texts of ${language} are in its own letters`, () => {
    const own =
      language === 'en' ? /\p{Script=Latin}/u : language === 'hy' ? /\p{Script=Armenian}/u : /\p{Script=Cyrillic}/u;
    const foreign = { en: /[\p{Script=Cyrillic}\p{Script=Armenian}]/u, hy: /\p{Script=Cyrillic}/u }[
      language as 'en' | 'hy'
    ];
    for (const [id, text] of catalogues[language]) {
      const words = literals(text, language);
      if (id === 'verify.self.command' || !/\p{L}/u.test(words)) continue;
      assert.match(words, own, id);
      if (foreign !== undefined) assert.doesNotMatch(words, foreign, id);
    }
  });
}

test('Kazakh, Kyrgyz and Belarusian were not left in Russian', () => {
  // One word and names may be the same; a whole sentence may not.
  for (const language of ['kk', 'ky', 'be'] as const) {
    for (const [id, text] of catalogues[language]) {
      if (literals(text, language).split(/\s+/).length > 4)
        assert.notEqual(text, catalogues.ru.get(id), `${language} ${id}`);
    }
  }
});

test('letters that a language does not have do not stand in it', () => {
  for (const text of catalogues.be.values()) assert.doesNotMatch(text, /[ищъ]/i, text);
  for (const text of catalogues.ru.values()) assert.doesNotMatch(text, /[іўәғқңөұүһ]/i, text);
  for (const text of catalogues.ky.values()) assert.doesNotMatch(text, /[әғқұһіў]/i, text);
  for (const text of catalogues.kk.values()) assert.doesNotMatch(text, /[ўєї]/i, text);
});

test('plurals follow the language', () => {
  const say = (language: 'ru' | 'be' | 'en', count: number) => texts(language).say('portal.services.found', { count });
  assert.equal(say('en', 0), 'Nothing found');
  assert.equal(say('en', 1), '1 service found');
  assert.equal(say('en', 2), '2 services found');
  assert.match(say('ru', 1), /1 услуга$/);
  assert.match(say('ru', 3), /3 услуги$/);
  assert.match(say('ru', 11), /11 услуг$/);
  assert.match(say('ru', 21), /21 услуга$/);
  assert.match(say('be', 22), /22 паслугі$/);
});

test('a text that is put together at run time is found or not, and never throws', () => {
  assert.equal(texts('en').find('error.NO_SUCH_CODE'), undefined);
  assert.equal(texts('en').find('error.WEB_FILE_TOO_LARGE', { limit: 8 }), 'The file is larger than 8 MB.');
  assert.equal(texts('kk').find('constructor'), undefined);
});

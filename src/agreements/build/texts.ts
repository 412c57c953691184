import { IntlMessageFormat } from 'intl-messageformat';
import { LANGUAGES, type Language } from '../../texts/index.ts';
import type { Draft } from '../read/draft.ts';
import type { Position } from '../types.ts';

/** Notes where a text is used, and gives its id back. */
export function useText(draft: Draft, id: string, at: Position): string {
  if (!draft.usedTexts.has(id)) draft.usedTexts.set(id, at);
  return id;
}

type Parsed = ReturnType<IntlMessageFormat['getAst']>;

/**
 * Checks that every text that is used stands in every language with the same parameters.
 * Findings: AGREEMENT_FILE_MISSING, AGREEMENT_TEXT_MISSING, AGREEMENT_TEXT_SYNTAX, AGREEMENT_TEXT_PARAMETERS.
 */
export function checkTexts(draft: Draft): void {
  const { findings, texts } = draft;
  const first = texts.items.get('en');
  for (const language of LANGUAGES) {
    const file = `texts/${language}.yaml`;
    const read = texts.items.get(language);
    if (read === undefined) {
      if (!texts.broken.has(language)) {
        findings.add('AGREEMENT_FILE_MISSING', { path: file }, { file, line: 1, column: 1 });
      }
      continue;
    }
    for (const [id, at] of draft.usedTexts) {
      if (!Object.hasOwn(read.raw, id)) findings.add('AGREEMENT_TEXT_MISSING', { id, language }, at);
    }
    for (const [id, message] of Object.entries(read.raw)) {
      const at = read.source.at([id], true);
      const parsed = parse(message, language);
      if (typeof parsed === 'string') {
        findings.add('AGREEMENT_TEXT_SYNTAX', { id, reason: parsed }, at);
        continue;
      }
      const model = first?.raw[id];
      const wanted = model === undefined || language === 'en' ? undefined : parse(model, 'en');
      if (wanted === undefined || typeof wanted === 'string') continue;
      const [found, expected] = [parametersOf(parsed), parametersOf(wanted)];
      if (found !== expected) {
        findings.add('AGREEMENT_TEXT_PARAMETERS', { id, language, found, expected, other: 'en' }, at);
      }
    }
  }
  for (const name of texts.items.keys()) {
    const file = `texts/${name}.yaml`;
    if (!(LANGUAGES as readonly string[]).includes(name)) {
      findings.add('AGREEMENT_FILE_UNKNOWN', { path: file }, { file, line: 1, column: 1 });
    }
  }
}

/** No text stands there for nothing. Finding: AGREEMENT_TEXT_UNUSED. */
export function checkUnusedTexts(draft: Draft): void {
  for (const { raw, source } of draft.texts.items.values()) {
    for (const id of Object.keys(raw)) {
      if (!draft.usedTexts.has(id)) draft.findings.add('AGREEMENT_TEXT_UNUSED', { id }, source.at([id], true));
    }
  }
}

/** The parsed message, or what is wrong with it. */
function parse(message: string, language: string): Parsed | string {
  try {
    return new IntlMessageFormat(message, language, undefined, { ignoreTag: true }).getAst();
  } catch (error) {
    return error instanceof Error ? (error.message.split('\n')[0] ?? 'unreadable') : 'unreadable';
  }
}

/** The parameters of a message as a sorted list, for comparison and for people. */
function parametersOf(parsed: Parsed): string {
  const names = new Set<string>();
  const visit = (elements: Parsed): void => {
    for (const element of elements) {
      // 0 is plain text, 7 the # of a plural; every other element names a parameter.
      if (element.type !== 0 && element.type !== 7) names.add(element.value);
      if ('options' in element) for (const option of Object.values(element.options)) visit(option.value);
    }
  };
  visit(parsed);
  return names.size === 0 ? 'no parameters' : [...names].sort().join(', ');
}

/** The texts of an agreement as a function; each message is parsed once, when it is first said. */
export function openTexts(
  draft: Draft,
): (language: string, id: string, params?: Record<string, string | number>) => string {
  const messages = messagesOf(draft);
  const parsed = new Map<string, IntlMessageFormat>();
  return (language, id, params = {}) => {
    const message = messages.get(language)?.get(id) ?? messages.get('en')?.get(id) ?? id;
    if (!message.includes('{')) return message;
    const key = `${language} ${id}`;
    let format = parsed.get(key);
    if (format === undefined) {
      format = new IntlMessageFormat(message, language, undefined, { ignoreTag: true });
      parsed.set(key, format);
    }
    try {
      return String(format.format(params));
    } catch {
      // A missing parameter: the sentence with its gap still says more than a failed page.
      return message;
    }
  };
}

/** Every text as it is written, by language and id. */
export function messagesOf(draft: Draft): ReadonlyMap<string, ReadonlyMap<string, string>> {
  return new Map([...draft.texts.items].map(([language, { raw }]) => [language, new Map(Object.entries(raw))]));
}

/** The languages that an agreement speaks. */
export function languagesOf(draft: Draft): Language[] {
  return LANGUAGES.filter((language) => draft.texts.items.has(language));
}

import {
  type Agreement,
  type ExplainedFact,
  type Field,
  isFileAnswer,
  type ListOfThings,
  type Service,
} from '../../agreements/index.ts';
import type { Json } from '../../storage/index.ts';
import { isLanguage, languageName } from '../../texts/index.ts';
import type { View } from '../ui/index.ts';
import { sizeWords, valueWords } from './values.ts';

/** The words of an agreement in the reader's language. */
export const textOf = (view: View, agreement: Agreement, id: string): string => agreement.text(view.language, id);

/** An answer as words, by the type of its field. */
export function answerWords(view: View, agreement: Agreement, field: Field, value: Json | undefined): string {
  const option = (one: Json): string => {
    const text = typeof one === 'string' ? field.options?.[one] : undefined;
    return text === undefined ? valueWords(view, one) : textOf(view, agreement, text);
  };
  if (value === undefined || value === null) return view.say('common.none');
  if (isFileAnswer(value)) return `${value.name} (${sizeWords(view, value.size)})`;
  if (field.list !== undefined && Array.isArray(value)) return thingsWords(view, agreement, field.list, value);
  if (field.unit !== undefined && typeof value === 'number') {
    return `${view.number(value)} ${textOf(view, agreement, field.unit)}`;
  }
  if (field.type === 'language' && isLanguage(value)) return languageName(value);
  if (Array.isArray(value)) return value.length === 0 ? view.say('common.none') : view.list(value.map(option));
  return field.type === 'choice' ? option(value) : valueWords(view, value);
}

/** A list of things in one sentence, for places that have no room for more. */
function thingsWords(view: View, agreement: Agreement, list: ListOfThings, things: readonly Json[]): string {
  const words = (thing: Json): string =>
    typeof thing !== 'object' || thing === null || Array.isArray(thing)
      ? valueWords(view, thing)
      : Object.entries(thing)
          .flatMap(([name, value]) => {
            const field = list.fields[name];
            return field === undefined ? [] : [answerWords(view, agreement, field, value)];
          })
          .join(', ');
  return things.map((thing, index) => `${index + 1}. ${words(thing)}`).join('; ');
}

export interface ArticleWords {
  title: string;
  /** Read in a public source, or a choice of this project. */
  source: 'law' | 'design';
  url?: string;
  note?: string;
}

/** An article of the agreement's list; its id where the list does not know it. */
export function articleWords(view: View, agreement: Agreement, id: string): ArticleWords {
  const article = agreement.articles[id];
  if (article === undefined) return { title: id, source: 'design' };
  const { source, url, note } = article;
  return {
    title: textOf(view, agreement, article.title),
    source,
    ...(url === undefined ? {} : { url }),
    ...(note === undefined ? {} : { note }),
  };
}

/** An article by its title, and whether it is a choice of this project: nobody must take one for the law. */
export function articleTitle(view: View, agreement: Agreement, id: string): string {
  const { title, source } = articleWords(view, agreement, id);
  if (source === 'law') return title;
  return view.say('common.ground.design', { article: title, mark: view.say('common.explanation.design') });
}

/** The ground of a use of data: a law's article, or her own consent, under one where there is one. */
export function groundWords(
  view: View,
  agreement: Agreement | undefined,
  { kind, article }: { kind: 'law' | 'consent'; article: string },
): string {
  const known = agreement === undefined ? undefined : articleWords(view, agreement, article);
  if (agreement !== undefined && known?.source === 'design') {
    return kind === 'consent' ? view.say('common.ground.consent.own') : articleTitle(view, agreement, article);
  }
  const title = known?.title ?? article;
  return view.say(kind === 'consent' ? 'common.ground.consent' : 'common.ground.law', { article: title });
}

/** What a fact of an explanation is called, what it says and who said it. */
export function factWords(
  view: View,
  agreement: Agreement,
  service: Service | undefined,
  fact: ExplainedFact,
): { label: string; value: string; from?: string } {
  const label = factLabel(view, agreement, service, fact);
  const value = factValue(view, agreement, service, fact);
  const state = fact.evidence?.split('/')[1];
  return { label, value, ...(state === undefined ? {} : { from: view.stateName(state) }) };
}

function factValue(view: View, agreement: Agreement, service: Service | undefined, fact: ExplainedFact): string {
  const [head = '', part = ''] = fact.name.split('.');
  const whole = fact.kind === 'answer' ? service?.fields[head] : undefined;
  const ofThings = whole?.list?.fields[part];
  if (ofThings !== undefined && Array.isArray(fact.value)) {
    return view.list(fact.value.map((value) => answerWords(view, agreement, ofThings, value)));
  }
  const field = ofThings ?? whole;
  if (field !== undefined) return answerWords(view, agreement, field, fact.value);
  return fact.kind === 'rule' ? ruleWords(view, agreement, head, fact.value) : valueWords(view, fact.value);
}

/** The result of a rule: one that gives one of a few words, or names an article of the agreement, has a text for it. */
export function ruleWords(view: View, agreement: Agreement, rule: string, value: Json): string {
  if (typeof value !== 'string') return valueWords(view, value);
  const words = agreement.rules[rule]?.words[value];
  if (words !== undefined) return textOf(view, agreement, words);
  return Object.hasOwn(agreement.articles, value)
    ? articleWords(view, agreement, value).title
    : valueWords(view, value);
}

function factLabel(
  view: View,
  agreement: Agreement,
  service: Service | undefined,
  { kind, name }: ExplainedFact,
): string {
  const [head = name, ...rest] = name.split('.');
  if (kind === 'answer') {
    const whole = service?.fields[head];
    const field = whole?.list?.fields[rest[0] ?? ''] ?? whole;
    if (field !== undefined) return textOf(view, agreement, field.text);
  }
  if (kind === 'rule') {
    const rule = agreement.rules[head];
    if (rule !== undefined) return textOf(view, agreement, rule.title);
  }
  if (kind === 'evidence') {
    const type = Object.values(agreement.evidence).find(({ as }) => as === head);
    const label = type?.labels[rest.join('.')];
    if (label !== undefined) return textOf(view, agreement, label);
    if (type !== undefined) return textOf(view, agreement, type.title);
  }
  if (kind === 'date' || kind === 'lot') return view.find(`common.reference.${name}`) ?? name;
  if (kind === 'state') return view.say('common.reference.state');
  return name;
}

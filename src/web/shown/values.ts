import type { Json } from '../../storage/index.ts';
import type { View } from '../ui/index.ts';

/**
 * A fact as words: dates, numbers and yes or no in the reader's way, codes of states as names, lists joined as in a sentence.
 * Nothing is `null` to a person: what is not there is said so.
 *
 * @example valueWords(view, '2021-01-01') // 'January 1, 2021'
 */
export function valueWords(view: View, value: Json | undefined): string {
  if (value === null || value === undefined || value === '') return view.say('common.none');
  if (typeof value === 'boolean') return view.say(value ? 'common.yes' : 'common.no');
  if (typeof value === 'number') return view.number(value);
  if (typeof value === 'string') return stringWords(view, value);
  if (Array.isArray(value)) {
    return value.length === 0 ? view.say('common.none') : view.list(value.map((item) => valueWords(view, item)));
  }
  const parts = Object.entries(value).filter(([, part]) => part !== null && part !== '');
  if (isOpenPeriod(value)) return periodWords(view, value);
  return (
    parts.map(([key, part]) => `${keyWords(view, key)}: ${valueWords(view, part)}`).join('; ') ||
    view.say('common.none')
  );
}

function stringWords(view: View, value: string): string {
  if (/^\d{4}-\d{2}-\d{2}(T[\d:.]+Z)?$/.test(value)) return view.date(value);
  if (view.states.includes(value.toLowerCase())) return view.stateName(value.toLowerCase());
  if (/^P(?=\d|T\d)[\dYMWDTHS]+$/.test(value)) return view.duration(value);
  return view.find(`common.code.${value}`) ?? value;
}

interface Period {
  from: string;
  to?: string | null;
}

const isOpenPeriod = (value: object): value is Period =>
  'from' in value &&
  typeof value.from === 'string' &&
  Object.keys(value).every((key) => key === 'from' || key === 'to');

const periodWords = (view: View, { from, to }: Period): string =>
  view.say('common.period', { from: view.shortDate(from), to: to ? view.shortDate(to) : view.say('common.today') });

const keyWords = (view: View, key: string): string => (view.states.includes(key) ? view.stateName(key) : key);

/** A number of bytes as people say it. */
export function sizeWords(view: View, bytes: number): string {
  const megabytes = Math.round(bytes / 100_000) / 10;
  return megabytes >= 1
    ? view.say('common.size.MB', { number: view.number(megabytes) })
    : view.say('common.size.kB', { number: view.number(Math.max(1, Math.round(bytes / 1000))) });
}

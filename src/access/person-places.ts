import { Failure, type Json } from '../storage/index.ts';
import { type PathPattern, pathPattern } from './pattern.ts';

/** A place in a call, or in its answer, where the number of a person stands. */
export interface PersonPlace {
  /** `none`: calls of these paths are about nobody. */
  in: 'none' | 'path' | 'query' | 'header' | 'body' | 'answer';
  /** A pattern of paths, one segment of it `{person}`; a parameter; a header in lower case; a JSON pointer, `*` for each element. */
  name: string;
  /** The state whose number it is; undefined: the state of the service. */
  state?: string;
  /** Of paths: matches the canonical one; of its segments, where the number is, a negative place counted from the end. */
  pattern?: PathPattern;
  segment?: number;
}

const MOST_PLACES = 20;
const FORM = /^(none|path|query|header|body|answer):(.{1,300}?)(?:@([a-z]{2}))?$/s;

/**
 * Reads what a service says of the persons whom its calls concern. It must say something: `none` (its calls are about nobody), or one
 * place or several, each tried for every call.
 *
 * @param texts `none`, `none:/codes/**`, `path:/persons/{person}/**`, `query:code`, `header:X-Person-Code`, `body:/person/code`,
 *   `answer:/items/&#42;/code`; with `@by` behind it the number is one of that state
 * @throws Failure ACCESS_PERSONS
 * @example readPersonPlaces(['path:/persons/{person}', 'none:/health'])
 */
export function readPersonPlaces(texts: readonly string[]): PersonPlace[] {
  const unfit = (reason: string) => new Failure('ACCESS_PERSONS', { reason });
  if (texts.length === 0) throw unfit('it says nothing; say "none" where no call concerns a person');
  if (texts.length > MOST_PLACES) throw unfit(`it names more than ${MOST_PLACES} places`);
  return texts.map((text) => {
    const [, kind, name = '', state] = FORM.exec(text === 'none' ? 'none:/**' : text) ?? [];
    const place = kind as PersonPlace['in'] | undefined;
    if (place === undefined || (place === 'none' && state !== undefined))
      throw unfit(`"${text.slice(0, 60)}" is no place: none, path:, query:, header:, body: or answer:`);
    const read: PersonPlace = { in: place, name, ...(state === undefined ? {} : { state }) };
    if (place === 'none') return { ...read, pattern: pathPattern(name) };
    if (place === 'path') return { ...read, ...personPath(name, unfit) };
    if ((place === 'body' || place === 'answer') && !name.startsWith('/'))
      throw unfit('a place in a body or an answer is a JSON pointer and begins with a slash');
    if (place === 'header' && !/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/.test(name)) throw unfit('a header has no such name');
    return place === 'header' ? { ...read, name: name.toLowerCase() } : read;
  });
}

/** The paths in which one segment is a person's number, and which: counted from the end (negative) where what stands before it varies. */
function personPath(name: string, unfit: (reason: string) => Failure): Pick<PersonPlace, 'pattern' | 'segment'> {
  const segments = name.split('/').slice(1);
  const at = segments.indexOf('{person}');
  if (at < 0 || segments.lastIndexOf('{person}') !== at)
    throw unfit('a place in the path has exactly one segment {person}');
  const varies = segments.flatMap((segment, place) => (segment === '**' ? [place] : []));
  if (varies.some((place) => place < at) && varies.some((place) => place > at))
    throw unfit('a place in the path may have ** before {person} or after it, not both');
  const segment = varies.some((place) => place < at) ? at - segments.length : at;
  return { pattern: pathPattern(name.replace('{person}', '*')), segment };
}

/** Somebody whom a call or its answer names: her number, as it stood there, and whose number it is. */
export interface NamedPerson {
  number: string;
  /** Undefined: a number of the state of the service. */
  state?: string;
}

/** What of a call can name a person. */
export interface CallParts {
  /** Canonical. */
  path: string;
  /** With its question mark, or empty. */
  rawQuery: string;
  headers: readonly (readonly [name: string, value: string])[];
  /** Read where a place in the body was declared; undefined where there is none, or it is not JSON. */
  body?: Json;
}

/**
 * Whom a call names. Each place is looked at; every value of a parameter that repeats counts.
 * @returns undefined where the service says that calls of this path are about nobody
 * @throws Failure ACCESS_PERSON_UNNAMED where no place in the call names anybody and the answer will not either, and where what stands there
 *   is no number
 */
export function namedInCall(places: readonly PersonPlace[], call: CallParts): NamedPerson[] | undefined {
  if (places.some((place) => place.in === 'none' && place.pattern?.test(call.path))) return undefined;
  const named = places.flatMap((place) =>
    placed(place, call).map((value) => ({
      number: numberOf(value),
      ...(place.state === undefined ? {} : { state: place.state }),
    })),
  );
  if (named.length === 0 && !places.some((place) => place.in === 'answer'))
    throw unnamed('it has no number where the description of the service has one');
  return distinct(named);
}

/**
 * Whom an answer names, by the places that the service declares in it.
 * @throws Failure ACCESS_PERSON_UNNAMED where a place is missing: only a list without elements names nobody
 */
export function namedInAnswer(places: readonly PersonPlace[], answer: Json): NamedPerson[] {
  const named = places.flatMap(({ in: kind, name, state }) =>
    kind !== 'answer'
      ? []
      : valuesAt(answer, name.slice(1).split('/').map(unescaped)).map((value) => {
          if (value === undefined) throw unnamed('the answer has no number where the description has one');
          return { number: numberOf(value), ...(state === undefined ? {} : { state }) };
        }),
  );
  return distinct(named);
}

function placed({ in: kind, name, pattern, segment }: PersonPlace, call: CallParts): Json[] {
  switch (kind) {
    case 'path': {
      if (!pattern?.test(call.path)) return [];
      const found = call.path
        .split('/')
        .slice(1)
        .at(segment ?? 0);
      return found === undefined ? [] : [decodeURIComponent(found)];
    }
    case 'query':
      return parameters(call.rawQuery, name);
    case 'header':
      return call.headers.filter(([key]) => key.toLowerCase() === name).map(([, value]) => value.trim());
    case 'body': {
      if (call.body === undefined) return [];
      return valuesAt(call.body, name.slice(1).split('/').map(unescaped)).filter((value) => value !== undefined);
    }
    default:
      return [];
  }
}

function parameters(rawQuery: string, name: string): string[] {
  // Some servers part parameters there, others do not: nobody could say whom the call is about.
  if (rawQuery.includes(';')) throw unnamed('its query has a semicolon');
  return rawQuery
    .slice(1)
    .split('&')
    .flatMap((pair) => {
      const at = pair.indexOf('=');
      const [key, value] = at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
      return decoded(key) === name ? [decoded(value)] : [];
    });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw unnamed('its query is not UTF-8');
  }
}

const unescaped = (token: string): string => token.replaceAll('~1', '/').replaceAll('~0', '~');

/** The values at a pointer; undefined for one that is missing. A list that is walked with `*` may be empty. */
function valuesAt(value: Json | undefined, path: readonly string[]): (Json | undefined)[] {
  const [head, ...rest] = path;
  if (head === undefined) return [value];
  if (typeof value !== 'object' || value === null) return [undefined];
  if (head === '*') return (Array.isArray(value) ? value : Object.values(value)).flatMap((one) => valuesAt(one, rest));
  return valuesAt(Object.hasOwn(value, head) ? (value as { [key: string]: Json })[head] : undefined, rest);
}

/** @throws Failure ACCESS_PERSON_UNNAMED where it is no number of a person, so that no second one hides in it */
function numberOf(value: Json): string {
  const text = Number.isSafeInteger(value) ? String(value) : value;
  if (typeof text !== 'string' || !/^[\p{L}\p{N}][\p{L}\p{N} ./-]{0,63}$/u.test(text))
    throw unnamed('what stands there is not the number of a person');
  return text;
}

const unnamed = (reason: string): Failure => new Failure('ACCESS_PERSON_UNNAMED', { reason });

function distinct(named: readonly NamedPerson[]): NamedPerson[] {
  return [...new Map(named.map((one) => [`${one.state ?? ''} ${one.number}`, one])).values()];
}

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { renderToString } from 'preact-render-to-string';
import { type Agreement, getAgreement } from '../agreements/index.ts';
import { LANGUAGES, languageName, texts } from '../texts/index.ts';
import { gallery } from './gallery/gallery.tsx';
import { sampleView } from './gallery/sample-view.ts';
import type { View } from './ui/index.ts';

const ROOT = process.env.COMMONWAY_ROOT ?? process.cwd();
const pension = (): Promise<Agreement> => getAgreement(join(ROOT, 'agreements', 'pension'));

function sourcesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Words between tags, and in attributes that people read or hear. */
function bareWords(source: string): string[] {
  const between = [...source.matchAll(/<\/?[A-Za-z][^<>]*>\s*([^<>{}]*\p{L}[^<>{}]*?)\s*(?=[<{])/gu)].map(
    ([, words = '']) => words,
  );
  const read = [
    ...source.matchAll(
      /\s(?:title|label|hint|alt|placeholder|aria-label|words|lead|caption|summary)="([^"]*\p{L}[^"]*)"/gu,
    ),
  ];
  // Types in angle brackets look like tags to this scan: code has signs that sentences lack.
  return [
    ...between.filter((words) => !/[=;()|&]|=>|\bconst\b|^\s*(,|\.)/.test(words)),
    ...read.map(([, words = '']) => words),
  ];
}

test('the scan for bare words finds them', () => {
  assert.deepEqual(bareWords('<p>Hello there</p>'), ['Hello there']);
  assert.deepEqual(bareWords('<p class="x">\n  Hello {name}\n</p>'), ['Hello']);
  assert.deepEqual(bareWords('<Icon title="Close" />'), ['Close']);
  assert.deepEqual(bareWords("<p>{say('common.back')}</p>"), []);
});

test('no page has a bare word in its source: every sentence is in the catalogues', () => {
  const pages = [join(ROOT, 'src', 'web'), join(ROOT, 'src', 'agreements', 'print')].flatMap(sourcesBelow);
  for (const file of pages.filter((name) => name.endsWith('.tsx') && !name.includes('.test.'))) {
    assert.deepEqual(bareWords(readFileSync(file, 'utf8')), [], file);
  }
});

/** A view whose every text is marked, and an agreement whose every text is: what is unmarked came from elsewhere. */
function marked(agreement: Agreement): { view: View; agreement: Agreement } {
  const mark = (words: string): string => `⟦${words}⟧`;
  const { say, find } = texts('en');
  const plain = sampleView('en');
  const view: View = {
    ...plain,
    say: (id, params) => mark(say(id, params)),
    find: (id, params) => {
      const words = find(id, params);
      return words === undefined ? undefined : mark(words);
    },
    date: (value) => mark(plain.date(value)),
    shortDate: (value) => mark(plain.shortDate(value)),
    duration: (value) => mark(plain.duration(value)),
    list: (words) => mark(plain.list(words)),
    stateName: (state) => mark(plain.stateName(state)),
    agencyName: (agency) => mark(agency),
  };
  return {
    view,
    agreement: { ...agreement, text: (language, id, params) => mark(agreement.text(language, id, params)) },
  };
}

/** The words of a page that nothing marked: between tags, and in attributes that are read aloud. */
function unmarked(html: string): string[] {
  const attributes = [...html.matchAll(/\s(?:aria-label|title|alt|placeholder|data-words-[a-z]+)="([^"]*)"/g)].map(
    ([, words = '']) => words,
  );
  // What an operator types is no sentence either.
  const said = html.replace(/<head>[\s\S]*?<\/head>/, ' ').replace(/<code[^>]*>\.\/commonway [^<]*<\/code>/g, ' ');
  const text = said.replace(/<[^>]*>/g, '\n');
  return [...text.split('\n'), ...attributes].flatMap((words) => {
    let rest = words;
    while (/⟦[^⟦⟧]*⟧/.test(rest)) rest = rest.replace(/⟦[^⟦⟧]*⟧/g, '');
    return /\p{L}/u.test(rest) ? [rest.trim()] : [];
  });
}

/** What may stand unmarked: languages in themselves, names and numbers of people, codes for machines. */
const PROPER = [
  ...LANGUAGES.map((language) => languageName(language)),
  'Asel T.',
  'D. O.',
  'officer-kz-1',
  'KZ-T-000101',
  'RU-P-000101',
  'KG-P-000101',
  'RU-P-000101; ',
  'GMT+5',
];

test('on every page each word comes from a catalogue or an agreement', async () => {
  const { view, agreement } = marked(await pension());
  for (const [name, page] of Object.entries(gallery(agreement))) {
    const found = unmarked(renderToString(page(view))).filter((words) => {
      const bare = PROPER.reduce((rest, proper) => rest.replaceAll(proper, ''), words);
      // Reference numbers, digests, codes of errors and decision values are no sentences.
      return /\p{L}{3}/u.test(bare.replace(/\b[0-9A-F]{5}-[0-9A-F]{5}\b|\b[0-9a-f]{8,64}\b|\b[A-Z]+(_[A-Z]+)+\b/g, ''));
    });
    assert.deepEqual(found, [], name);
  }
});

test('every page renders in every language, with its language and direction, one heading, and no gap', async () => {
  const agreement = await pension();
  for (const language of LANGUAGES) {
    for (const [name, page] of Object.entries(gallery(agreement))) {
      const html = renderToString(page(sampleView(language)));
      assert.match(html, new RegExp(`<html lang="${language}" dir="ltr"`), name);
      assert.equal(html.match(/<h1[\s>]/g)?.length, 1, `${language} ${name}`);
      assert.doesNotMatch(html, /undefined|\[object|NaN|null</, `${language} ${name}`);
      assert.match(html, /<a class="cw-skip" href="#main">/, name);
    }
  }
});

test('every control has a label, and every id stands once', async () => {
  const agreement = await pension();
  for (const [name, page] of Object.entries(gallery(agreement))) {
    const html = renderToString(page(sampleView('en')));
    const ids = [...html.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id);
    assert.equal(new Set(ids).size, ids.length, `${name}: ${ids.filter((id, index) => ids.indexOf(id) !== index)}`);
    const controls = [...html.matchAll(/<(?:input|select|textarea)\b([^>]*)>/g)].map(
      ([, attributes = '']) => attributes,
    );
    for (const attributes of controls.filter((one) => !/type="hidden"/.test(one))) {
      const id = /\sid="([^"]+)"/.exec(attributes)?.[1];
      assert.ok(id !== undefined && html.includes(`for="${id}"`), `${name}: ${attributes}`);
    }
    for (const [, target] of html.matchAll(/aria-describedby="([^"]+)"/g)) {
      for (const id of (target ?? '').split(' ')) assert.ok(ids.includes(id), `${name}: ${id}`);
    }
  }
});

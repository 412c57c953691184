import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { type HTMLElement, parse } from 'node-html-parser';
import { LANGUAGES, texts } from '../../texts/index.ts';
import { getAgreement } from '../load.ts';
import type { Agreement } from '../types.ts';
import { printRegulation, regulationStyle } from './regulation.tsx';
import { digestsOf } from './sheet.ts';

const root = process.env.COMMONWAY_ROOT ?? process.cwd();

describe('a printed regulation', () => {
  let pension: Agreement;
  let parking: Agreement;
  let wide: Agreement;
  const pages = new Map<string, string>();
  before(async () => {
    pension = await getAgreement(join(root, 'agreements', 'pension'));
    parking = await getAgreement(join(root, 'src', 'agreements', 'fixtures', 'good'));
    wide = await getAgreement(join(root, 'src', 'agreements', 'fixtures', 'wide'));
    for (const agreement of [pension, parking, wide]) {
      for (const language of LANGUAGES) {
        pages.set(`${agreement.name} ${language}`, printRegulation(agreement, language));
      }
    }
  });
  const each = (check: (page: HTMLElement, name: string, html: string) => void) => {
    assert.equal(pages.size, 3 * LANGUAGES.length);
    for (const [name, html] of pages) check(parse(html), name, html);
  };

  it('is the same, byte for byte, for the same digests', async () => {
    const again = await getAgreement(join(root, 'agreements', 'pension'));
    for (const language of LANGUAGES) {
      assert.equal(printRegulation(again, language), pages.get(`pension ${language}`));
    }
  });

  it('bears its digests on the first page, and the beginnings of the three ratified ones along every page on paper', () => {
    for (const digest of Object.values(digestsOf(pension))) {
      for (const language of LANGUAGES) {
        const page = parse(pages.get(`pension ${language}`) ?? '');
        assert.ok(page.querySelector('header')?.text.includes(digest));
        if (digest === digestsOf(pension).examples) continue;
        assert.match(
          regulationStyle(pension, language),
          new RegExp(`@top-right\\{content:"[^"]*${digest.slice(0, 16)}`),
        );
      }
    }
    assert.match(regulationStyle(pension, 'en'), /@bottom-right\{content:counter\(page\) " \/ " counter\(pages\)/);
  });

  it('stands alone: no script, nothing from elsewhere, and a policy that allows its one style sheet', () => {
    each((page, name, html) => {
      assert.equal(page.querySelectorAll('script, link, img, iframe, object, [style]').length, 0, name);
      for (const element of page.querySelectorAll('*')) {
        for (const [attribute, value] of Object.entries(element.attrs)) {
          assert.doesNotMatch(attribute, /^on/i, name);
          if (['href', 'src', 'action'].includes(attribute)) assert.match(value, /^#/, name);
        }
      }
      const style = /<style>([\s\S]*)<\/style>/.exec(html)?.[1] ?? '';
      assert.doesNotMatch(style, /url\(|@import/, name);
      const hash = createHash('sha256').update(style).digest('base64');
      const policy = page.querySelector('meta[http-equiv=Content-Security-Policy]')?.getAttribute('content');
      assert.equal(policy, `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`);
    });
  });

  it('can be read by heading, by table and by link', () => {
    each((page, name) => {
      const levels = page.querySelectorAll('h1, h2, h3, h4').map(({ tagName }) => Number(tagName.slice(1)));
      assert.equal(levels[0], 1, name);
      levels.forEach((level, index) => {
        assert.ok(index === 0 || (level > 1 && level <= (levels[index - 1] ?? 0) + 1), `${name}: heading ${index}`);
      });
      const ids = page.querySelectorAll('[id]').map(({ id }) => id);
      assert.equal(new Set(ids).size, ids.length, `${name}: ${ids.filter((id, at) => ids.indexOf(id) !== at)}`);
      for (const link of page.querySelectorAll('a')) {
        assert.ok(ids.includes(link.getAttribute('href')?.slice(1) ?? ''), `${name}: ${link.outerHTML}`);
      }
      for (const head of page.querySelectorAll('th'))
        assert.match(head.getAttribute('scope') ?? '', /^(col|row)$/, name);
    });
  });

  it('says all of it: articles, transactions, evidence, fields, rules, documents, annexes and examples', () => {
    for (const agreement of [pension, parking, wide]) {
      for (const language of LANGUAGES) {
        const text = parse(pages.get(`${agreement.name} ${language}`) ?? '').text;
        const say = (id: string): string => agreement.text(language, id);
        const wanted = [
          ...Object.values(agreement.articles).flatMap(({ title, url, note }) => [say(title), url ?? '', note ?? '']),
          ...Object.values(agreement.transactions).flatMap(({ code, title }) => [code, say(title)]),
          ...Object.values(agreement.roles).map(({ title }) => say(title)),
          ...Object.values(agreement.evidence).flatMap(({ title, labels }) =>
            [title, ...Object.values(labels)].map(say),
          ),
          ...Object.values(agreement.services).flatMap(({ fields, form, stages }) => [
            ...Object.values(fields)
              .flatMap((field) => [field, ...Object.values(field.list?.fields ?? {})])
              .flatMap(({ name, text: question, unit }) => [
                name,
                say(question),
                ...(unit === undefined ? [] : [say(unit)]),
              ]),
            ...[...form, ...stages].map(({ title }) => say(title)),
          ]),
          ...Object.values(agreement.functions).flatMap(({ title, text: written }) => [say(title), written.trim()]),
          ...Object.values(agreement.rules).flatMap(({ name, title, versions }) => [
            ...[name, say(title)],
            ...versions.filter(({ table }) => !table).map(({ text: written }) => written.trim()),
          ]),
          ...Object.values(agreement.documents).flatMap(({ vct, labels }) => [vct, ...Object.values(labels).map(say)]),
          ...Object.values(agreement.annexes).flatMap(({ digest, roles }) => [digest, ...Object.values(roles)]),
          ...agreement.scenarios.map(({ name }) => name.split('/')[1] ?? ''),
        ];
        for (const words of wanted) assert.ok(text.includes(words), `${agreement.name} ${language}: ${words}`);
      }
    }
  });

  it('has no gap in any language, and no English in another', () => {
    const english = new Set(['legal basis', 'abnormal situations', 'journey map', 'design choice']);
    each((page, name) => {
      const { text } = page.querySelector('main') ?? page;
      assert.doesNotMatch(
        text,
        /undefined|\[object|NaN|\b(regulation|wording|common|portal|error)\.[a-z]+\.?[a-z]/,
        name,
      );
      for (const words of english) {
        assert.equal(text.toLowerCase().includes(words), name.endsWith(' en'), `${name}: ${words}`);
      }
    });
  });

  it('names the questions of a thing in the conditions of its other questions', () => {
    const fields = parse(pages.get('goods en') ?? '').querySelector('#services')?.text ?? '';
    assert.ok(fields.includes('Asked only if: «Value» is more than 500'));
    assert.ok(fields.includes('Of the kinds PDF, at most 500 kB'));
    assert.ok(fields.includes('Goods line: from 1 to 3'));
  });

  it('marks what was read in a law and what was chosen, wherever an article is named', () => {
    const page = parse(pages.get('pension en') ?? '');
    const marks = (selector: string) => page.querySelectorAll(`${selector} .mark`).map(({ text }) => text);
    assert.deepEqual(marks('#rule-monthsHere'), ['design choice']);
    assert.deepEqual(marks('#rule-twelveMonths'), ['law']);
    assert.deepEqual(
      marks('#annex-earlierLaw').filter((mark) => mark !== 'law'),
      [],
    );
  });

  it('says what other authorities are told, and what an officer adds', () => {
    const text = parse(pages.get('pension en') ?? '').querySelector('#services')?.text ?? '';
    for (const { title, sends } of Object.values(pension.services).flatMap(({ stages }) => stages)) {
      if (sends === undefined) continue;
      assert.ok(text.includes(`${pension.text('en', title)} ${sends.transaction}`), title);
      for (const { label } of Object.values(sends.carries)) assert.ok(text.includes(pension.text('en', label)), label);
      for (const field of Object.values(sends.asks))
        assert.ok(text.includes(pension.text('en', field.text)), field.name);
    }
  });

  it('says what the platform does otherwise than the agreement', () => {
    const limits = (name: string): string => parse(pages.get(name) ?? '').querySelector('#limits')?.text ?? '';
    const { say } = texts('en');
    assert.ok(limits('goods en').includes(say('regulation.limit.correctDecision')), 'goods know no correction');
    assert.ok(!limits('pension en').includes(say('regulation.limit.correctDecision')), 'pension does');
  });

  it('says by which article silence decides, and how an error in a decision is put right', () => {
    const terms = (name: string): string => parse(pages.get(name) ?? '').querySelector('#services')?.text ?? '';
    const law = parking.text('en', parking.articles['parking-law']?.title ?? '');
    assert.ok(terms('parking en').includes(texts('en').say('regulation.silence.by', { article: law })));
    assert.match(terms('pension en'), /put right by a new signed decision .*P\.PN\.01\.TRN\.010/);
    assert.doesNotMatch(terms('goods en'), /put right by a new signed decision/);
  });

  it('says who stands by its words, or that nobody does yet', () => {
    const by = { by: 'A. Sample', role: 'Translator', on: '2026-01-02' };
    const approved = { ...pension, approvals: { be: by } };
    assert.match(printRegulation(approved, 'be'), /A. Sample, Translator, 2 студзеня 2026/);
    const draft = texts('ky').say('portal.service.translation');
    assert.ok(printRegulation(approved, 'ky').includes(draft));
  });

  it('shows what a text says as text, whatever stands in it', () => {
    const hostile = '</style></title><script>alert(1)</script>"\\A }*{';
    const changed: Agreement = {
      ...pension,
      text: (language, id) => (id === pension.title ? hostile : pension.text(language, id)),
    };
    const html = printRegulation(changed, 'en');
    assert.doesNotMatch(html, /<script|<\/style><\/title>/);
    assert.equal(parse(html).querySelector('h1')?.text, hostile);
  });

  it('leaves its style to a portal that has it under an address', () => {
    const html = printRegulation(pension, 'ky', '/style.css');
    const page = parse(html);
    assert.equal(page.querySelector('link[rel=stylesheet]')?.getAttribute('href'), '/style.css');
    assert.equal(page.querySelectorAll('style, meta[http-equiv]').length, 0);
    const bodyOf = (whole: string): string => whole.slice(whole.indexOf('<body>'));
    assert.equal(bodyOf(html), bodyOf(pages.get('pension ky') ?? ''), 'the words are the same');
  });
});

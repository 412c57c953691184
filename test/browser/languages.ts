import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { LANGUAGES } from '../../src/texts/index.ts';
import { assertClean, gaps, overflowAt320, wordsOf } from '../harness/browser.ts';
import { type Stage, sent } from './stage.ts';
import { openSurvey } from './survey.ts';

/** Letters that a language has and its neighbours have not. */
const LETTERS: Readonly<Record<(typeof LANGUAGES)[number], RegExp>> = {
  en: /[a-z]{4}/,
  ru: /[ыэъё]/,
  kk: /[әғқұһ]/,
  ky: /[ңөү]/,
  hy: /[ա-և]{4}/,
  be: /ў/,
};
const SCHEMES = ['light', 'dark'] as const;

/** Six languages and two colour schemes say the same. */
export function languages(stage: () => Stage): void {
  const survey = openSurvey();
  const pages = () => ['/', '/services/pension/pension', `/applications/${sent(stage()).id}`];

  test('start, service and application stand in each of the six languages, whole', async () => {
    const visitor = await stage().comes('aigerim', { javaScriptEnabled: false });
    const { page } = visitor;
    for (const path of pages()) {
      const headings = new Set<string>();
      const english = new Set<string>();
      for (const language of LANGUAGES) {
        const name = `${path} in ${language}`;
        await page.goto(stage().at(path));
        await page.locator(`footer a[lang=${language}]`).click();
        assert.equal(new URL(page.url()).pathname, path, 'who changes the language stays where she is');
        assert.equal(await page.locator('html').getAttribute('lang'), language);
        assert.equal(await page.locator(`footer a[lang=${language}]`).getAttribute('aria-current'), 'true');
        headings.add(await page.locator('h1').innerText());
        const words = await wordsOf(page);
        assert.match(words, LETTERS[language], name);
        const sentences = new Set(words.split('\n').filter((line) => /[a-z]{2,} [a-z]{2,}/i.test(line)));
        for (const sentence of language === 'en' ? sentences : []) english.add(sentence);
        survey.note(name, language === 'en' ? [] : [...sentences.intersection(english)]);
        survey.note(name, [...gaps(words), ...(await overflowAt320(page))]);
      }
      assert.ok(english.size > 5);
      assert.equal(headings.size, LANGUAGES.length);
    }
    survey.assertNoFaults();
    assertClean(visitor);
    await visitor.context.close();
  });

  test('the regulation and the picture of its journey stand in each of the six languages, light and dark', async () => {
    for (const colorScheme of SCHEMES) {
      const visitor = await stage().comes('aigerim', { colorScheme, javaScriptEnabled: false });
      const { page } = visitor;
      for (const language of LANGUAGES) {
        await page.goto(stage().at(`/services/pension/pension/regulation?language=${language}`));
        const name = `regulation ${language} ${colorScheme}`;
        assert.match(await wordsOf(page), LETTERS[language], name);
        assert.equal((await lightness(page)) > 0.5, colorScheme === 'light', name);
        survey.note(name, [...gaps(await wordsOf(page)), ...(await overflowAt320(page))]);
        await page.goto(stage().at(`/services/pension/pension/journey.svg?language=${language}`));
        const ground = await page.locator('.jm-ground').evaluate((one) => getComputedStyle(one).fill);
        assert.equal(ground === 'rgb(255, 255, 255)', colorScheme === 'light', `its own style: ${name}`);
      }
      assertClean(visitor);
      await visitor.context.close();
    }
    survey.assertNoFaults();
  });

  test('the regulation goes to paper, page by page, with its structure for who listens', async () => {
    const { context, page } = await stage().comes('marat', { javaScriptEnabled: false });
    await page.goto(stage().at('/services/pension/pension/regulation?language=hy'));
    const paper = (await page.pdf({ preferCSSPageSize: true, tagged: true, outline: true })).toString('latin1');
    assert.match(paper, /\/StructTreeRoot[\s\S]*\/Outlines|\/Outlines[\s\S]*\/StructTreeRoot/);
    assert.ok((paper.match(/\/Type \/Page\b/g) ?? []).length > 20);
    assert.match(paper, /\/MediaBox \[0 0 59[45][.\d]* 84[12][.\d]*\]/, 'A4');
    await context.close();
  });

  test('dark pages are dark, light ones light, and both can be read', async () => {
    for (const colorScheme of SCHEMES) {
      const visitor = await stage().comes('aigerim', { colorScheme });
      const { page } = visitor;
      for (const path of pages().filter((one) => !one.startsWith('/services'))) {
        await page.goto(stage().at(path));
        assert.equal((await lightness(page)) > 0.5, colorScheme === 'light', `${path} ${colorScheme}`);
        await survey.look(page, `${path} ${colorScheme}`);
      }
      // Her own choice counts more than what the device says.
      const other = colorScheme === 'light' ? 'dark' : 'light';
      await page.goto(stage().at(`/appearance?to=${other}&back=/`));
      assert.equal((await lightness(page)) > 0.5, other === 'light', `chosen ${other}`);
      await visitor.context.close();
    }
    survey.assertNoFaults();
  });

  const skip = process.env.COMMONWAY_ALL ? false : 'with --all';
  test('every page in every language, light and dark', { skip }, async () => {
    const more = ['/services', '/sign-in', '/applications', '/access', '/links', '/mailbox', '/documents', '/verify'];
    for (const colorScheme of SCHEMES) {
      const visitor = await stage().comes('aigerim', { colorScheme });
      const { page } = visitor;
      for (const language of LANGUAGES) {
        await page.goto(stage().at(`/language?to=${language}&back=/`));
        for (const path of [...pages(), ...more]) {
          await page.goto(stage().at(path));
          await survey.look(page, `${path} ${language} ${colorScheme} too`);
        }
      }
      await visitor.context.close();
    }
    survey.assertNoFaults();
  });
}

/** How light the ground of a page is: 0 is black, 1 is white. */
function lightness(page: Page): Promise<number> {
  return page.evaluate(() => {
    const grounds = [document.body, document.documentElement].map((one) => getComputedStyle(one).backgroundColor);
    const ground = grounds.find((one) => !/, 0\)$|transparent/.test(one)) ?? 'rgb(255, 255, 255)';
    const [red = 0, green = 0, blue = 0] = (ground.match(/[\d.]+/g) ?? []).map(Number);
    return (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255;
  });
}

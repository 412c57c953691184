import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { texts } from '../../src/texts/index.ts';
import { assertClean, focused, visit } from '../harness/browser.ts';
import { persona } from '../harness/union.ts';
import * as walk from '../harness/walk.ts';
import type { Stage } from './stage.ts';

const { say } = texts('en');
const GO_ON = `button ${say('common.continue')}`;

/** Everything can be done without a mouse, and one always sees where one is. */
export function keyboard(stage: () => Stage): void {
  test('leads through the sign-in and a form, past what is wrong in it', async () => {
    const visitor = await visit(stage().browser);
    const { page } = visitor;
    const press = (key: string) => page.keyboard.press(key);
    await page.goto(stage().at('/sign-in'));
    await press('Tab');
    assert.equal(await focused(page), `a ${say('common.skip')}`);
    const { y = -1 } = (await page.locator('.cw-skip').boundingBox()) ?? {};
    assert.ok(y >= 0, 'the skip link is seen once it has the focus');
    await press('Enter');
    assert.match(await focused(page), /^main#main/);
    await tabTo(page, say('portal.signIn.as', { name: persona('marat').name }));
    await press('Enter');
    await page.waitForURL('**/services');
    await page.goto(stage().at('/services/pension/pension'));
    await tabTo(page, say('portal.service.start'));
    await press('Enter');
    await page.waitForURL('**/drafts/*');
    await tabTo(page, `a ${say('common.continue')}`);
    await press('Enter');
    await page.waitForURL('**/pages/work');
    await tabTo(page, GO_ON);
    await press('Enter');
    await page.locator('.cw-errors').waitFor();
    assert.ok((await focused(page)).startsWith(`div ${say('common.wrong.title')}`));
    await press('Tab');
    await press('Enter');
    assert.match(await focused(page), /^input#statesOfWork/, 'what is wrong leads to where it is put right');
    for (const name of ['statesOfWork-by', 'statesOfWork-kz']) {
      await tabTo(page, `#${name}`);
      await press('Space');
    }
    await tabTo(page, GO_ON);
    await press('Enter');
    await page.waitForURL('**/pages/numbers');
    assertClean(visitor);
    await visitor.context.close();
  });

  test('finds what is wrong first without scripts too', async () => {
    const visitor = await stage().comes('marat', { javaScriptEnabled: false });
    const { page } = visitor;
    await page.goto(stage().at('/applications'));
    await page.locator('a[href^="/drafts/"]').first().click();
    await page.getByRole('link', { name: say('common.continue'), exact: true }).click();
    // The numbers may stay open; the claim may not.
    await walk.button(page, say('common.continue')).click();
    await page.waitForURL('**/pages/claim');
    await walk.button(page, say('common.continue')).click();
    await page.locator('.cw-errors').waitFor();
    assert.ok((await focused(page)).startsWith(`div ${say('common.wrong.title')}`));
    await visitor.context.close();
  });
}

/** Presses Tab until the element with these words has the focus; whatever has it on the way must show that. */
async function tabTo(page: Page, words: string): Promise<void> {
  for (let step = 0; step < 80; step++) {
    await page.keyboard.press('Tab');
    const now = await focused(page);
    const shown = await page.evaluate(() => {
      const one = document.activeElement ?? document.body;
      // What stands for the whole of a card or a choice has its ring around that.
      return [one, one.closest('.cw-card, .cw-choice')].some((ringed) => {
        if (ringed === null) return false;
        const { outlineStyle, outlineWidth } = getComputedStyle(ringed);
        return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2;
      });
    });
    assert.ok(now === '' || shown, `${now} does not show that it has the focus`);
    if (now.includes(words)) return;
  }
  assert.fail(`no key leads to ${words}`);
}

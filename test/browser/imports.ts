import assert from 'node:assert/strict';
import { test } from 'node:test';
import { texts } from '../../src/texts/index.ts';
import { assertClean } from '../harness/browser.ts';
import * as walk from '../harness/walk.ts';
import { type Stage, until } from './stage.ts';

const { say } = texts('en');
const nothing = () => undefined;
const day = (name: string, year: string, month: string, date: string) => ({
  [`${name}.day`]: date,
  [`${name}.month`]: month,
  [`${name}.year`]: year,
});

/** A company declares goods from another state, and the tax authority at home marks the declaration. No script runs. */
export function imports(stage: () => Stage): void {
  test('an importer lists the goods, both tax registers answer, and the mark goes to the seller’s authority', async () => {
    const nurbol = await stage().comes('nurbol', { javaScriptEnabled: false });
    const { page } = nurbol;
    await walk.beginService(page, stage().portal('kz'), 'import-vat/import-declaration', 'KZ-C-000202');
    const answers = {
      partnerState: 'ru',
      'partnerNumbers.ru': 'RU-C-000202',
      contractNumber: 'K-17',
      ...day('contractDate', '2026', '1', '12'),
      invoiceNumber: 'F-204',
      ...day('invoiceDate', '2026', '2', '3'),
      ...day('registeredOn', '2026', '2', '10'),
      exchangeRate: '6.5',
      paid: '20800',
      ...day('paidOn', '2026', '2', '27'),
      consent: 'yes',
      contactLanguage: 'en',
    };
    const goods = { goodsName: 'Drills', cnCode: '8467211000', quantity: '10', value: '20000', rate: 'standard' };
    await walk.fillIn(page, answers, nothing, { goods: [goods] });
    await walk.askForEvidence(page, nothing);
    for (const state of ['kz', 'ru']) {
      const words = await page.locator(`article[data-state=${state}]`).innerText();
      assert.ok(words.includes(say('common.evidence.found')), words);
    }
    await walk.toTheCheck(page, nothing);
    const { id, reference } = await walk.send(page, nothing);

    const officer = await stage().comes('tax-kz', { javaScriptEnabled: false });
    await walk.openCase(officer.page, stage().portal('kz'), reference);
    await walk.button(officer.page, say('desk.decide.confirm')).click();
    await officer.page.waitForURL('**?done=*');
    await until(page, stage().at(`/applications/${id}`), 'article#kz a[href^="/documents/"]');

    const abroad = await stage().comes('tax-ru', { javaScriptEnabled: false });
    await until(abroad.page, stage().at('/desk/notices', 'ru'), 'a[href^="/desk/notices/"]');
    await abroad.page.locator('a[href^="/desk/notices/"]').first().click();
    assert.match(await abroad.page.locator('main').innerText(), /20,?800/);
    for (const visitor of [nurbol, officer, abroad]) {
      assertClean(visitor);
      await visitor.context.close();
    }
  });
}

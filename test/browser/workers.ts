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

/** Somebody goes to work in another state with a diploma that its register confirms. No script runs. */
export function workers(stage: () => Stage): void {
  test('an engineer tells another state of his job, and his diploma is recognised from its register', async () => {
    const timur = await stage().comes('timur', { javaScriptEnabled: false });
    const { page } = timur;
    await walk.beginService(page, stage().portal('kg'), 'work-abroad/work-notice');
    const answers = {
      workState: 'ru',
      employer: 'ООО Мост',
      contractNumber: 'T-9',
      ...day('contractFrom', '2026', '3', '16'),
      ...day('enteredOn', '2026', '3', '10'),
      profession: 'engineer',
      diplomaState: 'kg',
      diplomaNumber: 'KG-B-000211',
      consent: 'yes',
      contactLanguage: 'en',
    };
    const family = [{ memberName: 'Айсулуу Бакирова', relation: 'spouse' }];
    await walk.fillIn(page, answers, nothing, { family });
    await walk.askForEvidence(page, nothing);
    await walk.toTheCheck(page, async (name) => {
      if (name !== 'forecast') return;
      assert.match((await page.locator('main').textContent()) ?? '', /Recognised directly/);
    });
    const { id, reference } = await walk.send(page, nothing);

    const officer = await stage().comes('labour-ru', { javaScriptEnabled: false });
    await walk.openCase(officer.page, stage().portal('ru'), reference);
    await walk.button(officer.page, say('desk.decide.confirm')).click();
    await officer.page.waitForURL('**?done=*');
    await until(page, stage().at(`/applications/${id}`, 'kg'), 'article#ru a[href^="/documents/"]');
    for (const visitor of [timur, officer]) {
      assertClean(visitor);
      await visitor.context.close();
    }
  });

  test('an employer acts for a worker who gave it a mandate, as long as the worker lets it', async () => {
    const timur = await stage().comes('timur', { javaScriptEnabled: false });
    const { page } = timur;
    await page.goto(stage().at('/mandates/new', 'kg'));
    await page.locator('[name=service][value="work-abroad/stay-registration"]').check();
    await page.locator('[name=number]').fill('KG-C-999999');
    await page.locator('[name=term][value=P90D]').check();
    await walk.button(page, say('common.continue')).click();
    assert.ok((await page.locator('[role=alert]').innerText()).includes(say('portal.mandates.number.wrong')));
    await page.locator('[name=number]').fill('KG-C-000201');
    await walk.button(page, say('common.continue')).click();
    assert.match(await page.locator('main').innerText(), /Ала-Тоо Бал, number KG-C-000201/);
    await walk.button(page, say('portal.mandates.give')).click();
    await page.waitForURL('**/links');

    const zhenish = await stage().comes('zhenish', { javaScriptEnabled: false });
    await zhenish.page.goto(stage().at('/services/work-abroad/stay-registration', 'kg'));
    await walk.button(zhenish.page, say('portal.service.start')).click();
    await zhenish.page.waitForURL('**/for');
    await zhenish.page.getByLabel('Бакиров Тимур').check();
    await walk.button(zhenish.page, say('common.continue')).click();
    await zhenish.page.waitForURL('**/drafts/*');
    const answers = {
      ...{ workState: 'ru', address: 'Kazan, Lenina 1', contactLanguage: 'en' },
      ...day('arrivedOn', '2026', '2', '20'),
      ...day('stayUntil', '2026', '12', '31'),
    };
    await walk.fillIn(zhenish.page, answers, nothing);
    await walk.askForEvidence(zhenish.page, nothing);
    await walk.toTheCheck(zhenish.page, nothing);
    const { id, reference } = await walk.send(zhenish.page, nothing);
    assert.ok((await zhenish.page.locator('main').innerText()).includes(say('portal.acted.words')));

    const officer = await stage().comes('labour-ru', { javaScriptEnabled: false });
    await walk.openCase(officer.page, stage().portal('ru'), reference);
    assert.match(await officer.page.locator('main').innerText(), /Ала-Тоо Бал, number KG-C-000201, by a mandate/);
    await walk.button(officer.page, say('desk.decide.confirm')).click();
    await officer.page.waitForURL('**?done=*');
    await until(page, stage().at(`/applications/${id}`, 'kg'), 'article#ru a[href^="/documents/"]');
    await page.goto(stage().at(`/access?application=${id}`, 'kg'));
    assert.ok((await page.locator('main article, main li').count()) > 0, 'the uses stand in the record of the worker');

    await page.goto(stage().at('/links', 'kg'));
    await page.locator('form[action$="/end"] button').click();
    await zhenish.page.goto(stage().at(`/applications/${id}`, 'kg'));
    assert.equal(await zhenish.page.locator('main a[href^="/documents/"]').count(), 0);
    assert.ok(!(await zhenish.page.locator('main').innerText()).includes(reference), 'what was sent is closed to it');
    assertClean(timur);
    for (const visitor of [timur, zhenish, officer]) await visitor.context.close();
  });
}

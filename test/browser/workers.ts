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
}

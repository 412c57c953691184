import assert from 'node:assert/strict';
import { test } from 'node:test';
import { texts } from '../../src/texts/index.ts';
import { assertClean } from '../harness/browser.ts';
import * as walk from '../harness/walk.ts';
import { type Stage, until } from './stage.ts';

const { say } = texts('en');
const nothing = () => undefined;

/** A trademark is asked for in five states; the examiner of one finds an earlier mark. No script runs. */
export function marks(stage: () => Stage): void {
  test('one office of five finds an earlier mark, and its refusal is the end of the application', async () => {
    const zhenish = await stage().comes('zhenish', { javaScriptEnabled: false });
    const { page } = zhenish;
    await walk.beginService(page, stage().portal('kg'), 'trademark/trademark', 'KG-C-000201');
    const classes = [
      { niceClass: '30', description: 'Honey' },
      { niceClass: '3', description: 'Beeswax soap' },
    ];
    await walk.fillIn(page, { sign: 'АЛА-ТОО', paid: '220', contactLanguage: 'en' }, nothing, { goods: classes });
    await walk.askForEvidence(page, nothing);
    await walk.toTheCheck(page, nothing);
    const { id, reference } = await walk.send(page, nothing);

    const examiner = await stage().comes('marks-ru', { javaScriptEnabled: false });
    await until(examiner.page, stage().at('/desk/opinions', 'ru'), 'a[href^="/desk/opinions/"]');
    assert.equal(
      await examiner.page.locator('a[href^="/desk/opinions/"]').count(),
      1,
      'each office asks its own alone',
    );
    await examiner.page.locator('a[href^="/desk/opinions/"]').click();
    await walk.button(examiner.page, say('desk.opinion.accept')).click();
    await examiner.page.locator('main [name="distinctive"][value="yes"]').check();
    await examiner.page.locator('main [name="free"][value="no"]').check();
    await examiner.page.locator('main [name="cited"]').fill('RU 123456 (invented)');
    await walk.button(examiner.page, say('desk.opinion.give')).click();
    await examiner.page.waitForURL((url) => url.pathname === '/desk/opinions');

    await walk.openCase(examiner.page, stage().portal('ru'), reference);
    await until(examiner.page, examiner.page.url(), 'form[action$="/confirm"]');
    await walk.button(examiner.page, say('desk.decide.confirm')).click();
    await examiner.page.waitForURL('**?done=*');
    await until(page, stage().at(`/applications/${id}`, 'kg'), 'article#ru li[data-rule="noEarlierMark"]');
    assert.ok((await page.locator('main').innerText()).includes(say('common.outcome.refused')));
    for (const visitor of [zhenish, examiner]) {
      assertClean(visitor);
      await visitor.context.close();
    }
  });
}

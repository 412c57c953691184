import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inflateSync } from 'node:zlib';
import { FormClient } from '../../src/cli/demo/form-client.ts';
import { texts } from '../../src/texts/index.ts';
import { assertClean } from '../harness/browser.ts';
import * as walk from '../harness/walk.ts';
import { type Stage, until } from './stage.ts';

const { say } = texts('en');
const nothing = () => undefined;

/** A company applies to two IT parks with one dossier; one of them suspends and withdraws. No script runs. */
export function parks(stage: () => Stage): void {
  test('a studio sees the tests of five parks side by side, applies to one, and what that park withdraws shows at once', async () => {
    const aizhan = await stage().comes('aizhan', { javaScriptEnabled: false });
    const { page } = aizhan;
    await walk.beginService(page, stage().portal('kz'), 'it-park-residency/residency', 'KZ-C-000201');
    const answers = {
      activity: 'software',
      project: 'Models that sort parcels',
      exportPlan: '85',
      researchField: 'it',
      consent: 'yes',
      contactLanguage: 'en',
    };
    await walk.fillIn(page, { ...answers, parks: ['am', 'by', 'kg', 'kz', 'ru'] }, nothing);
    await walk.askForEvidence(page, nothing);
    await walk.toTheCheck(page, async (name) => {
      if (name !== 'forecast') return;
      const verdicts = await page.locator('.cw-verdict').allInnerTexts();
      const granted = verdicts.filter((words) => words.includes(say('common.forecast.granted')));
      assert.deepEqual([verdicts.length, granted.length], [5, 2], verdicts.join(' | '));
      assert.ok((await page.locator('main').innerText()).includes('This park does not take a company of this kind'));
    });
    const { id, reference } = await walk.send(page, nothing);

    const officer = await stage().comes('park-kz', { javaScriptEnabled: false });
    await walk.openCase(officer.page, stage().portal('kz'), reference);
    await walk.button(officer.page, say('desk.decide.confirm')).click();
    await officer.page.waitForURL('**?done=*');
    await until(page, stage().at(`/applications/${id}`), 'article#kz a[href^="/documents/"]');
    // Whoever verifies a document asks the list that it names; only what is not valid stands out in it.
    const notValid = async () => {
      const token = (await new FormClient(stage().portal('kz')).download('/status-lists/1')).toString();
      const payload = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
      return inflateSync(Buffer.from(payload.status_list.lst, 'base64url')).filter((byte) => byte !== 0).length;
    };
    const before = await notValid();

    await officer.page.goto(officer.page.url().split('?')[0] ?? '');
    await officer.page.locator('a[href$="/tell/report-status"]').click();
    await officer.page.locator('main [name="statusChange"][value="withdrawn"]').check();
    const day = { day: '2', month: '3', year: '2026' };
    for (const [part, value] of Object.entries(day))
      await officer.page.locator(`main [name="changedOn.${part}"]`).fill(value);
    await officer.page.locator('main [name="changeReason"]').fill('No report came.');
    await walk.button(officer.page, say('desk.tell.send')).click();
    await officer.page.waitForURL('**?done=*');
    assert.equal(await notValid(), before + 1, 'whoever verifies it hears of the withdrawal');

    const abroad = await stage().comes('park-kg', { javaScriptEnabled: false });
    await until(abroad.page, stage().at('/desk/notices', 'kg'), 'a[href^="/desk/notices/"]', 2);
    await abroad.page.locator('a[href^="/desk/notices/"]').first().click();
    assert.ok((await abroad.page.locator('main').innerText()).includes('It is withdrawn for good'));
    for (const visitor of [aizhan, officer, abroad]) assertClean(visitor);
    await abroad.context.close();
    await aizhan.context.close();
    await officer.context.close();
  });
}

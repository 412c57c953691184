import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answersOf } from '../../src/cli/demo/story.ts';
import { verifyFile } from '../../src/documents/index.ts';
import { texts } from '../../src/texts/index.ts';
import { readAnchors } from '../../src/union/index.ts';
import { assertClean, download, type Visitor } from '../harness/browser.ts';
import { drawPaths, readCodes } from '../harness/codes.ts';
import { persona } from '../harness/union.ts';
import * as walk from '../harness/walk.ts';
import { DAY_AFTER, openAccess, type Stage, sent, until } from './stage.ts';

const { say } = texts('en');

/** The whole path of the main job, in a browser that runs no script at all. */
export function withoutScripts(stage: () => Stage): void {
  let aigerim: Visitor;

  test('Aigerim finds the service, sees the evidence and the forecast, and sends', async () => {
    aigerim = await stage().comes('aigerim', { javaScriptEnabled: false });
    const { page } = aigerim;
    const seen: string[] = [];
    const look = async (name: string) => {
      seen.push(name);
      assert.equal(await page.locator('h1').count(), 1, `${name} has one heading`);
    };
    await walk.findService(page, stage().portal('kz'), look);
    await walk.fillIn(page, answersOf(persona('aigerim')), look);
    await walk.askForEvidence(page, look);
    for (const state of ['kz', 'ru', 'kg']) {
      const pieces = await page.locator(`article[data-state=${state}]`).allInnerTexts();
      assert.ok(pieces.length > 0, state);
      for (const words of pieces) assert.ok(words.includes(say('common.evidence.found')), `${state}: ${words}`);
    }
    await walk.toTheCheck(page, async (name) => {
      await look(name);
      if (name !== 'forecast') return;
      const verdicts = await page.locator('.cw-verdict').allInnerTexts();
      assert.equal(verdicts.filter((words) => words.includes(say('common.forecast.granted'))).length, 3);
    });
    assert.ok((await page.locator('main').innerText()).includes(say('portal.check.receivers')));
    stage().application = await walk.send(page, look);
    assert.equal(seen.length, 14, seen.join(', '));
    assertClean(aigerim);
  });

  test('officers of three states confirm, and nobody is let confirm twice', async () => {
    const confirmed: Record<string, number> = {};
    for (const state of ['kz', 'ru', 'kg']) {
      confirmed[state] = 0;
      for (const id of stage().running.place.officers[state] ?? []) {
        const officer = await stage().comes(id, { javaScriptEnabled: false });
        const { page } = officer;
        await walk.openCase(page, stage().portal(state), sent(stage()).reference);
        const stale = await officer.context.newPage();
        await stale.goto(page.url());
        await walk.button(page, say('desk.decide.confirm')).click();
        await page.waitForURL('**?done=*');
        confirmed[state] += 1;
        assert.equal(await walk.button(page, say('desk.decide.confirm')).count(), 0, `${id} is not asked again`);
        // He has the page from before open beside it, where the button still stands.
        const [again] = await Promise.all([
          stale.waitForResponse((answer) => answer.request().method() === 'POST'),
          walk.button(stale, say('desk.decide.confirm')).click(),
        ]);
        assert.equal(again.status(), 409);
        assert.equal(await stale.locator('.cw-errors').count(), 1);
        const done = page.url().endsWith('done=decided');
        assertClean(officer);
        await officer.context.close();
        if (done) break;
      }
    }
    assert.deepEqual(confirmed, { kz: 2, ru: 2, kg: 1 });
  });

  test('she reads three decisions with their reasons', async () => {
    const { page } = aigerim;
    await walk.untilDecided(page, stage().at(`/applications/${sent(stage()).id}`));
    for (const [state, count] of Object.entries({ kg: 21, kz: 18, ru: 19 })) {
      const piece = page.locator(`article#${state}`);
      const words = await piece.innerText();
      assert.ok(words.includes(say('common.outcome.granted')), words);
      assert.ok(words.includes(say('common.counted', { count })), words);
      await piece.getByText(say('common.explanation.title')).click();
      assert.ok(await piece.locator('li[data-rule]').first().isVisible(), 'reasons unfold without scripts');
    }
  });

  test('the code on the screen and on the printed page is the one in the sealed file', async () => {
    const { page } = aigerim;
    await page
      .locator('article#ru')
      .getByRole('link', { name: say('portal.case.document') })
      .click();
    await until(page, page.url(), 'a[href$="/file"]');
    const sealed = await download(page, say('portal.documents.file'));
    const verdict = await verifyFile(sealed, { anchors: readAnchors(stage().running.place.anchors), now: DAY_AFTER });
    assert.equal(verdict.verdict, 'valid', verdict.code);
    const { content } = JSON.parse(sealed.toString()) as { content: { paper: string } };
    assert.match(content.paper, /^CW1:/);
    assert.deepEqual(await readCodes(await page.locator('svg.cw-qr').screenshot()), [content.paper]);
    const pdf = await download(page, say('portal.documents.pdf'));
    assert.equal(pdf.subarray(0, 5).toString(), '%PDF-');
    assert.deepEqual(await readCodes(drawPaths(pdf)), [content.paper]);
    assertClean(aigerim);
  });

  test('the proof of a use of her data is a file that verifies', async () => {
    const { page } = aigerim;
    await openAccess(stage(), page);
    assert.equal(await page.locator('[data-result]').count(), 0, 'nothing is checked without scripts');
    const file = await download(page, say('portal.access.proof.file'));
    const verdict = await verifyFile(file, { anchors: readAnchors(stage().running.place.anchors), now: DAY_AFTER });
    assert.equal(verdict.verdict, 'valid', verdict.code);
    assertClean(aigerim);
    await aigerim.context.close();
  });
}

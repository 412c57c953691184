import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answersOf } from '../../src/cli/demo/story.ts';
import { texts } from '../../src/texts/index.ts';
import {
  accessibilityFaults,
  assertClean,
  download,
  gaps,
  overflowAt320,
  type Visitor,
  visit,
  wordsOf,
} from '../harness/browser.ts';
import { persona } from '../harness/union.ts';
import * as walk from '../harness/walk.ts';
import { proofResults } from './proofs.ts';
import { openAccess, type Stage, sent, until } from './stage.ts';
import { openSurvey } from './survey.ts';

const { say } = texts('en');

/** What every page owes everybody: no fault that axe knows, no sideways scrolling on a small telephone, no text left out. */
export function everyPage(stage: () => Stage): void {
  const survey = openSurvey();

  test('the checks see what they look for', async () => {
    const { context, page, violations, foreign } = await visit(stage().browser);
    const [style, other] = ['width:500px;color:%23eee', 'http://example.org/x.png'];
    await page.goto(`data:text/html,<p style="${style}">portal.start.title<img src="${other}">`);
    const faults = (await accessibilityFaults(page)).map((fault) => fault.split(' ')[0]);
    for (const id of ['color-contrast', 'document-title', 'html-has-lang', 'image-alt']) assert.ok(faults.includes(id));
    assert.match((await overflowAt320(page)).join(), /\d+ px wide,p\./);
    assert.deepEqual(gaps(await wordsOf(page)), ['portal.start.title']);
    assert.deepEqual(new Set(foreign), new Set([other]));
    assert.deepEqual(violations, []);
    await page.goto(stage().at('/'));
    await page.evaluate(() => document.body.setAttribute('style', 'color: red'));
    await page.evaluate((url) => fetch(url).catch(() => undefined), other);
    for (const rule of ['style-src', 'connect-src'])
      assert.match(violations.join('\n'), new RegExp(`directive:? ['"]${rule}`));
    await context.close();
  });

  // Dinara: two Russian accounts bear her number, so she meets more pages than most.
  let dinara: Visitor;

  test('on the way to an application', async () => {
    const who = persona('dinara');
    const russia = stage().running.union.state('ru').process;
    dinara = await visit(stage().browser);
    const { page } = dinara;
    const look = (name: string) => survey.look(page, name);
    await page.goto(stage().at('/sign-in'));
    await look('sign-in');
    await walk.signInAs(page, stage().portal('kz'), who);
    await walk.findService(page, stage().portal('kz'), look);
    const draft = new URL(page.url()).pathname;
    await page.goto(stage().at(`${draft}/pages/work`));
    await walk.button(page, say('common.continue')).click();
    await page.locator('.cw-errors').waitFor();
    await look('form with errors');
    await page.goto(stage().at(draft));
    await walk.fillIn(page, { ...answersOf(who), 'foreignNumbers.ru': '' }, look);
    await look('evidence to ask');
    await russia.stop();
    await walk.button(page, say('portal.evidence.ask.button')).click();
    await page
      .locator('article[data-state=kz]', { hasText: say('common.evidence.found') })
      .first()
      .waitFor();
    await look('evidence still out');
    russia.start();
    await russia.ready(60_000);
    await walk.untilAnswered(page);
    await look('evidence ambiguous');
    await page.locator('#number-ru').fill(who.numbers?.ru ?? '');
    await page
      .locator('form', { has: page.locator('#number-ru') })
      .getByRole('button')
      .click();
    await walk.untilAnswered(page);
    await look('evidence');
    await walk.toTheCheck(page, look);
    survey.assertNoFaults();
    assertClean(dinara);
  });

  test('with an address of its own', async () => {
    const { at } = stage();
    await survey.lookAt(dinara, {
      'services not found': at('/services?q=zzzz'),
      'service begun': at('/services/pension/pension'),
      regulation: at('/services/pension/pension/regulation'),
      'draft begun': at('/applications'),
      'no such page': at('/nowhere'),
      'mailbox empty': at('/mailbox'),
      'documents none': at('/documents'),
    });
    const aigerim = await stage().comes('aigerim');
    const application = `/applications/${sent(stage()).id}`;
    await survey.lookAt(aigerim, {
      applications: at('/applications'),
      application: at(application),
      'messages and proofs': at(`${application}/proofs`),
      documents: at('/documents'),
      links: at('/links'),
      mailbox: at('/mailbox'),
      verify: at('/verify'),
    });
    const { page } = aigerim;
    await page.goto(at('/documents'));
    await page.locator('a[href^="/documents/"]').first().click();
    await until(page, page.url(), 'a[href$="/file"]');
    await survey.look(page, 'document');
    await openAccess(stage(), page);
    await proofResults(page);
    await survey.look(page, 'access record');
    const proof = await download(page, say('portal.access.proof.file'));
    for (const [name, buffer] of Object.entries({ verified: proof, refused: Buffer.from('{}') })) {
      await page.goto(at('/verify'));
      await page.locator('#file').setInputFiles({ name: 'file.json', mimeType: 'application/json', buffer });
      await walk.button(page, say('verify.check')).click();
      await page.locator('main section[aria-live]').waitFor();
      await survey.look(page, `file ${name}`);
    }
    await walk.button(page, say('verify.check')).click();
    await page.locator('.cw-errors').waitFor();
    await survey.look(page, 'file missing');
    survey.assertNoFaults();
    assertClean(aigerim);
    await aigerim.context.close();
  });

  test('at the desk', async () => {
    const { at } = stage();
    await dinara.page.goto(at('/applications'));
    await dinara.page.locator('a[href^="/drafts/"]').click();
    await dinara.page.locator('a[href$="/check"]').first().click();
    const { reference } = await walk.send(dinara.page, (name) => survey.look(dinara.page, name));
    assertClean(dinara);
    await dinara.context.close();
    const officer = await stage().comes('officer-kz-1');
    const { page } = officer;
    await walk.openCase(page, stage().portal('kz'), reference, (name) => survey.look(page, name));
    await page.getByText(say('desk.decide.return'), { exact: true }).click();
    await walk.button(page, say('desk.decide.return.button')).click();
    await page.locator('.cw-errors').waitFor();
    await survey.look(page, 'case with an error');
    await walk.button(page, say('desk.decide.confirm')).click();
    await page.waitForURL('**?done=*');
    await survey.look(page, 'case confirmed by me');
    await survey.lookAt(officer, {
      'queue of decided': at('/desk?queue=decided'),
      'registers of an examiner': at('/desk/registers'),
    });
    await page.goto(at('/desk?queue=decided'));
    await page.locator('a[href^="/desk/cases/"]').first().click();
    await survey.look(page, 'case decided');
    const registrar = await stage().comes('registrar-ru');
    await survey.lookAt(registrar, {
      'desk without cases': at('/desk', 'ru'),
      registers: at('/desk/registers', 'ru'),
    });
    await registrar.page.locator('input[type=radio][name=register]').first().check();
    await registrar.page.locator('input[name=number]').fill('RU-P-000505');
    await walk.button(registrar.page, say('desk.register.open')).click();
    await registrar.page.locator('main article').first().waitFor();
    await survey.look(registrar.page, 'register record');
    survey.assertNoFaults();
    for (const visitor of [officer, registrar]) {
      assertClean(visitor);
      await visitor.context.close();
    }
  });
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answersOf } from '../../src/cli/demo/story.ts';
import { type Visitor, weigh } from '../harness/browser.ts';
import { persona } from '../harness/union.ts';
import * as walk from '../harness/walk.ts';
import { type Stage, sent } from './stage.ts';

/** Of a first load, of the script in it, and of what verifies a page of proofs beside it: bytes on the wire, compressed, with headers. */
const MOST = { page: 60_000, script: 5_000, beside: 60_000 };

/** An old telephone on a thin line loads any page for the first time within its budget. */
export function budgets(stage: () => Stage): void {
  async function heavyPages(visitor: Visitor, paths: readonly string[]): Promise<string[]> {
    const heavy: string[] = [];
    for (const path of paths) {
      const weight = await weigh(stage().browser, stage().at(path), visitor);
      assert.ok(weight.page > 2000 && weight.script > 100, `${path} was weighed: ${JSON.stringify(weight)}`);
      const isHeavy = weight.page > MOST.page || weight.script > MOST.script || weight.beside > MOST.beside;
      if (isHeavy) heavy.push(`${path}: ${JSON.stringify(weight)}`);
    }
    await visitor.context.close();
    return heavy;
  }

  test('of what anybody may see', async () => {
    const marat = await stage().comes('marat');
    const paths = ['/', '/services', '/services/pension/pension', '/sign-in', '/verify', '/nowhere'];
    assert.deepEqual(await heavyPages(marat, paths), []);
  });

  test('of a regulation, which has no script', async () => {
    const marat = await stage().comes('marat');
    const weight = await weigh(stage().browser, stage().at('/services/pension/pension/regulation'), marat);
    assert.ok(weight.page > 2000 && weight.page < MOST.page, JSON.stringify(weight));
    assert.equal(weight.script + weight.beside, 0);
    await marat.context.close();
  });

  test('of an application under way', async () => {
    const visitor = await stage().comes('aigerim');
    const { page } = visitor;
    const nothing = () => undefined;
    await walk.findService(page, stage().portal('kz'), nothing);
    const draft = new URL(page.url()).pathname;
    await walk.fillIn(page, answersOf(persona('aigerim')), nothing);
    await walk.askForEvidence(page, nothing);
    await walk.toTheCheck(page, nothing);
    const pages = ['work', 'numbers', 'claim', 'consent', 'contact'].map((name) => `/pages/${name}`);
    const paths = ['', ...pages, '/evidence', '/forecast', '/check'].map((step) => draft + step);
    assert.deepEqual(await heavyPages(visitor, paths), []);
  });

  test('of what came of one', async () => {
    const visitor = await stage().comes('aigerim');
    await visitor.page.goto(stage().at('/documents'));
    const document = await visitor.page.locator('a[href^="/documents/"]').first().getAttribute('href');
    const application = `/applications/${sent(stage()).id}`;
    const others = ['/applications', '/documents', '/mailbox', '/access', '/links'];
    assert.deepEqual(await heavyPages(visitor, [application, `${application}/proofs`, document ?? '', ...others]), []);
  });

  test('of the desk', async () => {
    const visitor = await stage().comes('officer-kz-1');
    await visitor.page.goto(stage().at('/desk?queue=decided'));
    const found = await visitor.page.locator('a[href^="/desk/cases/"]').first().getAttribute('href');
    const paths = ['/desk', '/desk?queue=decided', '/desk/registers', found ?? ''];
    assert.deepEqual(await heavyPages(visitor, paths), []);
  });
}

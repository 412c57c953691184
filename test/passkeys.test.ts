// Passkeys in a real browser, with the authenticator that Chromium brings for tests: made, used, refused and removed on the real pages.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, type TestContext, test } from 'node:test';
import type { Browser, CDPSession, Page } from 'playwright-core';
import { importCsv } from '../src/registers/index.ts';
import { texts } from '../src/texts/index.ts';
import { createWeb } from '../src/web/create-web.tsx';
import { testWeb } from '../src/web/testing.ts';
import {
  accessibilityFaults,
  assertClean,
  gaps,
  overflowAt320,
  type Visitor,
  visit,
  wordsOf,
} from './harness/browser.ts';
import { startBrowser, whyNoBrowser } from './harness/chromium.ts';
import { persona, root } from './harness/union.ts';
import { signInAs } from './harness/walk.ts';

const { say } = texts('en');
const AIGERIM = persona('aigerim');

describe('passkeys in a browser', { skip: whyNoBrowser() ?? false }, () => {
  let browser: Browser;
  before(async () => {
    browser = await startBrowser();
  });
  after(() => browser?.close());

  test('a person makes passkeys, signs in with one, and removes the other', async (t) => {
    const origin = await portal(t);
    const { visitor, authenticator } = await comes(browser);
    const { page } = visitor;
    await signInAs(page, origin, AIGERIM);
    await make(page, origin, 'My telephone');
    assert.deepEqual(await names(page), ['My telephone']);
    assert.match(await wordsOf(page), new RegExp(say('identity.passkeys.kept.alone')));
    await faultless(page);
    // The same authenticator makes no second one: the page says so, and the name is still there.
    await page.getByLabel(say('identity.passkeys.name')).fill('Again');
    await press(page, 'identity.passkeys.make');
    await page.getByText(say('identity.passkeys.wrong.refused')).waitFor();
    assert.equal(await page.getByLabel(say('identity.passkeys.name')).inputValue(), 'Again');
    const second = await authenticator.add({ transport: 'usb' });
    await authenticator.verify(false, authenticator.first);
    await make(page, origin, 'Key on the ring');
    await authenticator.remove(second);
    await authenticator.verify(true, authenticator.first);
    assert.deepEqual(await names(page), ['My telephone', 'Key on the ring']);

    await press(page, 'common.signOut');
    await signIn(page, origin);
    await page.waitForURL(`${origin}/services`);
    await page.goto(`${origin}/passkeys`);
    await page
      .locator('article', { hasText: 'Key on the ring' })
      .getByRole('button', { name: say('identity.passkeys.remove') })
      .click();
    await page.locator('article').nth(1).waitFor({ state: 'detached' });
    assert.deepEqual(await names(page), ['My telephone']);
    assertClean(visitor);
    await visitor.context.close();
  });

  test('who is not asked for finger, face or PIN stays outside', async (t) => {
    const origin = await portal(t);
    const { visitor, authenticator } = await comes(browser);
    const { page } = visitor;
    await signInAs(page, origin, AIGERIM);
    await make(page, origin, 'My telephone');
    await press(page, 'common.signOut');
    await authenticator.verify(false, authenticator.first);
    await signIn(page, origin);
    await page.getByText(say('identity.signIn.passkey.wrong')).waitFor();
    await faultless(page);
    await page.goto(`${origin}/passkeys`);
    assert.equal(new URL(page.url()).pathname, '/sign-in');
    await authenticator.verify(true, authenticator.first);
    await signIn(page, origin);
    // Back where she wanted to be.
    await page.waitForURL(`${origin}/passkeys`);
    await visitor.context.close();
  });

  test('a browser without scripts is told that passkeys need them', async (t) => {
    const origin = await portal(t);
    const { context, page } = await visit(browser, { javaScriptEnabled: false });
    await page.goto(`${origin}/sign-in`);
    assert.match(await wordsOf(page), new RegExp(say('identity.passkeys.scripts')));
    await press(page, 'identity.signIn.passkey');
    assert.match(await wordsOf(page), new RegExp(say('identity.signIn.passkey.wrong')));
    await context.close();
  });

  test('an office gives a person who lost her telephone a new way in', async (t) => {
    const origin = await portal(t);
    const [desk, other] = [await visit(browser), await visit(browser)];
    await signInAs(desk.page, origin, persona('enroller-kz-1'));
    await signInAs(other.page, origin, persona('enroller-kz-2'));
    const { visitor } = await comes(browser);
    const { page } = visitor;
    await page.goto(`${origin}/sign-in`);
    await page.getByText(say('identity.signIn.code'), { exact: true }).click();
    await page.getByLabel(say('identity.signIn.code.first')).fill(await half(desk.page, origin, 'begin'));
    await page.getByLabel(say('identity.signIn.code.second')).fill(await half(other.page, origin, 'confirm'));
    await press(page, 'identity.signIn.code.do');
    await page.waitForURL(`${origin}/passkeys`);
    await make(page, origin, 'New telephone');
    assert.match(await wordsOf(page), new RegExp(say('portal.profile.assurance.high')));
    // The code itself shows her nothing: the passkey does.
    await page.goto(`${origin}/documents`);
    await page.getByText(say('identity.more.title')).waitFor();
    await faultless(page);
    await press(page, 'identity.signIn.passkey');
    await page.waitForURL(`${origin}/documents`);
    for (const one of [desk, other, visitor]) {
      assertClean(one);
      await one.context.close();
    }
  });

  test('she sees where she is signed in and ends another browser’s session', async (t) => {
    const origin = await portal(t);
    const [here, there] = [await visit(browser), await visit(browser)];
    for (const { page } of [here, there]) await signInAs(page, origin, AIGERIM);
    await here.page.goto(`${origin}/sessions`);
    assert.deepEqual(await names(here.page), [say('identity.sessions.this'), say('identity.sessions.other')]);
    await faultless(here.page);
    await press(here.page, 'identity.sessions.end');
    await here.page.locator('article').nth(1).waitFor({ state: 'detached' });
    await there.page.goto(`${origin}/applications`);
    assert.equal(new URL(there.page.url()).pathname, '/sign-in');
    for (const visitor of [here, there]) {
      assertClean(visitor);
      await visitor.context.close();
    }
  });
});

/** A portal on a port of its own: passkeys are bound to its very address. */
async function portal(t: TestContext): Promise<string> {
  const port = await freePort();
  const origin = `http://kz.localhost:${port}`;
  const { ctx } = await testWeb(t);
  const agency = 'kz.population';
  const source = readFileSync(join(root, 'seeds', 'kz', 'population.csv'), 'utf8')
    .split('\n')
    .slice(0, 3);
  await importCsv(ctx, { register: agency, agency, source: `${source.join('\n')}\n` });
  const app = createWeb({ ...ctx, identity: { ...ctx.identity, origin }, web: { origin } });
  t.after(() => app.close());
  await app.listen({ host: '127.0.0.1', port });
  return origin;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

interface Authenticator {
  first: string;
  add(wishes: { transport: 'usb' | 'internal' }): Promise<string>;
  remove(id: string): Promise<void>;
  /** Whether the person shows her finger, face or PIN when asked. */
  verify(does: boolean, id: string): Promise<void>;
}

/** Somebody at a browser with an authenticator built in. */
async function comes(browser: Browser): Promise<{ visitor: Visitor; authenticator: Authenticator }> {
  const visitor = await visit(browser);
  const devtools: CDPSession = await visitor.context.newCDPSession(visitor.page);
  await devtools.send('WebAuthn.enable');
  const add = async ({ transport }: { transport: 'usb' | 'internal' }): Promise<string> => {
    const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport,
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
    return authenticatorId;
  };
  const authenticator: Authenticator = {
    first: await add({ transport: 'internal' }),
    add,
    remove: async (authenticatorId) => {
      await devtools.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId });
    },
    verify: async (isUserVerified, authenticatorId) => {
      await devtools.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified });
    },
  };
  return { visitor, authenticator };
}

/** An officer types what Aigerim's document says, and reads a half of her code from the page. */
async function half(page: Page, origin: string, step: 'begin' | 'confirm'): Promise<string> {
  await page.goto(`${origin}/desk/enrolments`);
  await faultless(page);
  await page.getByRole('link', { name: say(`identity.enrolment.${step}`) }).click();
  await faultless(page);
  await page.getByLabel(say('identity.enrolment.number')).fill('KZ-T-000101');
  for (const [part, value] of Object.entries({ day: '12', month: '4', year: '1963' })) {
    await page.getByLabel(say(`common.date.${part as 'day' | 'month' | 'year'}`)).fill(value);
  }
  if (step === 'begin') {
    await page.getByLabel(say('identity.enrolment.document.passport')).check();
    await page.getByLabel(say('identity.enrolment.reason.lost'), { exact: true }).check();
  }
  await press(page, `identity.enrolment.${step}.do`);
  const shown = await page.locator('.cw-panel strong').textContent();
  await faultless(page);
  return shown ?? '';
}

async function make(page: Page, origin: string, name: string): Promise<void> {
  await page.goto(`${origin}/passkeys`);
  await page.getByLabel(say('identity.passkeys.name')).fill(name);
  await press(page, 'identity.passkeys.make');
  await page.locator('article', { hasText: name }).waitFor();
}

async function signIn(page: Page, origin: string): Promise<void> {
  if (new URL(page.url()).pathname !== '/sign-in') await page.goto(`${origin}/sign-in`);
  await press(page, 'identity.signIn.passkey');
}

const press = (page: Page, text: Parameters<typeof say>[0]): Promise<void> =>
  page.getByRole('button', { name: say(text) }).click();

/** What stands over each piece of the list. */
const names = (page: Page): Promise<string[]> => page.locator('article h2').allTextContents();

async function faultless(page: Page): Promise<void> {
  assert.deepEqual(await accessibilityFaults(page), []);
  assert.deepEqual(await overflowAt320(page), []);
  assert.deepEqual(gaps(await wordsOf(page)), []);
}

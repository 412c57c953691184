// Takes the pictures of docs/images/ from a union that runs: its own, after the demo has told its story, or the one whose portal of
// Kazakhstan is given.
//   node_modules/.bin/node scripts/screenshots.mjs [http://kz.localhost:4703]
// It needs the pinned runtime, which reads TypeScript as it is; ./commonway brings it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startBrowser } from '../test/harness/chromium.ts';
import {
  askForEvidence,
  beginService,
  fillIn,
  findService,
  openCase,
  send,
  signInAs,
  toTheCheck,
} from '../test/harness/walk.ts';
import { takeFourForecasts } from './pictures/forecasts.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const images = join(root, 'docs', 'images');
const DESKTOP = { viewport: { width: 1100, height: 900 }, deviceScaleFactor: 1.5 };
const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };
const nothing = () => undefined;

/** A union whose story is told: Aigerim has three decisions. */
async function openDemo() {
  const home = mkdtempSync(join(tmpdir(), 'commonway-pictures-'));
  const demo = spawn(join(root, 'commonway'), ['demo', '--stay', '--folder', join(home, 'demo')], {
    env: { ...process.env, COMMONWAY_HOME: home },
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  let told = '';
  for await (const part of demo.stderr) {
    told += part;
    const portals = Object.fromEntries([...told.matchAll(/^- ([a-z]{2}) (http:\S+?)\/$/gm)].map(([, ...one]) => one));
    if (Object.keys(portals).length === 5) {
      demo.stderr.resume();
      const stop = async () => {
        demo.kill('SIGINT');
        await once(demo, 'close');
        rmSync(home, { recursive: true, force: true });
      };
      return { portals, stop };
    }
  }
  throw new Error(`the demo ended before its story was told: ${told}`);
}

/** A page of somebody signed in, in a language of her choice. */
async function pageOf(browser, portal, who, look, language = 'en') {
  const context = await browser.newContext({ locale: language, reducedMotion: 'reduce', ...look });
  const page = await context.newPage();
  await signInAs(page, portal, { id: who, name: '' });
  return page;
}

/** Marat applies, so that an officer has something to decide. */
async function applyAs(page, portal, works) {
  await findService(page, portal, nothing);
  const answers = {
    statesOfWork: works,
    kindOfPension: 'old-age',
    payingStates: works,
    consent: 'yes',
    contactLanguage: 'en',
  };
  await fillIn(page, answers, nothing);
  await askForEvidence(page, nothing);
  await toTheCheck(page, nothing);
  return send(page, nothing);
}

async function take(page, name, options = {}) {
  await page.evaluate(() => globalThis.scrollTo({ top: 0, behavior: 'instant' }));
  await page.screenshot({ path: join(images, `${name}.png`), animations: 'disabled', ...options });
  process.stdout.write(`docs/images/${name}.png\n`);
}

/** From the top of the page to the foot of something on it, and a little more. */
async function downTo(page, selector) {
  const { y, height } = await page.locator(selector).boundingBox();
  const { width } = page.viewportSize();
  return { fullPage: true, clip: { x: 0, y: 0, width, height: Math.ceil(y + height) + 24 } };
}

async function takeAll(browser, portal) {
  const aigerim = await pageOf(browser, portal, 'aigerim', DESKTOP);
  await aigerim.goto(`${portal}/applications`);
  await aigerim.locator('a[href^="/applications/"]').last().click();
  const application = aigerim.url();
  await take(aigerim, 'application', await downTo(aigerim, 'main article >> nth=2'));

  const phone = await pageOf(browser, portal, 'aigerim', PHONE, 'kk');
  await phone.goto(application);
  await take(phone, 'application-phone', await downTo(phone, 'main article >> nth=0'));

  await aigerim.goto(`${portal}/access`);
  await aigerim.waitForFunction(() =>
    [...document.querySelectorAll('[data-proof]')].every(({ dataset }) => dataset.result === 'verified'),
  );
  await take(aigerim, 'access');

  const marat = await pageOf(browser, portal, 'marat', DESKTOP);
  const { reference } = await applyAs(marat, portal, ['kz', 'by']);
  const officer = await pageOf(browser, portal, 'officer-kz-1', DESKTOP);
  await openCase(officer, portal, reference);
  await take(officer, 'case');
  await takeForecasts(browser, portal);
  await takePrinted(browser, portal);
}

/** Of each service beside the pension: somebody who learns before she applies what she would get, and why. */
async function takeForecasts(browser, portal) {
  const contactLanguage = 'en';
  const forecasts = [
    ['sholpan', 'procurement-guarantee/guarantor', 'KZ-C-000102', { statesWanted: ['kg', 'ru'], contactLanguage }],
    [
      'serik',
      'degree/recognition',
      undefined,
      { awardedIn: 'kz', degreeKind: 'phd', workState: 'kg', aim: 'allowance', consent: 'yes', contactLanguage },
    ],
    [
      'gulmira',
      'school-enrolment/first-form',
      'KZ-T-000117',
      { school: 'school-12', teachingLanguage: 'ru', specialNeeds: 'no', contactLanguage },
    ],
  ];
  for (const [who, service, number, answers] of forecasts) {
    const page = await pageOf(browser, portal, who, DESKTOP);
    await beginService(page, portal, service, number);
    await fillIn(page, answers, nothing);
    await askForEvidence(page, nothing);
    await toTheCheck(page, async (name) => {
      if (name !== 'forecast') return;
      await page.locator('main details summary').first().click();
      const clip = { x: 0, y: 0, width: DESKTOP.viewport.width, height: 1250 };
      await take(page, service.split('/')[0], { fullPage: true, clip });
    });
  }
}

/** What the portal prints of the agreement that it runs. */
async function takePrinted(browser, portal) {
  const page = await (await browser.newContext(DESKTOP)).newPage();
  await page.goto(`${portal}/services/pension/pension/journey.svg?language=en`);
  const { width, height } = await page.locator('svg').boundingBox();
  await page.setViewportSize({ width: Math.ceil(width), height: Math.ceil(height) });
  await take(page, 'pension-journey');
  await page.setViewportSize(DESKTOP.viewport);
  await page.goto(`${portal}/services/pension/pension/regulation?language=en`);
  const from = await page.locator('#rule-twelveMonths').boundingBox();
  const to = await page.locator('#rule-serviceMonths').boundingBox();
  const clip = { x: 0, y: from.y - 20, width: DESKTOP.viewport.width, height: to.y + to.height - from.y + 40 };
  await take(page, 'pension-regulation', { fullPage: true, clip });
}

const [given] = process.argv.slice(2);
mkdirSync(images, { recursive: true });
const union = given === undefined ? await openDemo() : { portals: { kz: given }, stop: async () => undefined };
const browser = await startBrowser();
try {
  await takeAll(browser, union.portals.kz);
  const portalOf = (state) => union.portals[state];
  await takeFourForecasts((who, state) => pageOf(browser, portalOf(state), who, DESKTOP), portalOf, take, downTo);
} finally {
  await browser.close();
  await union.stop();
}

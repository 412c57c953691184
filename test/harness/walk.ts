import type { Page } from 'playwright-core';
import { texts } from '../../src/texts/index.ts';

/** Looks at a page that somebody came by on her way. */
export type Look = (name: string) => Promise<void> | void;

/** Field name -> value or values, as the form asks. */
export type Answers = Readonly<Record<string, string | readonly string[]>>;

const { say } = texts('en');
const SERVICE = '/services/pension/pension';
const WAIT_MS = 60_000;

const nothing: Look = () => undefined;

/** A button with just these words, and those that only screen readers hear. */
export const button = (page: Page, words: string) => page.getByRole('button', { name: words, exact: true });

/** Signs in by pressing the button with the person's name, on the page that the printed link leads to. */
export async function signInAs(page: Page, portal: string, who: { id: string; name: string }): Promise<void> {
  await page.goto(`${portal}/sign-in?persona=${who.id}`);
  await page
    .locator('form', { has: page.locator(`input[name=persona][value="${who.id}"]`) })
    .getByRole('button')
    .click();
  await page.waitForURL((url) => url.pathname !== '/sign-in');
}

/** From the front door to a draft: searches for the service, reads its page, starts. */
export async function findService(page: Page, portal: string, look: Look): Promise<void> {
  await page.goto(portal);
  await look('start');
  await page.getByRole('searchbox').fill('pension');
  await button(page, say('common.search')).click();
  await look('services found');
  await page.locator(`a[href="${SERVICE}"]`).click();
  await look('service');
  await button(page, say('portal.service.start')).click();
  await page.waitForURL('**/drafts/*');
  await look('draft');
}

/** From the page of a service to a draft, by way of the choice for whom where there is one. @param number of the child or organisation */
export async function beginService(page: Page, portal: string, service: string, number?: string): Promise<void> {
  await page.goto(`${portal}/services/${service}`);
  await button(page, say('portal.service.start')).click();
  if (number !== undefined) {
    await page.waitForURL('**/for');
    await page.locator(`[name=for][value="${number}"]`).check();
    await button(page, say('common.continue')).click();
  }
  await page.waitForURL('**/drafts/*');
}

/** Answers page after page as the form asks, each with its own controls; `lists` are the things of each page that is a list. */
export async function fillIn(
  page: Page,
  answers: Answers,
  look: Look,
  lists: Readonly<Record<string, readonly Answers[]>> = {},
): Promise<void> {
  await page.getByRole('link', { name: say('common.continue'), exact: true }).click();
  for (let step = 0; step < 30; step++) {
    const name = /\/pages\/([\w-]+)/.exec(page.url())?.[1];
    if (name === undefined) return;
    await look(`form ${name}`);
    for (const thing of lists[name] ?? []) await addThing(page, name, thing);
    await answer(page, answers);
    await button(page, say('common.continue')).click();
    await page.waitForURL((url) => !url.pathname.endsWith(`/pages/${name}`));
  }
}

/** Adds one thing to a list, on the pages that ask about it. */
async function addThing(page: Page, name: string, thing: Answers): Promise<void> {
  await page.locator('main a[href*="/things/new"]').click();
  await page.waitForURL((url) => url.pathname.includes('/things/'));
  await answer(page, thing);
  await button(page, say('portal.thing.save')).click();
  await page.waitForURL((url) => url.pathname.endsWith(`/pages/${name}`));
}

/** A page of paper under a name, as a scanner saves it. */
const paper = (name: string) => ({
  ...{ name, mimeType: 'application/pdf' },
  buffer: Buffer.from('%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n'),
});

/**
 * An officer answers the question about a case that his authority was asked, by what its page shows him.
 * @param about words that are on the page of the question that is meant; others may wait
 */
export async function giveOpinion(
  page: Page,
  portal: string,
  about: string,
  answersTo: (shown: string) => Answers,
): Promise<void> {
  const shown = await findQuestion(page, portal, about);
  const accept = button(page, say('desk.opinion.accept'));
  if ((await accept.count()) > 0) await accept.click();
  await answer(page, answersTo(shown));
  await button(page, say('desk.opinion.give')).click();
  await page.waitForURL((url) => url.pathname === '/desk/opinions');
}

/** Opens the question that speaks of something, as soon as it is there. @returns what its page shows */
async function findQuestion(page: Page, portal: string, about: string): Promise<string> {
  for (const end = Date.now() + WAIT_MS; ; ) {
    await page.goto(`${portal}/desk/opinions`);
    const links = page.locator('a[href^="/desk/opinions/"]');
    for (const href of await links.evaluateAll((all) => all.map((one) => one.getAttribute('href') ?? ''))) {
      await page.goto(`${portal}${href}`);
      const shown = await page.locator('main').innerText();
      if (shown.includes(about)) return shown;
    }
    if (Date.now() > end) throw new Error(`no question about ${about} at ${portal}`);
    await page.waitForTimeout(200);
  }
}

async function answer(page: Page, answers: Answers): Promise<void> {
  for (const [name, given] of Object.entries(answers)) {
    const control = page.locator(`main [name="${name}"]:not([type=hidden])`);
    const kind =
      (await control.count()) === 0
        ? null
        : await control.first().evaluate((one) => one.tagName + (one.getAttribute('type') ?? ''));
    for (const value of kind === null ? [] : [given].flat()) {
      if (kind === 'INPUTfile') await control.setInputFiles(paper(value));
      else if (kind === 'SELECT') await control.selectOption(value);
      else if (kind === 'INPUTtext' || kind === 'INPUT') await control.fill(value);
      else await page.locator(`main [name="${name}"][value="${value}"]`).check();
    }
  }
}

/** Has the registers asked, and waits for what they say as the page tells her to. */
export async function askForEvidence(page: Page, look: Look): Promise<void> {
  await look('evidence to ask');
  await button(page, say('portal.evidence.ask.button')).click();
  await untilAnswered(page);
  await look('evidence');
}

/** Without scripts she follows the page's own link; with scripts the page looks by itself. */
export async function untilAnswered(page: Page): Promise<void> {
  for (const end = Date.now() + WAIT_MS; await isWaiting(page); ) {
    if (Date.now() > end) throw new Error(`${page.url()} waits for answers that do not come`);
    const again = page.getByRole('link', { name: say('portal.evidence.look') });
    if (await hasScripts(page)) await page.waitForTimeout(200);
    else if ((await again.count()) > 0) await again.click();
    else await page.waitForTimeout(200).then(() => page.reload());
  }
}

/** Says so of a whole page only: one that is still coming in has not yet the part that says that it waits. */
async function isWaiting(page: Page): Promise<boolean> {
  await page.waitForLoadState('load');
  return page
    .evaluate(() => document.readyState !== 'complete' || document.querySelector('[data-watch]') !== null)
    .catch(() => true); // It went on to another page meanwhile.
}

/** A `noscript` has elements in it only where scripts are off. */
async function hasScripts(page: Page): Promise<boolean> {
  return (await page.locator('noscript > *').count()) === 0;
}

/** These records are mine; would I get this; check. */
export async function toTheCheck(page: Page, look: Look): Promise<void> {
  await page.locator('form:has(input[name="step"][value="confirm"]) button').click();
  await page.waitForURL('**/forecast');
  await look('forecast');
  await page.getByRole('link', { name: say('common.continue'), exact: true }).click();
  await page.waitForURL('**/check');
  await look('check');
}

/** Sends the application. @returns its id and the reference that the page gave her */
export async function send(page: Page, look: Look): Promise<{ id: string; reference: string }> {
  await button(page, say('portal.check.send')).click();
  await page.waitForURL('**/applications/*');
  await look('sent');
  const reference = (await page.locator('.cw-panel strong').textContent()) ?? '';
  return { id: new URL(page.url()).pathname.split('/').at(-1) ?? '', reference };
}

/** An officer opens the case with a reference from his queue, as soon as it is there. */
export async function openCase(page: Page, portal: string, reference: string, look: Look = nothing): Promise<void> {
  const link = page.locator('a[href^="/desk/cases/"]', { hasText: reference });
  for (const end = Date.now() + WAIT_MS; ; ) {
    await page.goto(`${portal}/desk`);
    if ((await link.count()) > 0) break;
    if (Date.now() > end) throw new Error(`no case ${reference} at ${portal}`);
    await page.waitForTimeout(200);
  }
  await look('queue');
  await link.click();
  await look('case');
}

/** Looks at her application again and again until the page waits for nothing any more. */
export async function untilDecided(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await untilAnswered(page);
}

import { setTimeout as pause } from 'node:timers/promises';
import { type FormClient, type Page, summary } from './form-client.ts';
import { stuck } from './stuck.ts';

/** What she answers: field name -> value or values, page by page as the form asks. */
export type Answers = Readonly<Record<string, string | readonly string[]>>;

/** How often a waiting page is looked at again, and for how long at most. */
const LOOK_AGAIN_MS = 150;
const PATIENCE_MS = 60_000;

/** Signs in on the portal of a state; the same sign-in page serves people and officers. */
export async function signIn(client: FormClient, persona: string): Promise<Page> {
  const page = await client.submit(await client.open('/sign-in'), { persona });
  if (page.status !== 200) throw stuck(`${persona} could not sign in: ${summary(page)}`);
  return page;
}

/** Begins an application and answers every page of the form that comes. Gives the draft's id. */
export async function fillInForm(client: FormClient, service: string, answers: Answers): Promise<string> {
  let page = await client.submit(await client.open(`/services/${service}`), {}, '/start');
  const draft = draftOf(page);
  const [first] = linksTo(page, `/drafts/${draft}/pages/`);
  if (!page.url.pathname.includes('/pages/') && first !== undefined) page = await client.open(first);
  for (let step = 0; step < 30 && page.url.pathname.includes('/pages/'); step++) {
    const before = page.url.pathname;
    page = await client.submit(page, answersFor(page, answers));
    if (page.status >= 400 || page.url.pathname === before) throw stuck(`the form does not go on: ${summary(page)}`);
  }
  return draft;
}

function draftOf(page: Page): string {
  const id = /^\/drafts\/([0-9a-f-]{36})/.exec(page.url.pathname)?.[1];
  if (id === undefined) throw stuck(`no draft was begun: ${page.url.pathname} ${summary(page)}`);
  return id;
}

/** Of the answers those that the page asks for. */
function answersFor(page: Page, answers: Answers): Record<string, string | readonly string[]> {
  const names = new Set(page.root.querySelectorAll('main [name]').map((control) => control.getAttribute('name')));
  return Object.fromEntries(Object.entries(answers).filter(([name]) => names.has(name)));
}

/** Looks at a page again and again, as its refresh would, until it shows what is waited for. */
export async function waitFor(client: FormClient, path: string, shows: (page: Page) => boolean): Promise<Page> {
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    const page = await client.open(path);
    if (shows(page)) return page;
    if (Date.now() > until) throw stuck(`${path} does not come to an end: ${summary(page)}`);
    await pause(LOOK_AGAIN_MS);
  }
}

/** Whether a page no longer waits for other states: a waiting one asks to be looked at again. */
export function isSettled(page: Page): boolean {
  return page.status === 200 && page.root.querySelector('[data-watch]') === null;
}

/** Where the links of a page lead that begin with a path, each once. */
export function linksTo(page: Page, start: string): string[] {
  const links = page.root.querySelectorAll(`a[href^="${start}"]`).map((link) => link.getAttribute('href') ?? '');
  return [...new Set(links)];
}

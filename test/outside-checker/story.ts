import assert from 'node:assert/strict';
import { type Browser, browse, type Page } from './browser.ts';

/** Where a claim is made and decided. */
export interface Claim {
  /** Portal of each state. */
  portals: Record<string, string>;
  home: string;
  persona: string;
  works: string[];
  /** The state that is to pay, and the officers there. */
  pays: string;
  officers: string[];
}

/** What a sealed decision says. */
export interface Decision {
  outcome: string;
  months: number;
}

/** Somebody who signed in on a portal. */
export async function signedIn(portal: string | undefined, persona: string): Promise<Browser> {
  assert.ok(portal !== undefined);
  const browser = browse(portal);
  const page = await browser.open('/sign-in');
  const form = formWith(page, 'persona', persona);
  const { status } = await browser.send(page, form);
  assert.equal(status, 200, `${persona} signs in`);
  return browser;
}

const formOf = (page: Page, end: string) =>
  page.root.querySelectorAll('main form').find((form) => (form.getAttribute('action') ?? page.path).endsWith(end));

/** The form that says this of itself in a hidden field. */
const formWith = (page: Page, name: string, value: string) =>
  page.root
    .querySelectorAll('main form')
    .find((form) => form.querySelector(`[name=${name}]`)?.getAttribute('value') === value);

/** Claims a pension through the forms of the portal, has the officers of the paying state confirm, and reads the sealed decision. */
export async function decisionOn(claim: Claim): Promise<Decision> {
  const { portals, home, persona, works, pays, officers } = claim;
  const person = await signedIn(portals[home], persona);
  const service = await person.open('/services/pension/pension');
  let page = await person.send(service, formOf(service, '/start'));
  const draft = page.path.split('/')[2] ?? '';
  if (!page.path.includes('/pages/'))
    page = await person.open(page.root.querySelector(`a[href^="/drafts/${draft}/pages/"]`)?.getAttribute('href') ?? '');
  const answers = {
    statesOfWork: works,
    kindOfPension: 'old-age',
    payingStates: [pays],
    consent: 'yes',
    contactLanguage: 'en',
  };
  for (let step = 0; step < 20 && page.path.includes('/pages/'); step++)
    page = await person.send(page, page.root.querySelectorAll('main form')[0], answers);
  const evidence = `/drafts/${draft}/evidence`;
  const asked = await person.open(evidence);
  await person.send(asked, formWith(asked, 'step', 'ask'));
  const shown = await person.until(evidence, ({ root }) => root.querySelector('[data-watch]') === null);
  await person.send(shown, formWith(shown, 'step', 'confirm'));
  const check = await person.open(`/drafts/${draft}/check`);
  const sent = await person.send(check, formOf(check, '/check'));
  assert.equal(sent.path.split('?')[0], `/applications/${draft}`, sent.root.querySelector('main')?.text ?? '');
  const desks = await Promise.all(officers.map((officer) => signedIn(portals[pays], officer)));
  const decision = `/applications/${draft}/decisions/${pays}`;
  const isDecided = ({ root }: Page) => root.querySelector(`a[href="${decision}"]`) !== null;
  await person.until(`/applications/${draft}/proofs`, isDecided, async () => {
    for (const desk of desks) await confirmAll(desk);
  });
  const { content } = JSON.parse((await person.file(decision)).toString('utf8')) as {
    content: { decision: { payload: { outcome: string; decision: { months: number } } } };
  };
  const { outcome, decision: found } = content.decision.payload;
  return { outcome, months: found.months };
}

async function confirmAll(desk: Browser): Promise<void> {
  const queue = await desk.open('/desk');
  for (const link of queue.root.querySelectorAll('a[href^="/desk/cases/"]')) {
    const href = link.getAttribute('href') ?? '';
    const page = await desk.open(href);
    const form = formOf(page, `${href}/confirm`);
    if (form !== undefined) await desk.send(page, form);
  }
}

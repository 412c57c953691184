import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';

const root = process.env.COMMONWAY_ROOT ?? process.cwd();
const AXE = readFileSync(join(root, 'node_modules', 'axe-core', 'axe.min.js'), 'utf8');
const AXE_TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa'];

/** The width to which WCAG 2.2 (1.4.10) wants every page to reflow. */
const NARROW = { width: 320, height: 640 };
export const WIDE = { width: 1280, height: 900 };

/** Somebody at a browser of her own: cookies, pages, and what went wrong in them. */
export interface Visitor {
  context: BrowserContext;
  page: Page;
  /** Breaches of the pages' own policy, as the console told them. */
  violations: string[];
  /** Requests that would have left this machine. */
  foreign: string[];
  /** Errors of scripts. */
  broken: string[];
}

/** A visitor with an English browser; other wishes as Playwright has them. */
export async function visit(browser: Browser, wishes: BrowserContextOptions = {}): Promise<Visitor> {
  const context = await browser.newContext({ locale: 'en', viewport: WIDE, ...wishes });
  const visitor: Visitor = { context, page: await context.newPage(), violations: [], foreign: [], broken: [] };
  context.on('console', (message) => {
    if (/Content Security Policy|TrustedHTML|TrustedScript/.test(message.text())) {
      visitor.violations.push(`${message.page()?.url()}: ${message.text()}`);
    }
  });
  context.on('weberror', (error) => visitor.broken.push(String(error.error())));
  context.on('request', (request) => {
    const { protocol, hostname } = new URL(request.url());
    if (protocol !== 'data:' && !hostname.endsWith('.localhost')) visitor.foreign.push(request.url());
  });
  return visitor;
}

/** Nothing broke, nothing was forbidden, nobody else was asked. */
export function assertClean({ violations, foreign, broken }: Visitor): void {
  assert.deepEqual({ violations, foreign, broken }, { violations: [], foreign: [], broken: [] });
}

interface AxeResult {
  violations: { id: string; help: string; nodes: { target: unknown[]; failureSummary?: string }[] }[];
}

/** What axe finds on the page as it stands, by WCAG 2.2 at level A and AA: one line each. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  // Evaluated, not inserted: the pages' policy lets no foreign script in.
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(async (values) => {
    const { axe } = globalThis as unknown as { axe: { run(options: object): Promise<AxeResult> } };
    return axe.run({ runOnly: { type: 'tag', values }, resultTypes: ['violations'], preload: false });
  }, AXE_TAGS);
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary = '' }) => `${id} ${target.join(' ')}: ${failureSummary.replace(/\s+/g, ' ')}`),
  );
}

/** What sticks out of the page at the width of a small telephone, once the page itself scrolls sideways. */
export async function overflowAt320(page: Page): Promise<string[]> {
  const before = page.viewportSize() ?? WIDE;
  await page.setViewportSize(NARROW);
  const faults = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    const wide = [...document.querySelectorAll('body *')].filter(
      (element) => element.getBoundingClientRect().right > clientWidth + 1,
    );
    const named = wide.map(({ tagName, className }) => `${tagName.toLowerCase()}.${String(className)}`);
    return [`${scrollWidth} px wide`, ...named.slice(0, 5)];
  });
  await page.setViewportSize(before);
  return faults;
}

/** All that a reader sees or hears of a page, but for what says that it is in another language. */
export function wordsOf(page: Page): Promise<string> {
  return page.evaluate(() => {
    const copy = document.body.cloneNode(true) as HTMLElement;
    for (const other of copy.querySelectorAll('[lang], script')) other.remove();
    const spoken = [...copy.querySelectorAll('[aria-label], [placeholder], [title], [alt]')].flatMap((element) =>
      ['aria-label', 'placeholder', 'title', 'alt'].map((name) => element.getAttribute(name) ?? ''),
    );
    const pieces: string[] = [document.title, ...spoken];
    const walker = document.createTreeWalker(copy, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) pieces.push(walker.currentNode.textContent ?? '');
    return pieces.join('\n');
  });
}

/** Bytes on the wire, with their headers, of a page that a browser has never seen before. */
export interface Weight {
  /** All that the page is made of, of that its script. */
  page: number;
  script: number;
  /** What comes beside it, once it stands: the verifier of proofs, and the proofs. */
  beside: number;
}

/** Loads an address in a fresh browser, with the cookies of a visitor, and weighs it. */
export async function weigh(browser: Browser, url: string, visitor: Visitor): Promise<Weight> {
  const { context, page } = await visit(browser, { storageState: await visitor.context.storageState() });
  try {
    const sizes: Promise<{ name: string; bytes: number }>[] = [];
    page.on('requestfinished', (request) => {
      const name = new URL(request.url()).pathname;
      sizes.push(request.sizes().then((size) => ({ name, bytes: size.responseBodySize + size.responseHeadersSize })));
    });
    await page.goto(url, { waitUntil: 'networkidle' });
    const parts = await Promise.all(sizes);
    const sum = (wanted: (name: string) => boolean) =>
      parts.filter(({ name }) => wanted(name)).reduce((total, { bytes }) => total + bytes, 0);
    const isBeside = (name: string) => /^\/assets\/proof-|\/proof\.json$/.test(name);
    const isScript = (name: string) => name.endsWith('.js') && !isBeside(name);
    return { page: sum((name) => !isBeside(name)), script: sum(isScript), beside: sum(isBeside) };
  } finally {
    await context.close();
  }
}

/** How the element that has the focus would be named, for tests that only press keys. */
export function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const { activeElement: one } = document;
    if (one === null || one === document.body) return '';
    const words = one.getAttribute('aria-label') ?? one.textContent?.trim().replace(/\s+/g, ' ') ?? '';
    const id = one.id === '' ? '' : `#${one.id}`;
    return `${one.tagName.toLowerCase()}${id} ${words}`.trim();
  });
}

/** The bytes behind the first link with these words, which the browser saves rather than shows. */
export async function download(page: Page, words: string): Promise<Buffer> {
  const link = page.getByRole('link', { name: words }).first();
  const [file] = await Promise.all([page.waitForEvent('download'), link.click()]);
  return readFileSync(await file.path());
}

/** Ids of texts that a page shows in place of the texts. Facts of agreements have names of the same form: `identity.birthDate` is one. */
export function gaps(words: string): string[] {
  return (
    words.match(
      /\b(portal|common|desk|console|error|letter|personas|verify|regulation|wording|identity\.(passkeys|sessions|signIn))(\.[a-zA-Z]\w*)+/g,
    ) ?? []
  );
}

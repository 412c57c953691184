import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { type Visitor, visit } from '../harness/browser.ts';
import { startBrowser } from '../harness/chromium.ts';
import { persona, STORY_DAY, startUnion, type TestUnion } from '../harness/union.ts';
import { signInAs } from '../harness/walk.ts';

/** Evidence, decisions and proofs of the story are judged on the day after. */
export const DAY_AFTER = new Date(Date.parse(STORY_DAY) + 86_400_000).toISOString();

/** How long something that takes its time may take. */
export const PATIENCE_MS = 60_000;

/** What the parts of the browser test play on: one union, one browser. */
export interface Stage {
  running: TestUnion;
  browser: Browser;
  /** What Aigerim has sent, once she has. */
  application?: { id: string; reference: string };
  portal(state: string): string;
  /** A path on a portal, by default Kazakhstan's. */
  at(path: string, state?: string): string;
  /** Somebody signed in on the portal of her state. */
  comes(id: string, wishes?: BrowserContextOptions): Promise<Visitor>;
  close(): Promise<void>;
}

export async function openStage(): Promise<Stage> {
  const browser = await startBrowser();
  const running = await startUnion().catch(async (error: unknown) => {
    await browser.close();
    throw error;
  });
  const portal = (state: string): string => running.place.portals[state] ?? '';
  return {
    running,
    browser,
    portal,
    at: (path, state = 'kz') => `${portal(state)}${path}`,
    async comes(id, wishes = {}) {
      const visitor = await visit(browser, wishes);
      const who = persona(id);
      await signInAs(visitor.page, portal(who.state), who);
      return visitor;
    },
    async close() {
      await browser.close();
      await running.stop();
    },
  };
}

/** @throws when no application was sent: the part that sends it has failed */
export function sent({ application }: Stage): { id: string; reference: string } {
  if (application === undefined) throw new Error('Aigerim has sent nothing');
  return application;
}

/** Loads a page again and again until it shows as many of something as are wanted. */
export async function until(page: Page, url: string, selector: string, atLeast = 1): Promise<void> {
  for (const end = Date.now() + PATIENCE_MS; ; ) {
    await page.goto(url);
    const found = await page.locator(selector).count();
    if (found >= atLeast) return;
    if (Date.now() > end) throw new Error(`${url} shows ${found} of ${atLeast} ${selector}`);
    await page.waitForTimeout(300);
  }
}

/**
 * Aigerim's access record for her application, once each use has its proof: a question to each of three registers, and a look by each of
 * five officers.
 */
export function openAccess(stage: Stage, page: Page): Promise<void> {
  return until(page, stage.at(`/access?application=${sent(stage).id}`), '[data-proof]', 8);
}

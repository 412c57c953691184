import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { accessibilityFaults, gaps, overflowAt320, type Visitor, WIDE, wordsOf } from '../harness/browser.ts';

/** Looks at pages, each once, and gathers what is wrong with them, so that one run tells all of it. */
export interface Survey {
  look(page: Page, name: string): Promise<void>;
  /** Looks at pages by their addresses: name -> URL. */
  lookAt(visitor: Visitor, addresses: Readonly<Record<string, string>>): Promise<void>;
  note(name: string, faults: readonly string[]): void;
  /** Fails with all that was found since it was last asked. */
  assertNoFaults(): void;
}

export function openSurvey(): Survey {
  const seen = new Set<string>();
  const faults: string[] = [];
  const survey: Survey = {
    async look(page, name) {
      if (seen.has(name)) return;
      seen.add(name);
      survey.note(name, await faultsOf(page));
    },
    async lookAt({ page }, addresses) {
      for (const [name, url] of Object.entries(addresses)) {
        await page.goto(url);
        await survey.look(page, name);
      }
    },
    note(name, found) {
      faults.push(...found.map((fault) => `${name}: ${fault}`));
    },
    assertNoFaults() {
      assert.deepEqual(faults.splice(0), []);
    },
  };
  return survey;
}

const MOST_ATTEMPTS = 5;

/** A page that waits for news may load itself again while one looks: then one looks again. */
async function faultsOf(page: Page): Promise<string[]> {
  for (let attempt = 1; ; attempt++) {
    try {
      return [...(await accessibilityFaults(page)), ...(await overflowAt320(page)), ...gaps(await wordsOf(page))];
    } catch (error) {
      if (attempt === MOST_ATTEMPTS || !/context was destroyed|navigation/.test(String(error))) throw error;
      await page.setViewportSize(WIDE);
      await page.waitForLoadState();
    }
  }
}

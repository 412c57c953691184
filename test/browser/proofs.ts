import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page, Route } from 'playwright-core';
import { texts } from '../../src/texts/index.ts';
import { assertClean } from '../harness/browser.ts';
import { openAccess, type Stage } from './stage.ts';

const { say } = texts('en');

/** The access record, whose proofs the browser itself verifies. */
export function proofs(stage: () => Stage): void {
  test('her browser checks every proof itself', async () => {
    const visitor = await stage().comes('aigerim');
    const { page } = visitor;
    await openAccess(stage(), page);
    const results = await proofResults(page);
    assert.ok(results.length >= 8);
    assert.deepEqual(new Set(results), new Set(['verified']));
    assert.equal(await page.getByText(say('portal.access.proof.verified')).count(), results.length);
    assertClean(visitor);
    await visitor.context.close();
  });

  test('a proof that somebody changed on the way does not hold', async () => {
    const visitor = await stage().comes('aigerim');
    const { page } = visitor;
    await openAccess(stage(), page);
    const answers = await proofAnswers(page);
    for (const { result, change } of CHANGES) {
      const tamper = (route: Route) => {
        const answer = structuredClone(answers[new URL(route.request().url()).pathname]) as ProofAnswer;
        change(answer);
        return route.fulfill({ json: answer });
      };
      await page.route('**/proof.json', tamper);
      await page.reload();
      assert.deepEqual(new Set(await proofResults(page)), new Set([result]), String(change));
      await page.unroute('**/proof.json', tamper);
    }
    await page.route('**/proof.json', (route) => route.fulfill({ status: 503 }));
    await page.reload();
    assert.deepEqual(new Set(await proofResults(page)), new Set(['unable']));
    assertClean(visitor);
    await visitor.context.close();
  });
}

interface ProofAnswer {
  content: { purpose: string };
  proof: { index: number; path: string[]; leaf: { salt: string }; checkpoint: string };
}

/** What somebody between might change in a proof, and what the browser must then say. */
const CHANGES: readonly { result: 'failed' | 'unwitnessed'; change: (answer: ProofAnswer) => void }[] = [
  {
    result: 'failed',
    change({ content }) {
      content.purpose = 'curiosity';
    },
  },
  {
    result: 'failed',
    change({ proof }) {
      proof.path.pop();
    },
  },
  {
    result: 'failed',
    change({ proof }) {
      proof.index += 1;
    },
  },
  {
    result: 'failed',
    change({ proof: { leaf } }) {
      leaf.salt = `${leaf.salt.startsWith('A') ? 'B' : 'A'}${leaf.salt.slice(1)}`;
    },
  },
  {
    result: 'failed',
    change({ proof }) {
      proof.checkpoint = proof.checkpoint.replace(/\n(\d+)\n/, (_, size) => `\n${Number(size) + 1}\n`);
    },
  },
  {
    // The log's own signature is the first below the text; those of the witnesses follow it.
    result: 'unwitnessed',
    change({ proof }) {
      proof.checkpoint = proof.checkpoint.replace(/(\n\n— .*\n)[\s\S]*$/, '$1');
    },
  },
];

/** What the node answers to the verifier, by address. */
function proofAnswers(page: Page): Promise<Record<string, ProofAnswer>> {
  return page.evaluate(async () => {
    const places = [...document.querySelectorAll<HTMLElement>('[data-proof]')].map(
      ({ dataset }) => dataset.proof ?? '',
    );
    const answers = places.map(async (place) => [place, await (await fetch(place)).json()]);
    return Object.fromEntries(await Promise.all(answers));
  });
}

/** How each proof on the page came out, once the browser has looked at all of them. */
export async function proofResults(page: Page): Promise<string[]> {
  await page.waitForFunction(() => {
    const all = [...document.querySelectorAll<HTMLElement>('[data-proof]')];
    return all.length > 0 && all.every(({ dataset }) => dataset.result && dataset.result !== 'checking');
  });
  return page.locator('[data-proof]').evaluateAll((all) => all.map((one) => (one as HTMLElement).dataset.result ?? ''));
}

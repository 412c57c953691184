import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { describe, it } from 'node:test';
import { checkAgreement } from './check/check.ts';
import { inCheckout } from './testing.ts';

/** What every agreement of the checkout owes: see the guide for service designers. */
const LEAST_SCENARIOS = 20;

describe('a shipped agreement', () => {
  for (const name of readdirSync(inCheckout('agreements'))) {
    it(`${name} has no finding, is shown by ${LEAST_SCENARIOS} scenarios or more, and every row of every table by one`, async () => {
      const { agreement, findings, scenarios, coverage } = await checkAgreement(inCheckout('agreements', name));
      assert.deepEqual(findings, []);
      assert.ok(scenarios.run >= LEAST_SCENARIOS, `${scenarios.run} scenarios`);
      assert.ok(coverage !== undefined && agreement !== undefined);
      const sources = Object.values(agreement.articles);
      for (const { source, url, note } of sources) assert.ok(source === 'law' ? url !== undefined : note !== undefined);
    });
  }
});

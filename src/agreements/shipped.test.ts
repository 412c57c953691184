import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it, test } from 'node:test';
import { checkAgreement } from './check/check.ts';
import { inCheckout } from './testing.ts';

/** What every agreement of the checkout owes: see the guide for service designers. */
const LEAST_SCENARIOS = 20;

/** The agreement that the guide for service designers quotes; it is shipped to be read and tried, not to run. */
const EXAMPLE = 'examples/parking-permit/agreements/parking-permit';

test('the example of the guide has no finding, scenarios for every row, and stands as the guide quotes it', async () => {
  const { findings, scenarios } = await checkAgreement(inCheckout(EXAMPLE));
  assert.deepEqual(findings, []);
  assert.ok(scenarios.run >= LEAST_SCENARIOS);
  const guide = readFileSync(inCheckout('docs', 'write-an-agreement.md'), 'utf8');
  const quotes = [...guide.matchAll(/```yaml\n# ((?:services|rules|evidence)\/\S+)\n([\s\S]*?)```/g)];
  assert.ok(quotes.length >= 4);
  for (const [, file = '', quoted = ''] of quotes) {
    assert.ok(readFileSync(inCheckout(EXAMPLE, file), 'utf8').includes(quoted), `${file}:\n${quoted}`);
  }
});

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

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { newBudget } from '../budget.ts';
import { loadFiles } from '../load.ts';
import { runScenarios } from '../scenarios/run.ts';
import { filesOf } from '../testing.ts';
import { ruleValues } from './values.ts';

describe('the values that rules can have', () => {
  it('hold every value that any scenario comes to', () => {
    for (const path of ['agreements/pension', 'src/agreements/fixtures/good']) {
      const { agreement = assert.fail() } = loadFiles(filesOf(path));
      const [service = assert.fail()] = Object.values(agreement.services);
      let counted = 0;
      for (const annex of Object.values(agreement.annexes)) {
        const possible = ruleValues(agreement, service, annex, newBudget(1_000_000));
        runScenarios(agreement, {
          watch(state, rule, _version, _rows, value) {
            const values = possible.get(rule.name);
            if (state !== annex.state || values === undefined) return;
            counted += 1;
            assert.ok(values.includes(value), `${rule.name} in ${state} gave ${JSON.stringify(value)}`);
          },
        });
      }
      assert.ok(counted > 10);
    }
  });

  it('are counted exactly where all that a rule is given can be counted', () => {
    const files = filesOf('src/agreements/fixtures/good');
    const { agreement = assert.fail() } = loadFiles(files);
    const annex = agreement.annexes.kg ?? assert.fail();
    const values = ruleValues(agreement, agreement.services.permit ?? assert.fail(), annex, newBudget(1_000));
    assert.deepEqual(values.get('rate'), [25]);
    assert.deepEqual(values.get('lives'), [true, false, null]);
    assert.equal(values.get('units'), undefined);
    assert.deepEqual([...(values.get('outcome') ?? [])].sort(), ['granted', 'partly', 'refused', null].sort());
  });
});

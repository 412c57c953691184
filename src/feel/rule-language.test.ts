import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { BUILTINS } from './builtins/builtins.ts';
import { compile, toFeel } from './index.ts';
import { constantValue, exampleFacts, exampleTypes } from './testing.ts';

const page = readFileSync(join(process.env.COMMONWAY_ROOT ?? '.', 'docs', 'rule-language.md'), 'utf8');

/** The rows of the page's tables that have two cells of code. */
const rows = [...page.matchAll(/^\| `(.+)` \| `(.+)` \|$/gm)].map(([, written = '', gives = '']) => ({
  written,
  gives,
}));
const refused = rows.filter(({ gives }) => gives.startsWith('FEEL_'));
const evaluated = rows.filter(({ gives }) => !gives.startsWith('FEEL_'));

describe('docs/rule-language.md tells the truth:', () => {
  for (const { written, gives } of evaluated) {
    test(`${written} gives ${gives}`, () => {
      const made = compile(written, { types: exampleTypes });
      assert(made.ok, JSON.stringify(made));
      assert.equal(toFeel(made.compiled.evaluate(exampleFacts)), toFeel(constantValue(gives)));
    });
  }

  for (const { written, gives } of refused) {
    test(`${written} is refused as ${gives}`, () => {
      const made = compile(written, { types: exampleTypes });
      assert.deepEqual(made.ok ? [] : made.errors.map(({ code }) => code), [gives]);
    });
  }

  test('every built-in function has an example, and the clock is explained', () => {
    const shown = evaluated.map(({ written }) => written).join('\n');
    const missing = [...BUILTINS.keys()].filter(
      (name) => !shown.includes(`${name}(`) && !page.includes(`\`${name}()\``),
    );
    assert.deepEqual(missing, []);
    assert(evaluated.length > 120 && refused.length > 10, 'the tables were not read');
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadFiles } from './load.ts';
import { edit, filesOf } from './testing.ts';

describe('an agreement is data', () => {
  const reaching = [
    'constructor.constructor("return process")()',
    'process.exit(1)',
    'globalThis',
    'require("node:fs")',
    'import("node:fs")',
    '{}.constructor',
    '"".constructor',
    '__proto__',
    'nights.__proto__',
    'eval("1")',
    'new Date()',
    'fetch("https://example.org")',
    '(function() { process.exit() })()',
    'external { java: { class: "java.lang.Math", method signature: "cos(double)" } }',
  ];
  for (const expression of reaching) {
    it(`refuses the expression ${expression}`, () => {
      const files = filesOf('src/agreements/fixtures/good');
      edit(files, 'annexes/kg/annex.yaml', '20 + 5', JSON.stringify(expression));
      const { agreement, findings } = loadFiles(files);
      assert.equal(agreement, undefined);
      assert.ok(findings.length > 0);
      assert.ok(
        findings.every(({ file }) => file === 'annexes/kg/annex.yaml'),
        JSON.stringify(findings),
      );
    });
  }

  it('says texts without running anything in them', () => {
    const files = filesOf('src/agreements/fixtures/good');
    edit(files, 'texts/en.yaml', 'Parking law', "'{process.exit(1)} <script>alert(1)</script> constructor'");
    const { agreement, findings } = loadFiles(files);
    // `{process.exit(1)}` is no message of the text format.
    assert.equal(agreement, undefined);
    assert.deepEqual(
      findings.map(({ code }) => code),
      ['AGREEMENT_TEXT_SYNTAX'],
    );
  });

  it('gives a text with a missing parameter as it stands, and an unknown id as itself', () => {
    const { agreement } = loadFiles(filesOf('src/agreements/fixtures/good'));
    assert.equal(agreement?.text('en', 'document.line'), 'You pay {fee, plural, one {#} few {#} many {#} other {#}}.');
    assert.equal(agreement?.text('xx', 'article.law'), 'Parking law');
    assert.equal(agreement?.text('en', 'toString'), 'toString');
    assert.equal(agreement?.text('en', 'no.such.text'), 'no.such.text');
  });
});

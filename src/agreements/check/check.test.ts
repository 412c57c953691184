import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { parse } from 'yaml';
import { AGREEMENT_FINDINGS } from '../failures.ts';
import type { Code } from '../findings.ts';
import { hintOf } from '../hints.ts';
import { edit, filesOf, inCheckout } from '../testing.ts';
import { checkFiles } from './check.ts';

interface Broken {
  code: string;
  at: string;
  change: { file: string; replace?: string; with?: string; add?: string; remove?: boolean }[];
}

const broken = parse(readFileSync(inCheckout('src/agreements/fixtures/broken.yaml'), 'utf8')) as Broken[];

/** What only a folder can have wrong, and bytes that are no text: `read/folder.test.ts` and `read/yaml.test.ts` have these. */
const ELSEWHERE: readonly Code[] = [
  'AGREEMENT_FOLDER_UNREADABLE',
  'AGREEMENT_FILE_KIND',
  'AGREEMENT_FILE_TOO_LARGE',
  'AGREEMENT_TOO_MANY_FILES',
  'AGREEMENT_ENCODING',
];

describe('the check of an agreement', () => {
  it('finds nothing in the good one', () => {
    const { findings, agreement, scenarios } = checkFiles(filesOf('src/agreements/fixtures/good'));
    assert.deepEqual(findings, []);
    assert.equal(agreement?.name, 'parking');
    assert.deepEqual(scenarios, { run: 2, failed: 0 });
  });

  for (const { code, at, change } of broken) {
    it(`finds ${code} at ${at} and nothing else`, () => {
      const files = filesOf('src/agreements/fixtures/good');
      for (const { file, replace, with: put = '', add, remove } of change) {
        if (remove === true) files.delete(file);
        else if (add !== undefined) files.set(file, Buffer.from(add));
        else edit(files, file, replace ?? '', put);
      }
      const { findings } = checkFiles(files);
      assert.deepEqual([...new Set(findings.map((one) => one.code))], [code]);
      const [first] = findings;
      assert.equal(`${first?.file}:${first?.line}:${first?.column}`, at);
      assert.notEqual(first?.message, '');
      assert.notEqual(first?.hint, '');
      assert.doesNotMatch(first?.message ?? '', /\{\w+\}/, 'every value of the sentence is filled in');
    });
  }

  it('has a broken agreement and a hint for every code', () => {
    const shown = new Set(broken.map(({ code }) => code));
    for (const code of Object.keys(AGREEMENT_FINDINGS) as Code[]) {
      assert.ok(shown.has(code) || ELSEWHERE.includes(code), `no fixture fails with ${code}`);
      assert.notEqual(hintOf(code), '', `${code} has no hint`);
    }
  });

  it('tells all findings at once, file by file from the top', () => {
    const files = filesOf('src/agreements/fixtures/good');
    edit(files, 'agreement.yaml', 'retries: 3', 'retries: few');
    edit(files, 'documents/permit.yaml', 'P1M', 'a month');
    edit(files, 'texts/hy.yaml', 'rule.fee: Fee\n', '');
    edit(files, 'services/permit.yaml', 'nights > 0 and', 'night > 0 and');
    edit(files, 'forms/permit.yaml', 'page.where', 'PAGE');
    const codes = checkFiles(files).findings.map(({ file, code }) => `${file} ${code}`);
    assert.deepEqual(codes.slice(0, 3), [
      'agreement.yaml AGREEMENT_WRONG_TYPE',
      'documents/permit.yaml AGREEMENT_WRONG_VALUE',
      'forms/permit.yaml AGREEMENT_WRONG_VALUE',
    ]);
  });

  it('does not give out an agreement with a finding', () => {
    const files = filesOf('src/agreements/fixtures/good');
    edit(files, 'texts/hy.yaml', 'rule.fee: Fee\n', '');
    assert.equal(checkFiles(files).agreement, undefined);
  });
});

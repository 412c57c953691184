import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { parse } from 'yaml';
import { FEEL_ERRORS } from '../../feel/index.ts';
import { AGREEMENT_FINDINGS } from '../failures.ts';
import type { Code } from '../findings.ts';
import { hintOf } from '../hints.ts';
import { edit, filesOf, inCheckout } from '../testing.ts';
import type { Finding } from '../types.ts';
import { checkAgreement, checkFiles } from './check.ts';

interface Broken {
  code: string;
  at: string;
  change: Change[];
}

/** One change of a file: a text replaced, a file added or removed; on a disk also bytes, a link, a size, many files, nothing. */
interface Change {
  file: string;
  replace?: string;
  with?: string;
  add?: string;
  remove?: boolean;
  bytes?: string;
  link?: string;
  size?: number;
  many?: number;
  nowhere?: boolean;
}

const broken = parse(readFileSync(inCheckout('src/agreements/fixtures/broken.yaml'), 'utf8')) as Broken[];

const expressions = parse(readFileSync(inCheckout('src/agreements/fixtures/broken-expressions.yaml'), 'utf8')) as {
  code: string;
  column: number;
  expression: string;
}[];

/** The good agreement with changes in memory. */
function changed(change: readonly Change[]): Map<string, Uint8Array> {
  const files = filesOf('src/agreements/fixtures/good');
  for (const { file, replace, with: put = '', add, remove, bytes } of change) {
    if (remove === true) files.delete(file);
    else if (bytes !== undefined) files.set(file, Buffer.from(bytes, 'hex'));
    else if (add !== undefined) files.set(file, Buffer.from(add));
    else if (replace !== undefined) edit(files, file, replace, put);
  }
  return files;
}

/** The same on a disk, with what only a disk can hold. */
async function checkOnDisk(t: TestContext, change: readonly Change[]): Promise<Finding[]> {
  const folder = mkdtempSync(join(tmpdir(), 'agreement-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const path = (file: string): string => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    return join(folder, file);
  };
  for (const [file, bytes] of changed(change)) writeFileSync(path(file), bytes);
  for (const { file, link, size, many = 0 } of change) {
    if (link !== undefined) symlinkSync(link, path(file));
    if (size !== undefined) truncateSync(path(file), size);
    for (let number = 1; number <= many; number++) writeFileSync(path(file.replace('#', String(number))), '');
  }
  const missing = change.some(({ nowhere }) => nowhere === true);
  return (await checkAgreement(missing ? join(folder, 'nowhere') : folder)).findings;
}

const needsDisk = ({ link, size, many, nowhere }: Change): boolean => (link ?? size ?? many ?? nowhere) !== undefined;

/** What the rule language can refuse elsewhere, but not of a file of an agreement. */
const NOT_IN_AGREEMENTS: readonly string[] = [
  // The shape of a file refuses an expression that is longer than the language allows.
  'FEEL_TOO_LONG',
  // The circle of functions is found before any of them is compiled.
  'FEEL_RECURSION',
];

describe('the check of an agreement', () => {
  it('finds nothing in the good one', () => {
    const { findings, agreement, scenarios } = checkFiles(filesOf('src/agreements/fixtures/good'));
    assert.deepEqual(findings, []);
    assert.equal(agreement?.name, 'parking');
    assert.deepEqual(scenarios, { run: 3, failed: 0, differences: [] });
  });

  for (const { code, at, change } of broken) {
    it(`finds ${code} at ${at} and nothing else`, async (t) => {
      const findings = change.some(needsDisk) ? await checkOnDisk(t, change) : checkFiles(changed(change)).findings;
      assert.deepEqual([...new Set(findings.map((one) => one.code))], [code]);
      const [first] = findings;
      assert.equal(`${first?.file}:${first?.line}:${first?.column}`, at);
      assert.notEqual(first?.message, '');
      assert.notEqual(first?.hint, '');
      assert.doesNotMatch(first?.message ?? '', /\{\w+\}/, 'every value of the sentence is filled in');
    });
  }

  for (const { code, column, expression } of expressions) {
    it(`finds ${code} in ${expression.slice(0, 60)} and nothing else`, () => {
      const files = filesOf('src/agreements/fixtures/good');
      edit(files, 'annexes/kg/annex.yaml', '20 + 5', JSON.stringify(expression));
      const { findings } = checkFiles(files);
      assert.deepEqual([...new Set(findings.map((one) => one.code))], [code]);
      const [first] = findings;
      // The expression begins in column 17, after its quote.
      assert.deepEqual([first?.file, first?.line, first?.column], ['annexes/kg/annex.yaml', 8, column + 16]);
      assert.notEqual(first?.hint, '');
      assert.doesNotMatch(`${first?.message} ${first?.hint}`, /\{(hint|most|name|why)\}/);
    });
  }

  it('has a broken agreement and a hint for every code', () => {
    const shown = new Set([...broken, ...expressions].map(({ code }) => code));
    for (const code of Object.keys(AGREEMENT_FINDINGS) as Code[]) {
      assert.ok(shown.has(code), `no fixture fails with ${code}`);
      assert.notEqual(hintOf(code), '', `${code} has no hint`);
    }
    for (const code of Object.keys(FEEL_ERRORS)) {
      assert.ok(shown.has(code) || NOT_IN_AGREEMENTS.includes(code), `no fixture fails with ${code}`);
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

  it('tells every fault of one file, however many', () => {
    const files = filesOf('src/agreements/fixtures/good');
    const unknown = Array.from({ length: 40 }, (_, index) => `spare${index}: 1\n`).join('');
    edit(files, 'forms/permit.yaml', 'form: permit', `${unknown}form: permit`);
    for (let left = 0; left < 3; left++) edit(files, 'agreement.yaml', 'retries: 3', 'retries: few');
    for (let left = 0; left < 3; left++)
      edit(files, 'agreement.yaml', 'signatureRequired: true', 'signatureRequired: 1');
    for (let left = 0; left < 3; left++) edit(files, 'agreement.yaml', 'acknowledge: P', 'acknowledge: in ');
    const { findings } = checkFiles(files);
    const of = (file: string): number => findings.filter((one) => one.file === file).length;
    assert.equal(of('forms/permit.yaml'), 40);
    assert.equal(of('agreement.yaml'), 9);
  });

  it('does not give out an agreement with a finding', () => {
    const files = filesOf('src/agreements/fixtures/good');
    edit(files, 'texts/hy.yaml', 'rule.fee: Fee\n', '');
    assert.equal(checkFiles(files).agreement, undefined);
  });
});

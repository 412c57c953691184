import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { failureSentence } from '../../storage/index.ts';
import { runCommand } from '../run.ts';
import { SENTENCES } from '../sentences.ts';
import { commands } from './index.ts';

const GOOD = join(process.env.COMMONWAY_ROOT ?? '', 'src/agreements/fixtures/good');

/** A copy of the good agreement, changed by a replacement in one file. */
function changed(t: TestContext, file = '', from = '', to = ''): string {
  const folder = mkdtempSync(join(tmpdir(), 'commonway-diff-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  cpSync(GOOD, folder, { recursive: true });
  if (file !== '') {
    const text = readFileSync(join(folder, file), 'utf8');
    assert.ok(text.includes(from), from);
    writeFileSync(join(folder, file), text.replace(from, to));
  }
  return folder;
}

async function run(...words: string[]): Promise<{ code: number; said: string }> {
  const said: string[] = [];
  const code = await runCommand(commands, words, {
    root: '',
    home: '',
    env: {},
    sentenceOf: (failure) => failureSentence(SENTENCES, failure),
    out: (line) => said.push(line),
    err: (line) => said.push(line),
    ask: async () => undefined,
  });
  return { code, said: said.join('\n') };
}

test('two equal versions differ in nothing, and it says so in six languages', async (t) => {
  const same = changed(t);
  assert.deepEqual(await run('diff', GOOD, same), { code: 0, said: 'Nothing changed.' });
  const words = await Promise.all(
    ['ru', 'kk', 'ky', 'hy', 'be'].map((language) => run('diff', GOOD, same, '--language', language)),
  );
  assert.equal(new Set(words.map(({ said }) => said)).size, 5);
  assert.equal((await run('diff', GOOD, same, '--language', 'fr')).code, 64);
});

test('a change is told with its layer and what follows for drafts, cases and decisions', async (t) => {
  const { code, said } = await run('diff', GOOD, changed(t, 'services/permit.yaml', 'decide: P10D', 'decide: P9D'));
  assert.equal(code, 0);
  for (const words of [
    'every party has to ratify',
    'P10D, approve, parking-law → P9D',
    'go on as they were filed',
    'is shown as it was',
  ])
    assert.ok(said.includes(words), said);
});

test('a missing migration is an error, also for machines', async (t) => {
  const other = changed(t, 'services/permit.yaml', 'guest: { type: yesNo', 'guest: { type: text');
  const { code, said } = await run('diff', GOOD, other, '--json');
  assert.equal(code, 65);
  const { changes, before, after } = JSON.parse(said);
  assert.deepEqual(
    changes.map(({ kind, migrationMissing }: { kind: string; migrationMissing: boolean }) => [kind, migrationMissing]),
    [['field-type', true]],
  );
  assert.notEqual(before.contract, after.contract);
});

test('a folder that does not pass the check is not compared', async (t) => {
  const broken = changed(t, 'services/permit.yaml', 'decide: P10D', 'decide: ten days');
  const { code, said } = await run('diff', GOOD, broken);
  assert.equal(code, 65);
  assert.match(said, /has 1 faults/);
});

test('a named person approves a translation, and a changed sentence makes it a draft again', async (t) => {
  const folder = changed(t);
  const words = ['translation', 'approve', folder, '--language', 'kk', '--by', 'Sample Person', '--role', 'translator'];
  const { code, said } = await run(...words);
  assert.equal(code, 0, said);
  assert.match(
    (await run('diff', GOOD, folder)).said,
    /named person approved the texts in kk \(Sample Person \(translator\)\)/,
  );
  const path = join(folder, 'texts', 'kk.yaml');
  writeFileSync(path, readFileSync(path, 'utf8').replace(/: (.+)$/m, ': $1!'));
  assert.match((await run('diff', GOOD, folder)).said, /Texts in kk changed/);
  assert.doesNotMatch((await run('diff', GOOD, folder)).said, /approved/);
  assert.equal((await run(...words.filter((word) => !/role|translator/.test(word)))).code, 64);
});

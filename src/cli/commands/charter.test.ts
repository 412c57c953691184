import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { sealedBytes } from '../../crypto/index.ts';
import { failureSentence } from '../../storage/index.ts';
import { writeKeyFile } from '../../union/index.ts';
import { testUnion } from '../../union/testing.ts';
import { runCommand } from '../run.ts';
import { SENTENCES } from '../sentences.ts';
import { charterAssemble } from './charter-assemble.ts';
import { charterPropose } from './charter-propose.ts';
import { charterSign } from './charter-sign.ts';
import { rootNew } from './root-new.ts';

const union = testUnion();

/** A folder with the charter of five states and their roots, each in a folder of its own, as on five machines without a network. */
function machines(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'commonway-signing-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const at = (...parts: string[]) => join(folder, ...parts);
  writeFileSync(at('1.json'), sealedBytes(union.charter));
  for (const [state, root] of Object.entries(union.roots)) writeKeyFile(at(state), state, root);
  const run = async (...words: string[]) => {
    const said: string[] = [];
    const code = await runCommand([charterPropose, charterSign, charterAssemble, rootNew], words, {
      root: folder,
      home: folder,
      env: {},
      sentenceOf: (failure) => failureSentence(SENTENCES, failure),
      out: (line) => said.push(line),
      err: (line) => said.push(line),
      ask: async () => undefined,
    });
    return { code, said: said.join('\n') };
  };
  const propose = (...changes: string[]) =>
    run('charter', 'propose', '--charter', at('1.json'), '--out', at('2.proposal'), '--json', ...changes);
  const sign = (state: string, proposal = '2.proposal') =>
    run('charter', 'sign', at(proposal), '--root', at(state, `${state}.key.json`), '--out', at(`${state}.signed`));
  const assemble = (...states: string[]) =>
    run('charter', 'assemble', at('2.proposal'), ...states.map((one) => at(`${one}.signed`)), '--out', at('2.json'));
  return { at, run, propose, sign, assemble };
}

test('four roots of five admit a state; each says what it signs', async (t) => {
  const { at, run, propose, sign, assemble } = machines(t);
  assert.equal((await run('root', 'new', '--state', 'uz', '--name', 'Uzbekistan', '--out', at('uz'))).code, 0);
  const proposed = await propose('--add', at('uz', 'uz.entry.json'));
  assert.equal(proposed.code, 0, proposed.said);
  const { version, joins, roots, threshold, digest } = JSON.parse(proposed.said);
  assert.deepEqual([version, joins, roots, threshold], [2, ['uz'], 5, { before: 4, after: 5 }]);
  for (const state of ['am', 'by', 'kg', 'kz', 'uz']) {
    const { code, said } = await sign(state);
    assert.equal(code, 0, said);
    assert.match(said, new RegExp(`${digest}[^]*joins: uz`));
  }
  const whole = await assemble('am', 'by', 'kg', 'kz', 'uz');
  assert.equal(whole.code, 0, whole.said);
  assert.equal(JSON.parse(readFileSync(at('2.json'), 'utf8')).payload.states.length, 6);
});

test('too few signatures make no charter, however they are counted', async (t) => {
  const { propose, sign, assemble } = machines(t);
  await propose('--remove', 'ru');
  for (const state of ['am', 'by', 'kg']) await sign(state);
  const { code, said } = await assemble('am', 'by', 'kg', 'kg');
  assert.equal(code, 78);
  // Enough by its own rule of three, and not by that of the version before.
  assert.match(said, /signed by 3 roots of version 1, whose rule asks for 4/);
});

test('a root signs no second content of a version, and a stranger nothing', async (t) => {
  const { at, run, propose, sign } = machines(t);
  await propose('--remove', 'ru');
  assert.equal((await sign('kz')).code, 0);
  assert.equal((await sign('kz')).code, 0);
  await propose('--remove', 'by');
  const second = await sign('kz');
  assert.equal(second.code, 77);
  assert.match(second.said, /has already signed another content of charter version 2/);
  await run('root', 'new', '--state', 'uz', '--name', 'Uzbekistan', '--out', at('uz'));
  assert.match((await sign('uz')).said, /root of no state/);
});

test('a proposal that was changed on its way, or is none, is not signed', async (t) => {
  const { at, propose, sign, assemble } = machines(t);
  await propose('--remove', 'ru');
  await sign('kz');
  const changed = readFileSync(at('2.proposal'), 'utf8').replace('"version":1', '"version":2');
  writeFileSync(at('changed'), changed);
  assert.notEqual((await sign('am', 'changed')).code, 0);
  writeFileSync(at('noise'), 'noise');
  assert.match((await sign('am', 'noise')).said, /is no proposal of a charter/);
  await propose('--remove', 'by');
  assert.match((await assemble('kz')).said, /of another content than the proposal/);
});

test('what changes nothing, names nobody, or would admit under an expired charter is not proposed', async (t) => {
  const { at, run, propose } = machines(t);
  assert.match((await propose()).said, /changes nothing/);
  assert.match((await propose('--remove', 'zz')).said, /zz is not in the charter/);
  assert.match((await propose('--threshold', '2')).said, /not more than half/);
  await run('root', 'new', '--state', 'kz', '--name', 'Kazakhstan', '--out', at('new'));
  assert.match((await propose('--add', at('new', 'kz.entry.json'))).said, /in the charter already/);
  const replaced = JSON.parse((await propose('--replace', at('new', 'kz.entry.json'))).said);
  assert.deepEqual([replaced.newRoot, replaced.roots], [['kz'], 4]);
});

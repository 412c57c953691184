import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { failureSentence } from '../../storage/index.ts';
import { readNodeKeys, readUnionFolder } from '../../union/index.ts';
import { places } from '../local-union/union-folder.ts';
import { runCommand } from '../run.ts';
import { SENTENCES } from '../sentences.ts';
import { manifestRenew } from './manifest-renew.ts';
import { stoppedUnion } from './testing-node.ts';

/** A union that was founded and does not run, and the command upon it. */
function foundedUnion(t: TestContext) {
  const { folder } = stoppedUnion(t, ['kg', 'kz']);
  const at = places(folder);
  return {
    at,
    versions: (state: string) =>
      readUnionFolder(at.trust(state))
        .manifests.filter(({ payload }) => payload.state === 'kz')
        .map(({ payload }) => payload.version)
        .sort(),
    async renew(...words: string[]) {
      const said: string[] = [];
      const code = await runCommand([manifestRenew], ['manifest', 'renew', '--folder', folder, ...words], {
        root: folder,
        home: folder,
        env: {},
        sentenceOf: (failure) => failureSentence(SENTENCES, failure),
        out: (line) => said.push(line),
        err: (line) => said.push(line),
        ask: async () => undefined,
      });
      return { code, said: said.join('\n') };
    },
  };
}

test('a state renews its keys in two steps, in its own folder alone', async (t) => {
  const { at, versions, renew } = foundedUnion(t);
  const folder = at.keys('kz');
  const before = readNodeKeys(folder);
  const begun = await renew('--state', 'kz');
  assert.equal(begun.code, 0, begun.said);
  assert.match(begun.said, /Version 2 .* will use them .*--finish/s);
  const during = readNodeKeys(folder);
  assert.notEqual(during.messages.public.id, before.messages.public.id);
  assert.deepEqual(during.tls, before.tls);
  for (const name of ['next.tls.key.pem', 'messages.key.json'])
    assert.equal(statSync(join(folder, name)).mode & 0o077, 0, name);
  const next = readFileSync(join(folder, 'next.tls.cert.pem'), 'utf8');
  const finished = await renew('--state', 'kz', '--finish', '--json');
  assert.deepEqual(JSON.parse(finished.said), { state: 'kz', version: 3, finished: true, restarted: false });
  assert.equal(readNodeKeys(folder).tls.certificatePem, next);
  assert.ok(!existsSync(join(folder, 'next.tls.key.pem')));
  assert.deepEqual([versions('kz'), versions('kg')], [[1, 2, 3], [1]]);
});

test('a renewal is not begun twice, nor finished before it was begun', async (t) => {
  const { versions, renew } = foundedUnion(t);
  assert.match((await renew('--state', 'kz', '--finish')).said, /none to finish/);
  await renew('--state', 'kz');
  const again = await renew('--state', 'kz');
  assert.equal(again.code, 64);
  assert.match(again.said, /being renewed already \(version 2/);
  assert.deepEqual(versions('kz'), [1, 2]);
});

test('a state has to be named, and to be one of the union', async (t) => {
  const { renew } = foundedUnion(t);
  assert.equal((await renew()).code, 64);
  assert.match((await renew('--state', 'xx')).said, /There is no state 'xx'/);
});

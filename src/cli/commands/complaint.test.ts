import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { ledgerTrustOf } from '../../exchange/index.ts';
import { appendLeaf, followLog, migrations, readLedgerPath, sequenceNow } from '../../ledger/index.ts';
import { failureSentence, systemClock } from '../../storage/index.ts';
import { freshDb, freshUrl } from '../../storage/testing.ts';
import { readNodeKeys } from '../../union/index.ts';
import { withStateStore } from '../local-union/state-store.ts';
import { places } from '../local-union/union-folder.ts';
import { runCommand } from '../run.ts';
import { SENTENCES } from '../sentences.ts';
import { complaintExport } from './complaint-export.ts';
import { complaintList } from './complaint-list.ts';
import { health } from './health.ts';
import { stoppedUnion } from './testing-node.ts';
import { verify } from './verify.ts';

test('an operator lists a complaint, exports it, and anybody verifies it offline', async (t) => {
  const { folder, anchors } = stoppedUnion(t, ['kg', 'kz']);
  const said: string[] = [];
  const around = {
    root: process.cwd(),
    home: folder,
    env: { DATABASE_URL_KG: await freshUrl(t) },
    sentenceOf: (failure: Parameters<typeof failureSentence>[1]) => failureSentence(SENTENCES, failure),
    out: (line: string) => void said.push(line),
    err: (line: string) => void said.push(line),
    ask: async () => undefined,
  };
  const run = async (...words: string[]) => {
    said.length = 0;
    const code = await runCommand([complaintList, complaintExport, health, verify], words, around);
    return { code, said: said.join('\n') };
  };
  const at = ['--folder', folder, '--state', 'kg'];
  assert.match((await run('complaint', 'list', ...at)).said, /kg has no complaint/);

  // Kazakhstan signs two histories of one size, and Kyrgyzstan's node is shown both.
  const key = readNodeKeys(join(places(folder).state('kz'), 'keys')).ledger;
  await withStateStore(around, folder, 'kg', async (store) => {
    const trust = ledgerTrustOf(store.trust, 'kz');
    for (const content of ['one', 'another']) {
      const ctx = { db: await freshDb(t, [migrations]), clock: systemClock, ledger: { origin: trust.origin, key } };
      await ctx.db.transaction((tx) => appendLeaf(tx, ctx, { kind: 'access', content }));
      await sequenceNow(ctx);
      await followLog(store, async (path) => (await readLedgerPath(ctx, path)).body, trust);
    }
  });
  const listed = await run('complaint', 'list', ...at);
  assert.match(listed.said, /commonway\/test\/kz {2}fork/);
  const [id = ''] = listed.said.split(' ');
  const looked = await run('health', ...at, '--json');
  const { findings } = JSON.parse(looked.said) as { findings: { code: string; about?: string; command: string }[] };
  assert.equal(looked.code, 1);
  assert.equal(findings.find(({ code }) => code === 'complaint')?.command, './commonway complaint list --state kg');
  const told = (await run('health', ...at)).said;
  assert.match(told, /^kg: Something is broken\.\n {2}fail {2}kz: its log broke its word \(fork\), since /);
  assert.match(told, /\.\/commonway complaint list --state kg {4}docs\/operate\.md#when-something-is-wrong/);
  const path = join(folder, 'fork.commonway.json');
  assert.equal((await run('complaint', 'export', 'ffff', path, ...at)).code, 66);
  assert.equal((await run('complaint', 'export', id, path, ...at)).code, 0);
  const verified = await run('verify', path, '--anchor', anchors);
  assert.equal(verified.code, 0, verified.said);
  assert.match(verified.said, /^VALID.*\(complaint\)/);
  assert.match(verified.said, /What it rests on +signatures/);
});

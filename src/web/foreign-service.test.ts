import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { getAgreement } from '../agreements/index.ts';
import { startDraft } from '../applications/index.ts';
import { isFailure } from '../storage/index.ts';
import { testWeb, visitor } from './testing.ts';

test('a service of other states alone is neither shown nor begun here', async (t) => {
  const agreement = await getAgreement(join(process.env.COMMONWAY_ROOT ?? '.', 'agreements', 'pension'));
  const { ctx, app } = await testWeb(t, {}, { ...agreement, parties: ['ru', 'kg'] });
  const me = visitor(app);
  for (const path of ['/', '/services', '/services?q=pension'])
    assert.doesNotMatch((await me.get(path)).body, /href="\/services\/pension/, path);
  assert.equal((await me.get('/services/pension/pension')).statusCode, 404);
  const actor = { person: 'aigerim', assurance: 'substantial' as const, session: 's', language: 'en' };
  await assert.rejects(startDraft(ctx, actor, { agreement: 'pension', service: 'pension' }), (error) =>
    isFailure(error, 'AGREEMENT_NOT_FOUND'),
  );
});

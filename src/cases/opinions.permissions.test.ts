import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../exchange/testing.ts';
import { isFailure } from '../storage/index.ts';
import { acceptOpinion, declineOpinion, giveOpinion, openOpinion, opinionsOf } from './index.ts';
import { pensionWithOpinion } from './opinions.testing.ts';
import { makeClaim, officer, person, type TestDecider, testDeciders } from './testing.ts';

test('only officers of the asked agency who may decide on the service see and answer what it is asked, each use once', async (t) => {
  const [ru, kg] = (await testDeciders(t, ['ru', 'kg'], pensionWithOpinion('requestConfirm'))) as [
    TestDecider,
    TestDecider,
  ];
  const fund = { agency: 'kg.pension-fund', state: 'kg' };
  const dana = officer('dana', fund);
  await ru.deliver(makeClaim(ru));
  await until('the question is there', async () => (await opinionsOf(kg.ctx, dana)).length === 1);
  const [asked] = await opinionsOf(kg.ctx, dana);
  const id = asked?.id ?? '';
  const fails = (code: string) => (error: unknown) => isFailure(error, code);
  const uses = async () => (await kg.ctx.db.query('select 1 from access_entries')).length;

  const reader = officer('reader', { ...fund, grants: [{ agency: fund.agency, role: 'auditor', service: '*' }] });
  const elsewhere = officer('elsewhere', {
    ...fund,
    grants: [{ agency: fund.agency, role: 'examiner', service: 'degree/degree' }],
  });
  const other = officer('other', { agency: 'kg.population', state: 'kg' });
  for (const [who, code] of [
    [person('aigerim'), 'OPINION_NOT_FOUND'],
    [other, 'OPINION_NOT_FOUND'],
    [officer('none', { ...fund, grants: [] }), 'IDENTITY_NOT_PERMITTED'],
    [elsewhere, 'IDENTITY_NOT_PERMITTED'],
  ] as const) {
    await assert.rejects(openOpinion(kg.ctx, who, id), fails(code));
    await assert.rejects(acceptOpinion(kg.ctx, who, id), fails(code));
    await assert.rejects(giveOpinion(kg.ctx, who, id, { confirmed: true }), fails(code));
    await assert.rejects(declineOpinion(kg.ctx, who, id), fails(code));
  }
  await assert.rejects(giveOpinion(kg.ctx, reader, id, { confirmed: true }), fails('IDENTITY_NOT_PERMITTED'));
  assert.deepEqual(await opinionsOf(kg.ctx, other), []);
  assert.equal(await uses(), 0, 'a list, or a door that stays shut, is no use of her data');
  await openOpinion(kg.ctx, dana, id);
  await openOpinion(kg.ctx, dana, id);
  assert.equal(await uses(), 1);
});

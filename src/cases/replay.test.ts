import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Agreement, agreementLibrary } from '../agreements/index.ts';
import { sealRatification } from '../union/index.ts';
import { replayCases } from './index.ts';
import { pinnedAgreement } from './pinned.ts';
import { makeClaim, testDecider } from './testing.ts';

/** The agreement with another rule of the outcome: everybody is refused. */
function harsher(agreement: Agreement): Agreement {
  const outcome = agreement.services.pension?.decision.outcome ?? '';
  const rule = agreement.rules[outcome];
  assert.ok(rule);
  const versions = rule.versions.map((version) => ({
    ...version,
    expression: { ...version.expression, evaluate: () => 'refused' },
  }));
  return { ...agreement, rules: { ...agreement.rules, [outcome]: { ...rule, versions } } };
}

test('the last cases are run on a new version: what would have ended otherwise is told, and nothing is written', async (t) => {
  const decider = await testDecider(t);
  const { ctx, agreement } = decider;
  await decider.deliver(makeClaim(decider));
  const actions = await ctx.db.query('select * from case_actions');
  const [same] = await replayCases(ctx, agreement, 10);
  assert.equal(same?.changed, false);
  assert.deepEqual(same?.after, same?.before);
  const [other] = await replayCases(ctx, harsher(agreement), 10);
  assert.deepEqual([other?.before.outcome, other?.after?.outcome, other?.changed], ['granted', 'refused', true]);
  const [lost] = await replayCases(ctx, { ...agreement, services: {} }, 10);
  assert.deepEqual([lost?.after, lost?.changed], [undefined, true]);
  assert.deepEqual(await ctx.db.query('select * from case_actions'), actions);
});

test('a case keeps the annex it was filed under when its state corrects it', async (t) => {
  const decider = await testDecider(t);
  const { ctx, agreement, founded } = decider;
  const transaction = await decider.deliver(makeClaim(decider));
  const [row] = await ctx.db.query<{ annex: string; contract: string; filed_on: string; transaction_id: string }>(
    'select annex, contract, filed_on::text, transaction_id from cases',
  );
  assert.equal(row?.transaction_id, transaction);
  const own = agreement.annexes.ru;
  const key = founded.keys.ru?.ratification;
  assert.ok(row && own && key);
  const corrected = { ...agreement, annexes: { ...agreement.annexes, ru: { ...own, digest: 'd'.repeat(64) } } };
  const agreements = agreementLibrary([agreement, corrected]);
  ctx.clock.advance(1000);
  const word = { state: 'ru', agreement: agreement.name, contract: agreement.contractDigest, annex: 'd'.repeat(64) };
  await ctx.trust.learnRatification(sealRatification({ ...word, from: '2026-11-23', issued: ctx.clock.now() }, key));
  const pinned = pinnedAgreement({ agreements, trust: ctx.trust }, { ...row, filedOn: row.filed_on });
  assert.equal(pinned?.annexes.ru?.digest, own.digest);
});

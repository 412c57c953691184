import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Agreement, agreementLibrary, getAgreement, withheldUntil } from '../agreements/index.ts';
import type { AccessContent } from '../persons/index.ts';
import { mayBeWithheld, withheldByAgreement } from './withholding.ts';

const AT = '2026-03-02T09:00:00.000Z';
const END = '2026-04-01T18:59:59.999Z';

/** The small agreement of Kyrgyzstan and Kazakhstan, whose law keeps uses back for thirty days. */
async function delaying(): Promise<Agreement> {
  const agreement = await getAgreement(`${process.env.COMMONWAY_ROOT}/src/agreements/fixtures/good`);
  const law = agreement.articles['parking-law'];
  assert.ok(law);
  return { ...agreement, articles: { ...agreement.articles, 'parking-law': { ...law, withholdFor: 'P30D' } } };
}

const LAW = { kind: 'law', article: 'parking-law' };

test('a use is kept back on the article that says so, until its day is over, and on no other ground', async () => {
  const agreement = await delaying();
  assert.equal(withheldUntil(agreement, LAW, AT, 'kz'), END);
  assert.equal(withheldUntil(agreement, { ...LAW, kind: 'consent' }, AT, 'kz'), undefined);
  for (const article of ['parking-design', 'unknown', 'constructor'])
    assert.equal(withheldUntil(agreement, { kind: 'law', article }, AT, 'kz'), undefined, article);
  const ctx = { clock: { now: () => AT }, trust: { self: 'kz' }, agreements: agreementLibrary([agreement]) };
  assert.equal(withheldByAgreement(ctx, 'parking', 'parking-law'), END);
  assert.equal(withheldByAgreement(ctx, 'another', 'parking-law'), undefined);
});

test('another state keeps a use back as long as an agreement of both lets it, and no longer', async () => {
  const ctx = { trust: { self: 'kz' }, agreements: agreementLibrary([await delaying()]) };
  const may = (change: object) =>
    mayBeWithheld(ctx, { state: 'kg', at: AT, ground: LAW, withheldUntil: END, ...change } as AccessContent);
  assert.equal(may({ withheldUntil: '2026-03-31T00:00:00.000Z' }), true);
  assert.equal(may({ withheldUntil: '2026-04-02T00:00:00.000Z' }), false);
  assert.equal(may({ ground: { kind: 'consent', article: 'parking-law' } }), false);
  assert.equal(may({ ground: { kind: 'law', article: 'parking-design' } }), false);
  assert.equal(may({ state: 'ru' }), false, 'a state that is no party');
});

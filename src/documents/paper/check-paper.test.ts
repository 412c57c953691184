import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isFailure } from '../../storage/index.ts';
import { issueDocument } from '../issue.ts';
import { request, START, testNode, testUnion } from '../testing.ts';
import { checkPaper } from './check-paper.ts';

const founded = testUnion();
const refused = (code: string) => (error: unknown) => isFailure(error, code as 'DOCUMENTS_PAPER_FORM');

test('the text of a printed code', async (t) => {
  const ctx = await testNode(t, founded);
  const { id, paper } = await ctx.db.transaction((tx) => issueDocument(tx, ctx, request()));
  const check = (text: string, trust = ctx.trust) => checkPaper(text, { trust, now: START });

  await t.test('says who issued the document, its number and what it says', () => {
    const { facts, withoutClaims, vct } = check(paper);
    const said = Object.fromEntries(facts.map(({ name, value }) => [name, value]));
    assert.deepEqual(
      [said.agency, said.number, said['claim.months'], withoutClaims],
      ['kz.pension-fund', id, '143', false],
    );
    assert.equal(vct, 'urn:commonway:pension:decision:1');
    assert.equal(said.demo, undefined);
  });

  await t.test('may come with the lines and margins of whatever carried it', () => {
    assert.deepEqual(check(`  ${paper.slice(0, 90)}\r\n\t${paper.slice(90)}\n`), check(paper));
  });

  await t.test('says it where the claims did not fit', async () => {
    const claims = { story: 'x'.repeat(1000) };
    const long = await ctx.db.transaction((tx) => issueDocument(tx, ctx, request({ key: 'case-2', claims })));
    const { facts, withoutClaims } = check(long.paper);
    assert.equal(withoutClaims, true);
    assert.ok(facts.every(({ name }) => !name.startsWith('claim.')));
  });

  await t.test('is refused when it is cut, changed, or of another union', async (t) => {
    assert.throws(() => check('hello'), refused('DOCUMENTS_PAPER_FORM'));
    assert.throws(() => check(paper.slice(0, -20)));
    const at = paper.length - 10;
    const changed = `${paper.slice(0, at)}${paper[at] === '0' ? '1' : '0'}${paper.slice(at + 1)}`;
    assert.throws(() => check(changed));
    const other = await testNode(t, testUnion());
    assert.throws(() => check(paper, other.trust), refused('DOCUMENTS_ISSUER_KEY'));
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { inclusion, sequenceNow } from '../ledger/index.ts';
import {
  changeStatus,
  documentsOfCase,
  issueDocument,
  issuerOf,
  openStatusLists,
  revokeDocument,
  verifyPaperCode,
  verifySdJwt,
} from './index.ts';
import { getDocument, getRow } from './rows.ts';
import { readStatus } from './status/token.ts';
import { request, START, type TestNode, testNode, testUnion } from './testing.ts';

const founded = testUnion();

function issue(ctx: TestNode, changes: Parameters<typeof request>[0] = {}) {
  return ctx.db.transaction((tx) => issueDocument(tx, ctx, request(changes)));
}

function verify(ctx: TestNode, credential: string) {
  return verifySdJwt(credential, {
    now: ctx.clock.now(),
    issuerKey: ({ x5c }) => issuerOf(ctx.trust, x5c, START).key,
  });
}

describe('issuing a document', () => {
  it('makes a credential under the root of the charter, a paper code and a leaf of the ledger', async (t) => {
    const ctx = await testNode(t, founded);
    const document = await issue(ctx);
    const { claims, expiresAt, disclosed } = await verify(ctx, document.credential);
    assert.equal(claims.months, 143);
    assert.equal(claims.jti, `urn:uuid:${document.id}`);
    assert.deepEqual([claims.issuing_country, claims.issuing_authority], ['KZ', 'kz.pension-fund']);
    assert.equal(expiresAt, '2036-11-22T10:00:00.000Z');
    assert.deepEqual(disclosed.sort(), ['months', 'name', 'outcome', 'periods']);
    assert.equal(verifyPaperCode(document.paper, ctx.trust, START).document, document.id);
    await sequenceNow(ctx);
    const proof = await inclusion(ctx, (await getRow(ctx.db, document.id)).leafId);
    assert.equal(proof?.leaf.kind, 'document');
  });

  it('hides only the claims that the agreement lets her withhold', async (t) => {
    const ctx = await testNode(t, founded);
    const { credential } = await issue(ctx, { selective: ['name'] });
    assert.deepEqual((await verify(ctx, credential)).disclosed, ['name']);
  });

  it('issues one document for one key, whoever asks and however often', async (t) => {
    const ctx = await testNode(t, founded);
    const all = await Promise.all(Array.from({ length: 8 }, () => issue(ctx)));
    assert.equal(new Set(all.map(({ credential }) => credential)).size, 1);
    const [counts] = await ctx.db.query<{ documents: number; places: number; leaves: number }>(
      `select (select count(*)::int from documents) as documents, (select count(*)::int from document_places) as places,
         (select count(*)::int from ledger_pending) as leaves`,
    );
    assert.deepEqual(counts, { documents: 1, places: 1, leaves: 1 });
  });

  it('issues nothing when the transaction of its caller fails, and can then be asked again', async (t) => {
    const ctx = await testNode(t, founded);
    const failing = ctx.db.transaction(async (tx) => {
      await issueDocument(tx, ctx, request());
      throw new RangeError('the caller fails');
    });
    await assert.rejects(failing, RangeError);
    assert.deepEqual(await documentsOfCase(ctx.db, 'case-1'), []);
    await issue(ctx);
    assert.equal((await documentsOfCase(ctx.db, 'case-1')).length, 1);
  });

  it('refuses a key that was used for another document', async (t) => {
    const ctx = await testNode(t, founded);
    await issue(ctx);
    await assert.rejects(issue(ctx, { claims: { months: 144 } }), { code: 'DOCUMENTS_KEY_REUSED' });
  });

  it('refuses what would not be a document of this state', async (t) => {
    const ctx = await testNode(t, founded);
    await assert.rejects(issue(ctx, { agency: 'aa.pension-fund' }), { code: 'UNION_AGENCY_UNKNOWN' });
    for (const changes of [
      { key: '' },
      { vct: '' },
      { validFor: 'soon' },
      { validFor: '-P1Y' },
      ...['iss', 'exp', 'cnf', 'status', '_sd', 'issuing_authority', 'jti'].map((name) => ({
        claims: { [name]: 'x' },
      })),
    ]) {
      await assert.rejects(issue(ctx, changes), { code: 'DOCUMENTS_REQUEST' });
    }
  });

  it('gives each document a place that nobody can guess', async (t) => {
    const ctx = await testNode(t, founded);
    const places: number[] = [];
    for (let index = 0; index < 12; index++) {
      const { id } = await issue(ctx, { key: `case-${index}` });
      places.push((await getRow(ctx.db, id)).place);
    }
    assert.equal(new Set(places).size, 12);
    const steps = places.slice(1).map((place, index) => place - (places[index] as number));
    assert.ok(new Set(steps).size > 6, 'they do not follow one another');
  });
});

describe('revoking a document', () => {
  it('changes its status in the list that is served, and logs it', async (t) => {
    const ctx = await testNode(t, founded);
    const kept = await issue(ctx, { key: 'kept' });
    const gone = await issue(ctx, { key: 'gone' });
    const lists = openStatusLists(ctx);
    const before = await lists.token(1);
    assert.equal(await lists.token(1), before, 'it is kept while nothing changes');
    const revoke = () =>
      ctx.db.transaction((tx) =>
        revokeDocument(tx, ctx, { document: gone.id, actor: 'officer-1', reason: 'annulled' }),
      );
    await revoke();
    await revoke();
    const token = await lists.token(1);
    assert.notEqual(token, before);
    for (const [document, status] of [
      [kept, 'valid'],
      [gone, 'revoked'],
    ] as const) {
      const { status: place } = await verify(ctx, document.credential);
      const read = readStatus(token, {
        now: START,
        uri: place?.uri ?? '',
        index: place?.index ?? -1,
        signerKey: ({ x5c, issuedAt }) => issuerOf(ctx.trust, x5c, issuedAt).key,
      });
      assert.equal(read.status, status);
      assert.equal((await getDocument(ctx.db, document.id)).status, status);
    }
    const changes = await ctx.db.query(`select * from document_status_changes`);
    assert.equal(changes.length, 1);
    await sequenceNow(ctx);
    const [leaf] = await ctx.db.query<{ leaf_id: string }>(`select leaf_id from document_status_changes`);
    assert.equal((await inclusion(ctx, leaf?.leaf_id ?? ''))?.leaf.kind, 'document-status');
  });

  it('suspends it, gives it back, and leaves what is revoked revoked', async (t) => {
    const ctx = await testNode(t, founded);
    const { id } = await issue(ctx);
    const seen: string[] = [];
    for (const [second, status] of (
      ['suspended', 'suspended', 'valid', 'revoked', 'valid', 'suspended'] as const
    ).entries()) {
      ctx.clock.set(`2026-11-22T10:01:0${second}.000Z`);
      await ctx.db.transaction((tx) =>
        changeStatus(tx, ctx, { document: id, status, actor: 'officer-1', reason: 'no report' }),
      );
      seen.push((await getDocument(ctx.db, id)).status);
    }
    assert.deepEqual(seen, ['suspended', 'suspended', 'valid', 'revoked', 'revoked', 'revoked']);
    const changes = await ctx.db.query(`select status from document_status_changes order by at`);
    assert.deepEqual(changes, [{ status: 'suspended' }, { status: 'valid' }, { status: 'revoked' }]);
  });

  it('needs a reason and a document', async (t) => {
    const ctx = await testNode(t, founded);
    const { id } = await issue(ctx);
    const revoke = (document: string, reason: string) =>
      ctx.db.transaction((tx) => revokeDocument(tx, ctx, { document, actor: 'officer-1', reason }));
    await assert.rejects(revoke(id, ' '), { code: 'DOCUMENTS_REQUEST' });
    await assert.rejects(revoke('00000000-0000-4000-8000-000000000000', 'annulled'), { code: 'DOCUMENTS_UNKNOWN' });
  });

  it('is told by a list made anew after a quarter of an hour', async (t) => {
    const ctx = await testNode(t, founded);
    await issue(ctx);
    const lists = openStatusLists(ctx);
    const first = await lists.token(1);
    ctx.clock.set('2026-11-22T10:16:00.000Z');
    assert.notEqual(await lists.token(1), first);
    await assert.rejects(lists.token(2), { code: 'DOCUMENTS_UNKNOWN' });
  });
});

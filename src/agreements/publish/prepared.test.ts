import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seal } from '../../crypto/index.ts';
import { isFailure } from '../../storage/index.ts';
import { sealRatification } from '../../union/index.ts';
import { listEditions } from './edition-rows.ts';
import { approve, dropPrepared, listPrepared, prepareEdition, prepareRatification } from './prepared.ts';
import { NOW, parking, publishedBy, signers, TODAY, testPublisher } from './testing.ts';

const refused = (code: string) => (error: unknown) => isFailure(error, code);

test('what one person prepares is nothing before a second approves it', async (t) => {
  const { ctx, founded, db } = await testPublisher(t);
  const { agency, approver } = signers(founded);
  const id = await prepareEdition(ctx, publishedBy(founded, parking(), { keys: [agency] }), 'Ada');
  assert.deepEqual(await listEditions(db), []);
  assert.deepEqual(
    (await listPrepared(db)).map(({ kind, preparedBy }) => [kind, preparedBy]),
    [['edition', 'Ada']],
  );
  assert.equal((await approve(ctx, { id: id.slice(0, 12), by: 'Grace', key: approver })).id, id);
  assert.deepEqual([await listEditions(db), await listPrepared(db)], [[id], []]);
});

test('the first person cannot approve himself, however he spells his name', async (t) => {
  const { ctx, founded, db } = await testPublisher(t);
  const { agency, approver } = signers(founded);
  const id = await prepareEdition(ctx, publishedBy(founded, parking(), { keys: [agency] }), 'Ada Lovelace');
  for (const by of ['Ada Lovelace', ' ada  LOVELACE ', 'Ａda Lovelace']) {
    await assert.rejects(approve(ctx, { id, by, key: approver }), refused('AGREEMENT_SAME_PERSON'));
  }
  // Nor under another name with his own key.
  await assert.rejects(approve(ctx, { id, by: 'Grace', key: agency }), refused('AGREEMENT_APPROVER_UNFIT'));
  assert.deepEqual(await listEditions(db), []);
});

test('of two who approve at once one does it, and it is published once', async (t) => {
  const { ctx, founded, db } = await testPublisher(t);
  const { agency, approver } = signers(founded);
  const id = await prepareEdition(ctx, publishedBy(founded, parking(), { keys: [agency] }), 'Ada');
  const both = await Promise.allSettled(['Grace', 'Edith'].map((by) => approve(ctx, { id, by, key: approver })));
  assert.equal(both.filter(({ status }) => status === 'fulfilled').length, 1);
  assert.deepEqual([await listEditions(db), await listPrepared(db)], [[id], []]);
});

test('whoever dies while publishing has published nothing, and it can be approved again', async (t) => {
  const { ctx, founded, db } = await testPublisher(t);
  const { agency, approver } = signers(founded);
  const id = await prepareEdition(ctx, publishedBy(founded, parking(), { keys: [agency] }), 'Ada');
  // The store ends the session after the edition was written and before its leaf: as if the process had been killed there.
  await db.query(`create function die() returns trigger language plpgsql as
    $$ begin perform pg_terminate_backend(pg_backend_pid()); return new; end $$`);
  await db.query('create trigger die after insert on agreement_editions for each row execute function die()');
  await assert.rejects(approve(ctx, { id, by: 'Grace', key: approver }));
  assert.deepEqual([await listEditions(db), (await listPrepared(db)).length], [[], 1]);
  await db.query('drop trigger die on agreement_editions');
  await approve(ctx, { id, by: 'Grace', key: approver });
  assert.deepEqual(await listEditions(db), [id]);
});

test('a ratification waits for a second person too, and counts when he has approved', async (t) => {
  const { ctx, founded, db } = await testPublisher(t);
  const { approver } = signers(founded);
  const { payload } = publishedBy(founded, parking());
  const key = founded.keys.kz?.ratification;
  assert.ok(key);
  const { contract, annexes } = payload;
  const word = { state: 'kz', agreement: 'parking', contract, annex: annexes.kz ?? '', from: TODAY, issued: NOW };
  const id = await prepareRatification(ctx, sealRatification(word, key), 'Ada');
  assert.equal(ctx.trust.ratified('kz', 'parking', TODAY), undefined);
  await assert.rejects(approve(ctx, { id, by: 'Ada', key: approver }), refused('AGREEMENT_SAME_PERSON'));
  await approve(ctx, { id, by: 'Grace', key: approver });
  assert.equal(ctx.trust.ratified('kz', 'parking', TODAY)?.contract, contract);
  assert.deepEqual(await listPrepared(db), []);
});

test('what was prepared by a stranger’s key is not kept, and what is kept can be thrown away', async (t) => {
  const { ctx, founded, db } = await testPublisher(t);
  const { payload } = publishedBy(founded, parking());
  const stranger = founded.keys.kg?.agencies['kg.portal'];
  assert.ok(stranger);
  await assert.rejects(
    prepareEdition(ctx, seal('agreement', payload, [stranger]), 'Ada'),
    refused('AGREEMENT_EDITION_FORGED'),
  );
  const id = await prepareEdition(ctx, publishedBy(founded, parking(), { keys: [signers(founded).agency] }), 'Ada');
  await assert.rejects(dropPrepared(db, ''), refused('AGREEMENT_PREPARED_NONE'));
  await dropPrepared(db, id);
  await assert.rejects(
    approve(ctx, { id, by: 'Grace', key: signers(founded).approver }),
    refused('AGREEMENT_PREPARED_NONE'),
  );
});

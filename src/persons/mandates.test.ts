import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isFailure } from '../storage/index.ts';
import { endMandate, giveMandate, heldMandates, listMandates } from './index.ts';
import { testPersons } from './testing.ts';

const DAY = '2026-03-02';
const HOLDER = { kind: 'organisation' as const, number: 'KZ-C-000201', name: 'Студия' };
const SERVICE = 'work-abroad/work-notice';
const fails = (code: string) => (error: unknown) => isFailure(error, code);

test('a mandate is held by the organisation, for its service, to its last day, until it is ended', async (t) => {
  const [ctx] = await testPersons(t, ['kz']);
  assert.ok(ctx !== undefined);
  const give = (until = '2026-06-30', subject = 'aigerim') =>
    ctx.db.transaction((tx) => giveMandate(tx, ctx, { subject, holder: HOLDER, service: SERVICE, until }, DAY));
  const held = async (change: { holders?: string[]; service?: string; day?: string } = {}) =>
    (await heldMandates(ctx.db, { holders: [HOLDER.number], service: SERVICE, day: DAY, ...change })).map(
      ({ id }) => id,
    );
  const id = await give();
  assert.equal(await give(), id, 'given twice is given once');
  assert.deepEqual(await held(), [id]);
  assert.deepEqual(await held({ day: '2026-06-30' }), [id]);
  assert.deepEqual(await held({ day: '2026-07-01' }), []);
  assert.deepEqual(await held({ holders: ['KZ-C-000202'] }), []);
  assert.deepEqual(await held({ holders: [] }), []);
  assert.deepEqual(await held({ service: 'work-abroad/stay-registration' }), []);

  const end = (subject: string, of = id) => ctx.db.transaction((tx) => endMandate(tx, ctx, { subject, id: of }));
  await assert.rejects(end('marat'), fails('MANDATE_UNKNOWN'));
  assert.deepEqual(await held(), [id], 'nobody ends the mandate of another');
  await end('aigerim');
  await end('aigerim');
  assert.deepEqual(await held(), []);
  const [shown] = await listMandates(ctx.db, 'aigerim');
  assert.equal(shown?.endedAt, ctx.clock.now());
  assert.deepEqual(await listMandates(ctx.db, 'marat'), []);
  assert.notEqual(await give(), id, 'after its end it must be given anew');
  const [{ count } = { count: 0 }] = await ctx.db.query<{ count: number }>(
    `select count(*)::int as count from ledger_opening where kind = 'configuration'`,
  );
  assert.equal(count, 3, 'given, ended, given: each stands in the ledger once');
});

test('a mandate ends today or later, and within a year', async (t) => {
  const [ctx] = await testPersons(t, ['kz']);
  assert.ok(ctx !== undefined);
  const give = (until: string) =>
    ctx.db.transaction((tx) =>
      giveMandate(tx, ctx, { subject: 'aigerim', holder: HOLDER, service: SERVICE, until }, DAY),
    );
  await give(DAY);
  await give('2027-03-03');
  for (const until of ['2026-03-01', '2027-03-04', '', 'never'])
    await assert.rejects(give(until), fails('MANDATE_UNTIL'));
});

import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { migrations as identity, type OfficerAccount, type Session, storeAccounts } from '../identity/index.ts';
import { isFailure, migrate } from '../storage/index.ts';
import { assignCase, noteOnCase } from './assign.ts';
import { confirmCase } from './confirm.ts';
import { openCaseFile, queueOf, queueSize } from './read.ts';
import { forgetQueue, savedQueues, saveQueue } from './saved-queues.ts';
import { makeClaim, officer, testDecider } from './testing.ts';

const AGENCY = 'ru.pension-fund';
const ANNA = officer('anna');
const OLEG = officer('oleg');
const HEAD = officer('olga', { grants: [{ agency: AGENCY, role: 'lead', service: '*' }] });

/** A case in Russia, and officers with accounts there. */
async function openedCase(t: TestContext) {
  const decider = await testDecider(t);
  const { ctx } = decider;
  await migrate(ctx.db, [identity]);
  const other = officer('vera', { agency: 'ru.population' });
  await storeAccounts(
    ctx.db,
    [ANNA, OLEG, HEAD, other].map(({ account }) => account as OfficerAccount),
  );
  await decider.deliver(makeClaim(decider));
  const [row] = await queueOf(ctx, ANNA, 'waiting');
  const id = row?.id ?? '';
  const state = async () => (await openCaseFile(ctx, ANNA, id)).state;
  const assign = (session: Session, to?: string, seen?: string) => assignCase(ctx, session, id, { to, seen });
  return { ctx, id, state, assign };
}

const fails = (promise: Promise<unknown>, code: string) =>
  assert.rejects(promise, (error) => isFailure(error, code), code);

test('a case is taken, given to a colleague and given back, and stands in his queue meanwhile', async (t) => {
  const { ctx, state, assign } = await openedCase(t);
  const sizes = () =>
    Promise.all(['anna', 'oleg', null].map((assignee) => queueSize(ctx, ANNA, 'waiting', { assignee })));
  assert.deepEqual(await sizes(), [0, 0, 1]);
  await assign(ANNA, 'anna');
  await assign(ANNA, 'anna', 'anna');
  assert.deepEqual(await sizes(), [1, 0, 0]);
  assert.equal((await queueOf(ctx, OLEG, 'waiting'))[0]?.assignee, 'anna');
  await assign(ANNA, 'oleg', 'anna');
  assert.deepEqual(await sizes(), [0, 1, 0]);
  await assign(OLEG, undefined, 'oleg');
  assert.deepEqual(await sizes(), [0, 0, 1]);
  assert.equal((await state()).assignee, undefined);
});

test('two who take it at once do not take it from each other, and nothing of the case is lost', async (t) => {
  const { assign, state } = await openedCase(t);
  const results = await Promise.allSettled([assign(ANNA, 'anna'), assign(OLEG, 'oleg')]);
  assert.deepEqual(results.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected']);
  const [lost] = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
  assert.ok(isFailure(lost, 'CASE_TAKEN'));
  assert.ok(['anna', 'oleg'].includes((await state()).assignee ?? ''));
});

test('who works on a case takes no right from the others, and no confirmation rests on it', async (t) => {
  const { ctx, id, assign, state } = await openedCase(t);
  await assign(ANNA, 'anna');
  const { proposal, basis } = await state();
  await noteOnCase(ctx, ANNA, id, 'Asked the archive by telephone');
  await confirmCase(ctx, OLEG, id, { proposal: proposal?.digest ?? '', basis });
  assert.equal(await confirmCase(ctx, ANNA, id, { proposal: proposal?.digest ?? '', basis }), 'decided');
  await fails(noteOnCase(ctx, ANNA, id, 'too late'), 'CASE_NOT_OPEN');
  await fails(assign(ANNA, undefined, 'anna'), 'CASE_NOT_OPEN');
});

test('notes are kept in their order with who wrote them, and an empty one is none', async (t) => {
  const { ctx, id, state } = await openedCase(t);
  await noteOnCase(ctx, ANNA, id, ' first ');
  await noteOnCase(ctx, OLEG, id, 'second\nline');
  await fails(noteOnCase(ctx, OLEG, id, '  '), 'CASE_NOTE_MISSING');
  await fails(noteOnCase(ctx, OLEG, id, 'x'.repeat(2_001)), 'CASE_TEXT_LONG');
  assert.deepEqual(
    (await state()).notes.map(({ text, officer: by }) => [by.id, text]),
    [
      ['anna', 'first'],
      ['oleg', 'second\nline'],
    ],
  );
});

test('a queue is narrowed by service, stage and time, and shows only services that may be listed', async (t) => {
  const { ctx } = await openedCase(t);
  const size = (filter: Parameters<typeof queueSize>[3], session = ANNA) => queueSize(ctx, session, 'waiting', filter);
  assert.equal(await size({ service: 'pension/pension' }), 1);
  assert.equal(await size({ service: 'pension/other' }), 0);
  assert.equal(await size({ stage: 'confirmation' }), 1);
  assert.equal(await size({ stage: 'examination' }), 0);
  assert.equal(await size({ dueBy: ctx.clock.now() }), 0);
  assert.equal(await size({ dueBy: '2030-01-01T00:00:00.000Z' }), 1);
  assert.equal(await size({ waits: true }), 0);
  const elsewhere = officer('petr', { grants: [{ agency: AGENCY, role: 'examiner', service: 'pension/other' }] });
  assert.equal(await size({}, elsewhere), 0);
  const here = officer('petr', { grants: [{ agency: AGENCY, role: 'examiner', service: 'pension/pension' }] });
  assert.equal(await size({}, here), 1);
});

test('an officer keeps ways to look under names, his own only and not without end', async (t) => {
  const { ctx } = await openedCase(t);
  await saveQueue(ctx, 'anna', { name: '  Mine,   late ', query: 'whose=mine&due=late' });
  await saveQueue(ctx, 'anna', { name: 'Mine, late', query: 'whose=mine&due=week' });
  assert.deepEqual(await savedQueues(ctx.db, 'anna'), [{ name: 'Mine, late', query: 'whose=mine&due=week' }]);
  assert.deepEqual(await savedQueues(ctx.db, 'oleg'), []);
  for (const name of [' ', 'x'.repeat(61)]) await fails(saveQueue(ctx, 'anna', { name, query: '' }), 'CASE_QUEUE_NAME');
  for (let number = 1; number < 20; number++) await saveQueue(ctx, 'anna', { name: `n${number}`, query: '' });
  await fails(saveQueue(ctx, 'anna', { name: 'one more', query: '' }), 'CASE_QUEUES_MANY');
  await forgetQueue(ctx.db, 'oleg', 'Mine, late');
  await forgetQueue(ctx.db, 'anna', 'n1');
  await forgetQueue(ctx.db, 'anna', 'n1');
  assert.equal((await savedQueues(ctx.db, 'anna')).length, 19);
});

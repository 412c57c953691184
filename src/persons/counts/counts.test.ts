import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type SigningKey, seal } from '../../crypto/index.ts';
import { sequenceNow } from '../../ledger/index.ts';
import { isFailure, type Job, type Json } from '../../storage/index.ts';
import { listAlarms } from '../../union/index.ts';
import { noticeHandler } from '../access/notice.ts';
import { receiveNotice } from '../access/receive-notice.ts';
import { recordAccess } from '../access/record-access.ts';
import { bindSubject, referenceFor } from '../subjects.ts';
import { type TestPersons, testPersons } from '../testing.ts';
import { receiveCounts } from './receive-counts.ts';
import { missingNotices, reconciledDays, statementTimes } from './reconcile.ts';
import { COUNTS, type CountsStatement, countsJob, countsStatement, wantCounts } from './statement.ts';

const FUND = 'ru.pension-fund';
const DAY = '2026-03-02';

/** Russia has used the data of a person of Kazakhstan three times, once under a delay, and a day is over. */
async function threeUses(t: TestContext) {
  const [kz, ru] = (await testPersons(t, ['kz', 'ru'])) as [TestPersons, TestPersons];
  const reference = await kz.db.transaction(async (tx) => {
    await bindSubject(tx, kz, { subject: 'aigerim', localId: 'KZ-T-000101' });
    return referenceFor(tx, kz, { subject: 'aigerim', application: 'application-1' });
  });
  for (const withheldUntil of [undefined, undefined, '2026-04-01T00:00:00.000Z']) {
    await ru.db.transaction((tx) =>
      recordAccess(tx, ru, {
        subject: { home: 'kz', reference },
        ...{ agency: FUND, fields: ['periods'], purpose: 'pension', ground: { kind: 'law', article: 'art-7' } },
        ...(withheldUntil === undefined ? {} : { withheldUntil }),
      }),
    );
  }
  await sequenceNow(ru);
  ru.clock.set('2026-03-03T01:00:00.000Z');
  kz.clock.set('2026-03-03T01:00:00.000Z');
  const sent: { to: string; body: Json }[] = [];
  const jobs = await ru.db.query<Job>(
    `select queue, key, payload, 9 as attempt from job where queue = 'persons/notice' and run_at <= $1 order by key`,
    [ru.clock.now()],
  );
  const complete = await noticeHandler(ru, async (_tx, to, body) => void sent.push({ to, body })).run(jobs);
  await ru.db.transaction(async (tx) => complete?.(tx));
  const tell = async (notices: Json[]) => {
    for (const body of notices) {
      await kz.db.transaction((tx) =>
        receiveNotice(tx, kz, 'ru', body, { findResident: async () => undefined, mayBeWithheld: () => true }),
      );
    }
  };
  const take = (body: unknown, from = 'ru') => kz.db.transaction((tx) => receiveCounts(tx, kz, from, body as Json));
  const say = () => ru.db.transaction((tx) => countsStatement(tx, { ...ru, seal: ru.seal }, 'kz'));
  return { kz, ru, notices: sent.map(({ body }) => body), tell, take, say };
}

test('what a state counts and has told is reconciled, and what it may keep back is not missing', async (t) => {
  const { kz, notices, tell, take, say } = await threeUses(t);
  const sealed = await say();
  assert.deepEqual(sealed.payload.days, [{ day: DAY, agency: FUND, entries: 3, withheld: 1 }]);
  assert.deepEqual([sealed.payload.from, sealed.payload.until], ['2026-01-27', DAY]);
  assert.equal(notices.length, 2);
  await tell(notices);
  await take(sealed);
  await take(sealed);
  assert.deepEqual(await reconciledDays(kz.db), [
    { state: 'ru', day: DAY, agency: FUND, stated: 3, withheld: 1, received: 2, missing: 0 },
  ]);
  assert.deepEqual(await listAlarms(kz.db), []);
  assert.deepEqual(await statementTimes(kz.db), [{ state: 'ru', statedAt: '2026-03-03T01:00:00.000Z' }]);
});

test('a notice that never came is missing, raises an alarm, and is missing no more when it comes', async (t) => {
  const { kz, notices, tell, take, say } = await threeUses(t);
  await tell(notices.slice(0, 1));
  await take(await say());
  assert.deepEqual(
    (await missingNotices(kz.db, 'ru')).map(({ day, agency, missing }) => [day, agency, missing]),
    [[DAY, FUND, 1]],
  );
  const [alarm] = await listAlarms(kz.db);
  assert.deepEqual([alarm?.kind, alarm?.peer, alarm?.cause], ['access-notices-missing', 'ru', `${DAY} ${FUND}`]);
  await tell(notices);
  assert.deepEqual(await missingNotices(kz.db), []);
});

test('notices that a process of the release before kept uncounted are counted with the next statement, others once', async (t) => {
  const { kz, notices, tell, take, say } = await threeUses(t);
  await tell(notices);
  await tell(notices);
  await kz.db.query('update access_told set entries = 1');
  await take(await say());
  assert.deepEqual(
    (await reconciledDays(kz.db)).map(({ received, missing }) => [received, missing]),
    [[2, 0]],
  );
  assert.deepEqual(await listAlarms(kz.db), []);
});

test('what is kept back is missing once its day is over and it was not told', async (t) => {
  const { kz, ru, notices, tell, take, say } = await threeUses(t);
  await tell(notices);
  ru.clock.set('2026-04-01T00:00:00.000Z');
  await take(await say());
  assert.deepEqual(
    (await missingNotices(kz.db)).map(({ withheld, missing }) => [withheld, missing]),
    [[0, 1]],
  );
});

test('a number that falls is an alarm, and the one before stands', async (t) => {
  const { kz, ru, notices, tell, take, say } = await threeUses(t);
  await tell(notices);
  await take(await say());
  ru.clock.advance(86_400_000);
  await ru.db.query('delete from access_entries where withheld_until is not null');
  await take(await say());
  assert.deepEqual((await listAlarms(kz.db)).map(({ kind }) => kind).toSorted(), [
    'access-counts-fell',
    'access-notices-missing',
  ]);
  assert.equal((await reconciledDays(kz.db))[0]?.stated, 3);
});

test('a statement that lies about who says it, to whom, or in its form is refused', async (t) => {
  const { ru, take, say } = await threeUses(t);
  const right = await say();
  const resealed = (change: Partial<CountsStatement>, key: SigningKey = ru.seal) =>
    seal('access-counts', { ...right.payload, ...change }, [key]);
  const wrong: Record<string, [unknown, string?]> = {
    'another sender': [right, 'kg'],
    'another state': [resealed({ state: 'kg' })],
    'to another': [resealed({ home: 'kg' })],
    'another key': [resealed({}, ru.ledger.key)],
    'changed after sealing': [{ ...right, payload: { ...right.payload, days: [] } }],
    'no form': [{ ...right, more: 1 }],
    'more withheld than there is': [resealed({ days: [{ day: DAY, agency: FUND, entries: 1, withheld: 2 }] })],
    'a day outside': [resealed({ days: [{ day: '2026-03-03', agency: FUND, entries: 1, withheld: 0 }] })],
    'a day twice': [resealed({ days: [1, 2].map((entries) => ({ day: DAY, agency: FUND, entries, withheld: 0 })) })],
  };
  for (const [name, [body, from]] of Object.entries(wrong))
    await assert.rejects(take(body, from), (error) => isFailure(error, 'PERSONS_COUNTS_WRONG'), name);
});

test('every other state is told once a day, and the next day is wanted', async (t) => {
  const { ru } = await threeUses(t);
  await ru.db.transaction((tx) => wantCounts(tx, ru));
  await ru.db.transaction((tx) => wantCounts(tx, ru));
  const wanted = () =>
    ru.db.query<{ key: string }>('select key, run_at from job where queue = $1 order by key', [COUNTS]);
  assert.deepEqual(await wanted(), [{ key: '2026-03-03', run_at: '2026-03-04T01:00:00.000Z' }]);
  ru.clock.set('2026-03-04T01:00:00.000Z');
  const sent: string[] = [];
  const complete = await countsJob({ ...ru, seal: ru.seal }, async (_tx, to) => void sent.push(to)).run([]);
  await ru.db.transaction(async (tx) => complete?.(tx));
  assert.deepEqual(sent.toSorted(), ['am', 'by', 'kg', 'kz']);
  assert.equal((await wanted()).at(-1)?.key, '2026-03-04');
});

import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { parse } from 'node-html-parser';
import { decisionFigures } from '../../cases/index.ts';
import { answerFigures } from '../../exchange/index.ts';
import { type Db, json } from '../../storage/index.ts';
import type { ManualClock } from '../../storage/testing.ts';
import { testWeb, visitor } from '../testing.ts';

const START = '2026-01-10T00:00:00.000Z';
const SINCE = '2026-01-01T00:00:00.000Z';
const later = (seconds: number) => new Date(Date.parse(START) + seconds * 1000).toISOString();
const DAY = 86_400;

/** A case of Kazakhstan's pension fund that took so many days of the ten that it may take; null: it is not decided. */
const addCase = (db: Db, days: number | null, agency = 'kz.pension-fund') =>
  db.query(
    `insert into cases (id, application, home, reference, agreement, contract, annex, service, agency, transaction_id, phase, filed_on, opened_at,
       due_at, decided_at, actions, head)
     values (gen_random_uuid(), gen_random_uuid(), 'ru', '1', 'pension', 'c', 'a', 'pension', $1, gen_random_uuid(), 'decided', $2::timestamptz::date, $2::timestamptz, $3, $4, 1, '')`,
    [agency, START, later(10 * DAY), days === null ? null : later(days * DAY)],
  );

const addAnswer = (db: Db, seconds: number | null, status = 'responded', operation = 'fetchEvidence') =>
  db.query(
    `insert into exchange_transaction (lane, id, direction, code, pattern, operation, agreement, contract, from_state, to_state, from_agency, to_agency,
       status, request, request_digest, retries, timers, begun_at, closed_at)
     values ('l', gen_random_uuid(), 'out', 'c', 'p', $1, 'pension', 'c', 'kz', 'ru', 'kz.pension-fund', 'ru.pension-fund', $2, gen_random_uuid(), '', 0, $3, $4, $5)`,
    [operation, status, json({}), START, seconds === null ? null : later(seconds)],
  );

async function filled(t: TestContext) {
  const web = await testWeb(t);
  const { db } = web.ctx;
  for (const days of [1, 2, 3, 4, 30, null]) await addCase(db, days);
  for (const days of [1, 1]) await addCase(db, days, 'kz.archive');
  for (const seconds of [1, 2, 3, 4]) await addAnswer(db, seconds);
  await addAnswer(db, 60, 'refused');
  await addAnswer(db, null, 'sent');
  await addAnswer(db, 1, 'responded', 'distribute');
  return web;
}

test('of the decided cases of an agency half took no longer than the middle, nine of ten no longer than most', async (t) => {
  const { ctx } = await filled(t);
  const [archive, fund, ...more] = await decisionFigures(ctx.db, SINCE);
  assert.deepEqual(more, []);
  assert.deepEqual(
    [fund?.agency, fund?.decided, fund?.medianDays, fund?.mostDays, fund?.inTime, fund?.since],
    ['kz.pension-fund', 5, 3, 19.6, 0.8, START],
  );
  assert.deepEqual(
    [archive?.decided, archive?.since, archive?.medianDays, archive?.mostDays, archive?.inTime],
    [2, null, null, null, null],
    'of so few no day and no time is told',
  );
  assert.deepEqual(await decisionFigures(ctx.db, later(31 * DAY)), []);
});

test('a refusal is an answer; what is still out, and what asks nothing, is none', async (t) => {
  const { ctx } = await filled(t);
  const [row, ...more] = await answerFigures(ctx.db, 'fetchEvidence', SINCE);
  assert.deepEqual(more, []);
  assert.deepEqual([row?.agency, row?.answered, row?.medianSeconds], ['ru.pension-fund', 5, 3]);
});

test('anybody sees how fast agencies decide and answer, and that there is nothing yet', async (t) => {
  const { ctx, app } = await testWeb(t);
  const me = visitor(app);
  const shown = async () => parse((await me.get('/figures')).body).querySelector('main')?.structuredText ?? '';
  assert.match(await shown(), /Nothing has been decided yet/);
  for (const days of [1, 2, 3, 4, 30]) await addCase(ctx.db, days);
  await addAnswer(ctx.db, 1);
  assert.match(await shown(), /Nothing has been decided yet/, 'counting is not repeated for whoever asks');
  (ctx.clock as ManualClock).advance(10 * 60_000);
  assert.ok(ctx.clock.now() > START, 'the test’s day is later');
  const text = await shown();
  assert.equal(text.split('10 January 2026').length, 2, 'the day of the five, and not that of the one');
  assert.match(text, /3 days/);
  assert.match(text, /80%/);
  assert.match(text, /too few to say/);
  assert.doesNotMatch(text, /Nothing has been decided yet/);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { raiseAlarm } from '../../union/index.ts';
import { ORIGIN, testWeb, visitor } from '../testing.ts';

test('metrics tell alarms and complaints of logs in Prometheus text, each series once, and no person', async (t) => {
  const { app, ctx } = await testWeb(t, { web: { origin: ORIGIN, metricsToken: 'a-token' } });
  const read = async () => (await visitor(app).get('/metrics', { authorization: 'Bearer a-token' })).body;
  assert.doesNotMatch(await read(), /commonway_alarms\{|commonway_ledger_complaints\{/);
  const at = ctx.clock.now();
  for (const cause of ['one', 'two']) {
    await raiseAlarm(ctx.db, { kind: 'ledger-fork', peer: 'ru', cause, detail: {} }, at);
  }
  await ctx.db.query(
    `insert into ledger_complaint (origin, kind, cause, id, evidence, at)
     values ('commonway/test/ru', 'fork', '3', gen_random_uuid(), '{"kind":"fork","first":"","second":""}', $1)`,
    [at],
  );
  await ctx.db.query(
    `insert into access_stated (state, day, agency, entries, withheld)
     values ('ru', '2026-03-01', 'ru.pension-fund', 3, 1), ('ru', '2026-02-28', 'ru.population', 2, 0)`,
  );
  await ctx.db.query(
    `insert into access_statement (state, sealed, stated_at, received_at) values ('ru', '{}', $1::timestamptz - interval '1 hour', $1)`,
    [at],
  );
  const said = await read();
  assert.match(said, /^commonway_access_notices_missing\{state="ru"\} 4$/m);
  assert.match(said, /^commonway_access_statement_age_seconds\{state="ru"\} 3600$/m);
  assert.match(said, /^commonway_alarms\{kind="ledger-fork",peer="ru"\} 2$/m);
  assert.match(said, /^commonway_ledger_complaints\{log="commonway\/test\/ru",kind="fork"\} 1$/m);
  const series = said.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const labels = String.raw`(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})?`;
  // Counts are whole numbers; what histograms sum up are seconds.
  const isSeries = new RegExp(`^commonway_([a-z_]+${labels} \\d+|[a-z_]+_seconds_sum${labels} \\d+(\\.\\d+)?)$`);
  assert.deepEqual(
    series.filter((line) => !isSeries.test(line)),
    [],
  );
  assert.equal(new Set(series.map((line) => line.replace(/ \S+$/, ''))).size, series.length);
});

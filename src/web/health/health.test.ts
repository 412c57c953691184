import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openDb } from '../../storage/index.ts';
import { raiseAlarm } from '../../union/index.ts';
import { ORIGIN, testWeb, visitor } from '../testing.ts';

const TOKEN = { web: { origin: ORIGIN, metricsToken: 'a-token' } };
const bearer = { authorization: 'Bearer a-token' };
const basic = { authorization: `Basic ${Buffer.from('anybody:a-token').toString('base64')}` };

interface Document {
  status: string;
  findings: { code: string; severity: string; about?: string; command: string; docs: string; title: string }[];
  checks: Record<string, { componentId?: string; observedValue: number }[]>;
}

test('the health page says what is wrong with whom, what it means and what to type, and names no person', async (t) => {
  const { app, ctx } = await testWeb(t, TOKEN);
  const at = ctx.clock.now();
  await raiseAlarm(ctx.db, { kind: 'manifest-fork', peer: 'ru', cause: 'x', detail: {} }, at);
  await ctx.db.query(`insert into exchange_peer (peer, heard_at, skew_ms) values ('kg', $1, -42000)`, [at]);
  await ctx.db.query(`insert into job (queue, key, payload, dead_at) values ('mail', '1', '{}', $1)`, [at]);
  const me = visitor(app);
  const said = (await me.get('/health', bearer)).json<Document>();
  assert.equal(said.status, 'fail');
  const found = (code: string) => said.findings.filter((one) => one.code === code);
  assert.deepEqual(
    found('trustFork').map(({ about, severity }) => [about, severity]),
    [['ru', 'fail']],
  );
  assert.deepEqual(
    found('clockSkew').map(({ about, severity }) => [about, severity]),
    [['kg', 'warn']],
  );
  assert.deepEqual(
    found('jobsDead').map(({ about }) => about),
    ['mail'],
  );
  // Those that were never heard of cannot be reached; the one that was heard of can.
  assert.deepEqual(
    found('peerUnreachable')
      .map(({ about }) => about)
      .sort(),
    ['am', 'by', 'ru'],
  );
  for (const { command, docs } of said.findings) {
    assert.match(command, /^\.\/commonway [a-z]/);
    assert.doesNotMatch(command, /[{}]/);
    assert.match(docs, /^docs\/operate\.md#[a-z-]+$/);
  }
  assert.deepEqual(
    said.checks.exchange_clock_skew_seconds?.map(({ componentId, observedValue }) => [componentId, observedValue]),
    [['kg', -42]],
  );

  for (const language of ['en', 'ru', 'kk', 'ky', 'hy', 'be']) {
    const shown = await me.get('/health', { ...basic, accept: 'text/html', 'accept-language': language });
    assert.equal(shown.statusCode, 200);
    assert.match(String(shown.headers['content-security-policy']), /default-src 'none'/);
    assert.match(shown.body, new RegExp(`<html lang="${language}"`));
    assert.match(shown.body, /<code class="cw-code">\.\/commonway /);
    assert.doesNotMatch(shown.body, /<style|\sstyle=|\son[a-z]+=/i);
  }
  const metrics = (await me.get('/metrics', bearer)).body;
  assert.match(metrics, /^commonway_health_findings\{code="trustFork",about="ru",severity="fail"\} 1$/m);
  assert.match(metrics, /^commonway_exchange_clock_skew_seconds\{peer="kg"\} -42$/m);
});

test('a node without its database is alive and not ready, and its health page still comes', async (t) => {
  const { app, ctx } = await testWeb(t, TOKEN);
  const me = visitor(app);
  assert.equal((await me.get('/health/ready')).statusCode, 200);
  const lost = openDb('postgres://nobody:nothing@127.0.0.1:1/nowhere');
  t.after(() => lost.close());
  ctx.db = lost;
  assert.equal((await me.get('/health/live')).statusCode, 200);
  const ready = await me.get('/health/ready');
  assert.deepEqual([ready.statusCode, ready.body], [503, 'WEB_NOT_READY\n']);
  const told = await me.get('/health', bearer);
  assert.equal(told.statusCode, 503);
  assert.deepEqual(
    told.json<Document>().findings.map(({ code }) => code),
    ['databaseUnreachable'],
  );
  const shown = await me.get('/health', { ...basic, accept: 'text/html' });
  assert.match(shown.body, /The database does not answer/);
});

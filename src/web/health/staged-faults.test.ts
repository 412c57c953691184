import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sha256 } from '../../crypto/index.ts';
import { auditReceipt, followLog } from '../../ledger/index.ts';
import { leavesOf, lyingLog } from '../../ledger/testing.ts';
import { ORIGIN, testWeb, visitor } from '../testing.ts';

const NOON = Date.parse('2026-03-02T12:00:00Z') / 1000;

test("a fork, a rewritten leaf, a cut tail, a reused index and a time set back show on another node's health page", async (t) => {
  const { app, ctx } = await testWeb(t, { web: { origin: ORIGIN, metricsToken: 'a-token' } });
  const me = visitor(app);
  const authorization = 'Bearer a-token';
  const complaints = async () => {
    const { findings } = (await me.get('/health', { authorization })).json<{
      findings: { code: string; about: string; severity: string; params: { kind: string }; command: string }[];
    }>();
    return findings
      .filter(({ code }) => code === 'complaint')
      .map(({ about, severity, params, command }) => [about, params.kind, severity, command].join(' '))
      .sort();
  };
  const stage = (state: string) => {
    const log = lyingLog(`commonway/test/${state}`);
    return { ...log, show: (entries: Buffer[], at?: number) => followLog(ctx, log.logOf(entries, at).read, log.trust) };
  };
  const honest = leavesOf(20);

  const fork = stage('am');
  await fork.show(honest);
  const rewritten = stage('by');
  await rewritten.show(honest);
  const cut = stage('kg');
  await cut.show(honest);
  const reused = stage('ru');
  await reused.show(honest);
  const backdated = stage('ru/2');
  await backdated.show(honest, NOON);
  assert.deepEqual(await complaints(), []);

  await fork.show(honest.with(0, sha256('another')));
  await rewritten.show([...honest.with(3, sha256('another')), sha256('more')]);
  await cut.show(honest.slice(0, 7));
  const content = { at: '2026-03-02T11:00:00.000Z' };
  const { proof: twice } = reused.proofOf(content, honest, 7);
  assert.equal(await auditReceipt(ctx, { proof: twice, content, within: 86_400 }, reused.trust), 'reused-index');
  const { proof: late } = backdated.proofOf(content, honest);
  assert.equal(await auditReceipt(ctx, { proof: late, content, within: 600 }, backdated.trust), 'backdated');

  const next = './commonway complaint list --state kz';
  assert.deepEqual(await complaints(), [
    `am fork fail ${next}`,
    `by rewritten-leaf fail ${next}`,
    `kg cut-tail fail ${next}`,
    `ru backdated fail ${next}`,
    `ru reused-index fail ${next}`,
  ]);
  const shown = await me.get('/health', { authorization, accept: 'text/html' });
  assert.match(shown.body, /Kyrgyzstan: its log broke its word \(cut-tail\)/);
  const metrics = (await me.get('/metrics', { authorization })).body;
  for (const [log, kind] of [
    ['am', 'fork'],
    ['by', 'rewritten-leaf'],
    ['kg', 'cut-tail'],
    ['ru', 'reused-index'],
    ['ru/2', 'backdated'],
  ])
    assert.match(
      metrics,
      new RegExp(`^commonway_ledger_complaints\\{log="commonway/test/${log}",kind="${kind}"\\} 1$`, 'm'),
    );
  assert.match(metrics, /^commonway_health_findings\{code="complaint",about="ru",severity="fail"\} 2$/m);
});

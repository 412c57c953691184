import type { FastifyInstance } from 'fastify';
import { exchangeHealth } from '../../exchange/index.ts';
import { examine } from '../../health/index.ts';
import { ledgerStatus, listComplaints, listMirrors } from '../../ledger/index.ts';
import { missingNotices, statementTimes } from '../../persons/index.ts';
import { isFailure } from '../../storage/index.ts';
import { listAlarms } from '../../union/index.ts';
import type { WebContext } from '../context.ts';
import { showsToken } from '../http/operator.ts';

type Sample = [labels: Record<string, string>, value: number];

/**
 * `GET /metrics`: how the node stands, as Prometheus text 0.0.4. Labels are states, logs and kinds, never persons or cases. It is for the
 * operator: whoever asks shows the node's token (RFC 6750 section 2.1).
 */
export function serveMetrics(app: FastifyInstance, ctx: WebContext): void {
  app.get('/metrics', async (request, reply) => {
    reply.header('cache-control', 'no-store').type('text/plain; version=0.0.4; charset=utf-8');
    if (!showsToken(request.headers.authorization, ctx.web.metricsToken))
      return reply.status(401).header('www-authenticate', 'Bearer').send('WEB_METRICS_TOKEN\n');
    return reply.send(await metrics(ctx));
  });
}

async function metrics(ctx: WebContext): Promise<string> {
  const [status, mirrors, complaints, alarms, peers, missing, statements, health] = await Promise.all([
    ledgerStatus(ctx).catch((error: unknown) => {
      // Before the first leaf there is no log yet.
      if (isFailure(error, 'LEDGER_UNKNOWN')) return undefined;
      throw error;
    }),
    listMirrors(ctx),
    listComplaints(ctx),
    listAlarms(ctx.db),
    exchangeHealth(ctx.db),
    missingNotices(ctx.db),
    statementTimes(ctx.db),
    examine(ctx),
  ]);
  const counted = new Map<string, Sample>();
  for (const { origin, evidence } of complaints) {
    const key = `${origin} ${evidence.kind}`;
    counted.set(key, [{ log: origin, kind: evidence.kind }, (counted.get(key)?.[1] ?? 0) + 1]);
  }
  return [
    family('ledger_leaves', 'Leaves of the log of this node.', [[{}, status?.size ?? 0]]),
    family('ledger_pending', 'Leaves that have no index yet.', [[{}, status?.pending ?? 0]]),
    family('ledger_witnessed', 'Leaves that a quorum of witnesses has seen.', [[{}, status?.witnessed?.size ?? 0]]),
    family(
      'ledger_witness_ahead',
      'Whether a witness holds more of the log than this node.',
      (status?.witnesses ?? []).map(({ name, state }) => [{ witness: name }, state === 'ahead' ? 1 : 0]),
    ),
    family(
      'ledger_mirrored',
      'Leaves of the logs of others that were recomputed here.',
      mirrors.map(({ origin, size }) => [{ log: origin }, size]),
    ),
    family('ledger_complaints', 'Broken promises of the logs of others.', [...counted.values()]),
    family(
      'alarms',
      'Times that an alarm was raised.',
      // One kind may have several causes with a peer.
      [...Map.groupBy(alarms, ({ kind, peer }) => `${kind} ${peer}`).values()].map((all): Sample => {
        const [{ kind, peer }] = all as [(typeof all)[number]];
        return [{ kind, peer }, all.reduce((sum, { times }) => sum + times, 0)];
      }),
    ),
    family(
      'exchange_waiting',
      'Messages that wait for a peer.',
      peers.map(({ peer, waiting }) => [{ peer }, waiting]),
    ),
    family(
      'access_notices_missing',
      'Uses of data of persons of this state that another state counts and has not told.',
      [...Map.groupBy(missing, ({ state }) => state)].map(([state, days]) => [
        { state },
        days.reduce((sum, day) => sum + day.missing, 0),
      ]),
    ),
    family(
      'access_statement_age_seconds',
      'How old the latest statement of another state on its uses is.',
      statements.map(({ state, statedAt }) => [
        { state },
        Math.max(0, Math.round((Date.parse(ctx.clock.now()) - Date.parse(statedAt)) / 1000)),
      ]),
    ),
    family(
      'health_findings',
      'What the health page has found, by code, what it is about, and how bad it is.',
      // Several of one code may be about the same: alarms of two kinds with one peer.
      [
        ...Map.groupBy(health.findings, ({ code, severity, about = '' }) => `${code} ${severity} ${about}`).values(),
      ].map((all): Sample => {
        const [{ code, severity, about = '' }] = all as [(typeof all)[number]];
        return [{ code, about, severity }, all.length];
      }),
    ),
    ...health.observations.map(({ name, help, samples }) =>
      family(
        name,
        help,
        samples.map(({ labels, value }): Sample => [labels, value]),
      ),
    ),
  ].join('');
}

function family(name: string, help: string, samples: readonly Sample[]): string {
  const full = `commonway_${name}`;
  const lines = samples.map(([labels, value]) => {
    const pairs = Object.entries(labels).map(([label, text]) => `${label}="${text.replace(/[\\"\n]/g, '_')}"`);
    return `${full}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${value}\n`;
  });
  return `# HELP ${full} ${help}\n# TYPE ${full} gauge\n${lines.join('')}`;
}

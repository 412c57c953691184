import type { FastifyInstance } from 'fastify';
import { examine, healthDocument, isReady } from '../../health/index.ts';
import type { WebContext } from '../context.ts';
import { page } from '../http/answer.ts';
import { showsTokenOrPassword } from '../http/operator.ts';
import { send } from '../http/send.ts';
import { makeView } from '../http/visit.ts';
import type { Assets } from '../ui/index.ts';
import { HealthPage } from './health-page.tsx';

/**
 * `GET /health`: what an operator should know of this node and what to do next, as a page for browsers and as `application/health+json` for
 * everybody else. It is for the operator: whoever asks shows the node's token, a browser as a password. A finding is no reason to restart a
 * node, so the status is 200 as long as the database answers.
 *
 * `GET /health/live` and `/health/ready` are for whoever restarts processes or shares out requests. They tell nothing but yes or no.
 */
export function serveHealth(app: FastifyInstance, ctx: WebContext, assets: Assets): void {
  app.get('/health', async (request, reply) => {
    reply.header('cache-control', 'no-store').header('vary', 'accept, authorization');
    if (!showsTokenOrPassword(request.headers.authorization, ctx.web.metricsToken)) {
      const challenge = 'Basic realm="Commonway operator", charset="UTF-8"';
      return reply.status(401).header('www-authenticate', challenge).type(PLAIN).send('WEB_OPERATOR_TOKEN\n');
    }
    const health = await examine(ctx);
    const status = health.findings.some(({ code }) => code === 'databaseUnreachable') ? 503 : 200;
    if (!/\btext\/html\b/.test(request.headers.accept ?? ''))
      return reply
        .status(status)
        .type('application/health+json')
        .send(JSON.stringify(healthDocument(health)));
    const view = await makeView(ctx, assets, request, reply, undefined);
    return send(request, reply, page(<HealthPage view={view} health={health} />, status));
  });
  app.get('/health/live', (_request, reply) => reply.header('cache-control', 'no-store').type(PLAIN).send('live\n'));
  app.get('/health/ready', async (_request, reply) => {
    const ready = await isReady(ctx);
    const said = ready ? 'ready\n' : 'WEB_NOT_READY\n';
    return reply
      .status(ready ? 200 : 503)
      .header('cache-control', 'no-store')
      .type(PLAIN)
      .send(said);
  });
}

const PLAIN = 'text/plain; charset=utf-8';

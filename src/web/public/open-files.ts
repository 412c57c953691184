import type { FastifyInstance } from 'fastify';
import { openStatusLists } from '../../documents/index.ts';
import { readLedgerPath } from '../../ledger/index.ts';
import { Failure } from '../../storage/index.ts';
import type { WebContext } from '../context.ts';

/** What anybody may read without a name: the ledger's checkpoint and tiles (c2sp.org/tlog-tiles), and the status lists. */
export function serveOpenFiles(app: FastifyInstance, ctx: WebContext): void {
  app.get<{ Params: { '*': string } }>('/ledger/*', async (request, reply) => {
    const { status, body, type, cache } = await readLedgerPath(ctx, request.params['*']);
    return reply
      .status(status)
      .header('cache-control', cache)
      .header('access-control-allow-origin', '*')
      .header('cross-origin-resource-policy', 'cross-origin')
      .type(type)
      .send(body);
  });
  const lists = openStatusLists(ctx);
  app.get<{ Params: { list: string } }>('/status-lists/:list', async (request, reply) => {
    if (!/^\d{1,9}$/.test(request.params.list)) throw new Failure('WEB_PAGE_NOT_FOUND');
    return reply
      .header('cache-control', 'public, max-age=60')
      .header('access-control-allow-origin', '*')
      .header('cross-origin-resource-policy', 'cross-origin')
      .type('application/statuslist+jwt')
      .send(await lists.token(Number(request.params.list)));
  });
}

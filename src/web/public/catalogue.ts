import type { FastifyInstance } from 'fastify';
import { isFailure } from '../../storage/index.ts';
import type { WebContext } from '../context.ts';
import { catalogue } from '../portal/catalogue.ts';
import { cpsvApOf } from './cpsv-ap.ts';

/** `GET /catalogue.jsonld`: what this state offers, for the catalogues of others. Anybody may read it from anywhere. */
export function serveCatalogue(app: FastifyInstance, ctx: WebContext): void {
  app.get('/catalogue.jsonld', async (_request, reply) =>
    reply
      .header('cache-control', 'public, max-age=300')
      .header('access-control-allow-origin', '*')
      .header('cross-origin-resource-policy', 'cross-origin')
      .type('application/ld+json')
      .send(JSON.stringify(catalogueOf(ctx))),
  );
}

function catalogueOf(ctx: WebContext) {
  const { trust } = ctx;
  const publisher = trust.manifest(trust.self).agencies.find(({ roles }) => roles.includes('homePortal'))?.id;
  return cpsvApOf(catalogue(ctx), {
    origin: ctx.web.origin,
    state: trust.self,
    publisher: publisher ?? trust.self,
    agencyName(id) {
      try {
        return trust.agency(id.split('.')[0] ?? '', id).name;
      } catch (error) {
        if (!isFailure(error)) throw error;
        return {};
      }
    },
  });
}

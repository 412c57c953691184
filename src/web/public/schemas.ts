import type { FastifyInstance } from 'fastify';
import { fileSchemas } from '../../agreements/index.ts';

/**
 * The JSON Schemas of the files of an agreement, for editors: `/schemas/service.json` and so on, and `/schemas/index.json`, which
 * says which is for which files.
 */
export function serveSchemas(app: FastifyInstance): void {
  const schemas = fileSchemas();
  const index = schemas.map(({ kind, files, says }) => ({ kind, files, says, schema: `/schemas/${kind}.json` }));
  const serve = (name: string, type: string, content: unknown): void => {
    const body = `${JSON.stringify(content, null, 2)}\n`;
    app.get(`/schemas/${name}.json`, async (_request, reply) =>
      reply
        .header('cache-control', 'public, max-age=3600')
        .header('access-control-allow-origin', '*')
        .header('cross-origin-resource-policy', 'cross-origin')
        .type(type)
        .send(body),
    );
  };
  serve('index', 'application/json', { schemas: index });
  for (const { kind, schema } of schemas) serve(kind, 'application/schema+json', schema);
}

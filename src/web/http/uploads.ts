import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Failure } from '../../storage/index.ts';

/**
 * The largest file of ours is far smaller: a document with a long charter chain is some hundred kilobytes. Anybody may send one, and
 * reading JSON holds up everybody else for as long as it takes: some tenths of a second for this much.
 */
export const UPLOAD_LIMIT_MB = 2;

/**
 * Lets the routes of this scope take forms with files (RFC 7578): fields become texts, files their bytes. The runtime's own
 * reader takes the parts apart.
 */
export function acceptUploads(scope: FastifyInstance): void {
  const bodyLimit = UPLOAD_LIMIT_MB * 1024 * 1024;
  scope.addContentTypeParser(
    'multipart/form-data',
    { parseAs: 'buffer', bodyLimit },
    async (request: FastifyRequest, body: Buffer) => {
      const form = await readForm(String(request.headers['content-type']), body);
      const record: Record<string, string | Buffer> = Object.create(null);
      for (const [name, value] of form) {
        record[name] = typeof value === 'string' ? value : Buffer.from(await value.arrayBuffer());
      }
      return record;
    },
  );
}

async function readForm(type: string, body: Buffer): Promise<FormData> {
  try {
    return await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData();
  } catch (error) {
    throw new Failure('WEB_FORM_UNREADABLE', {}, { cause: error });
  }
}

import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Failure } from '../../storage/index.ts';

/**
 * The largest file of ours is far smaller: a document with a long charter chain is some hundred kilobytes. Anybody may send one, and
 * reading JSON holds up everybody else for as long as it takes: some tenths of a second for this much.
 */
const UPLOAD_LIMIT_MB = 2;
/** A page of a form: at most one large file and the answers beside it. The agreement's own bound is checked after it. */
const DRAFT_LIMIT_MB = 5;

/** Megabytes that a form sent to an address may have. */
export const uploadLimitMb = (url: string): number => (url.startsWith('/drafts/') ? DRAFT_LIMIT_MB : UPLOAD_LIMIT_MB);

/** A file as a browser sends it: its name is what the person's device calls it, and proves nothing. */
export class UploadedFile {
  readonly name: string;
  readonly bytes: Buffer;
  constructor(name: string, bytes: Buffer) {
    this.name = name;
    this.bytes = bytes;
  }
}

/**
 * Lets the routes of this scope take forms with files (RFC 7578): fields become texts, files their bytes. The runtime's own
 * reader takes the parts apart.
 */
export function acceptUploads(scope: FastifyInstance, sentTo: '/verify' | '/drafts/'): void {
  const bodyLimit = uploadLimitMb(sentTo) * 1024 * 1024;
  scope.addContentTypeParser(
    'multipart/form-data',
    { parseAs: 'buffer', bodyLimit },
    async (request: FastifyRequest, body: Buffer) => {
      const form = await readForm(String(request.headers['content-type']), body);
      const record: Record<string, string[] | UploadedFile> = Object.create(null);
      for (const [name, value] of form) {
        const before = record[name];
        if (typeof value !== 'string')
          record[name] = new UploadedFile(value.name, Buffer.from(await value.arrayBuffer()));
        else if (Array.isArray(before)) before.push(value);
        else record[name] = [value];
      }
      return record;
    },
  );
}

/**
 * Parts of one form; the largest page of an agreement has some hundred fields. Each costs far more time than its bytes, and anybody may send
 * them.
 */
const MOST_PARTS = 2_000;

async function readForm(type: string, body: Buffer): Promise<FormData> {
  // RFC 7578 section 4.2: every part has this header, so that there are no more parts than it occurs.
  const parts = body.toString('latin1').match(/content-disposition/gi)?.length ?? 0;
  if (parts > MOST_PARTS) throw new Failure('WEB_FORM_UNREADABLE', {});
  try {
    return await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData();
  } catch (error) {
    throw new Failure('WEB_FORM_UNREADABLE', {}, { cause: error });
  }
}

import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';
import type { Answer, SharedAnswer } from './answer.ts';
import type { KeptPages } from './kept-pages.ts';

const compress = promisify(gzip);
/** Below this a page fits one packet anyway. */
const WORTH_COMPRESSING = 1400;

/** Puts a page's answer on the wire. Pages are personal until they say otherwise: nobody between keeps them. */
export async function send(request: FastifyRequest, reply: FastifyReply, answer: Answer): Promise<FastifyReply> {
  if (answer.kind === 'redirect' || answer.kind === 'away')
    return reply.header('cache-control', 'no-store').redirect(answer.to, 303);
  if (answer.kind === 'file') {
    const plainName = answer.name.replace(/[^\w.-]/g, '-');
    return reply
      .header('cache-control', 'no-store')
      .header('content-disposition', `${answer.inline ? 'inline' : 'attachment'}; filename="${plainName}"`)
      .type(answer.type)
      .send(answer.body);
  }
  if (answer.kind === 'text') {
    reply.header('cache-control', 'no-store').header('vary', 'accept-encoding, accept-language, cookie');
    reply.type(answer.type);
    if (answer.policy !== undefined) reply.header('content-security-policy', answer.policy);
    return sendText(request, reply, answer.body);
  }
  asPage(reply).status(answer.status ?? 200);
  return sendText(request, reply, documentOf(answer.page));
}

/** The same for a page for everybody, from those that are kept. */
export async function sendShared(
  request: FastifyRequest,
  reply: FastifyReply,
  { key, make }: SharedAnswer,
  kept: KeptPages,
): Promise<FastifyReply> {
  const made = await kept.get(key, () => documentOf(make()));
  asPage(reply);
  return takesGzip(request) ? reply.header('content-encoding', 'gzip').send(made.gzip) : reply.send(made.plain);
}

const asPage = (reply: FastifyReply): FastifyReply =>
  reply
    .header('cache-control', 'no-store')
    .header('vary', 'accept-encoding, accept-language, cookie')
    .type('text/html; charset=utf-8');

const documentOf = (root: VNode): string => `<!doctype html>${renderToString(root)}`;

const takesGzip = ({ headers }: FastifyRequest): boolean => /\bgzip\b/.test(String(headers['accept-encoding'] ?? ''));

async function sendText(request: FastifyRequest, reply: FastifyReply, text: string): Promise<FastifyReply> {
  if (text.length < WORTH_COMPRESSING || !takesGzip(request)) return reply.send(text);
  return reply.header('content-encoding', 'gzip').send(await compress(text, { level: 5 }));
}

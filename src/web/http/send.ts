import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';
import type { Answer } from './answer.ts';

const compress = promisify(gzip);
/** Below this a page fits one packet anyway. */
const WORTH_COMPRESSING = 1400;

/** Puts a page's answer on the wire. Pages are personal until they say otherwise: nobody between keeps them. */
export async function send(request: FastifyRequest, reply: FastifyReply, answer: Answer): Promise<FastifyReply> {
  if (answer.kind === 'redirect') return reply.header('cache-control', 'no-store').redirect(answer.to, 303);
  if (answer.kind === 'file') {
    const plainName = answer.name.replace(/[^\w.-]/g, '-');
    return reply
      .header('cache-control', 'no-store')
      .header('content-disposition', `${answer.inline ? 'inline' : 'attachment'}; filename="${plainName}"`)
      .type(answer.type)
      .send(answer.body);
  }
  if (answer.kind === 'text') return reply.header('cache-control', 'no-store').type(answer.type).send(answer.body);
  return sendHtml(request, reply, answer.page, answer.status ?? 200);
}

async function sendHtml(
  request: FastifyRequest,
  reply: FastifyReply,
  page: VNode,
  status: number,
): Promise<FastifyReply> {
  const html = `<!doctype html>${renderToString(page)}`;
  reply.status(status).header('cache-control', 'no-store').header('vary', 'accept-encoding, accept-language, cookie');
  reply.type('text/html; charset=utf-8');
  if (html.length < WORTH_COMPRESSING || !/\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''))) {
    return reply.send(html);
  }
  return reply.header('content-encoding', 'gzip').send(await compress(html, { level: 5 }));
}

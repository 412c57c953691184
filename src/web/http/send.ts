import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
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
  if (answer.kind === 'text') {
    reply.header('cache-control', 'no-store').header('vary', 'accept-encoding, accept-language, cookie');
    reply.type(answer.type);
    if (answer.policy !== undefined) reply.header('content-security-policy', answer.policy);
    return sendText(request, reply, answer.body);
  }
  reply.status(answer.status ?? 200).type('text/html; charset=utf-8');
  reply.header('cache-control', 'no-store').header('vary', 'accept-encoding, accept-language, cookie');
  return sendText(request, reply, `<!doctype html>${renderToString(answer.page)}`);
}

async function sendText(request: FastifyRequest, reply: FastifyReply, text: string): Promise<FastifyReply> {
  if (text.length < WORTH_COMPRESSING || !/\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''))) {
    return reply.send(text);
  }
  return reply.header('content-encoding', 'gzip').send(await compress(text, { level: 5 }));
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import Fastify from 'fastify';
import { isFailure } from '../../storage/index.ts';
import { acceptUploads, UploadedFile } from './uploads.ts';

const BOUNDARY = '----parts';

function formOf(parts: readonly string[]): Buffer {
  return Buffer.from(`${parts.map((part) => `--${BOUNDARY}\r\n${part}`).join('')}--${BOUNDARY}--\r\n`);
}

const field = (name: string, value: string): string =>
  `Content-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;

async function sent(parts: readonly string[]): Promise<{ read?: Record<string, unknown>; refused?: unknown }> {
  const app = Fastify();
  let read: Record<string, unknown> | undefined;
  let refused: unknown;
  acceptUploads(app, '/verify');
  app.post('/verify', async ({ body }) => {
    read = body as Record<string, unknown>;
    return '';
  });
  app.setErrorHandler(async (error) => {
    refused = error;
    return '';
  });
  const headers = { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` };
  await app.inject({ method: 'POST', url: '/verify', headers, payload: formOf(parts) });
  await app.close();
  return { ...(read && { read }), ...(refused !== undefined && { refused }) };
}

test('fields of one name are all there in their order, and a file has its name and bytes', async () => {
  const file =
    'Content-Disposition: form-data; name="f"; filename="a.pdf"\r\nContent-Type: application/pdf\r\n\r\nbytes\r\n';
  const { read } = await sent([field('a', '1'), field('b', '2'), field('a', '3'), file]);
  assert.deepEqual(read?.a, ['1', '3']);
  assert.deepEqual(read?.b, ['2']);
  assert.ok(read?.f instanceof UploadedFile && read.f.name === 'a.pdf' && read.f.bytes.toString() === 'bytes');
});

test('a form of very many parts is refused before they are taken apart', async () => {
  const { refused } = await sent(Array.from({ length: 2_001 }, () => field('a', '')));
  assert.ok(isFailure(refused, 'WEB_FORM_UNREADABLE'));
});

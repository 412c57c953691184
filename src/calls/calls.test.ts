import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { describe, test } from 'node:test';
import type { Body, Serve } from './context.ts';
import { listOpenCalls } from './index.ts';
import { callingNet } from './testing.ts';

const HEAD = Buffer.from('GET\nname-1\n');
const echo: Serve = async ({ from, head, body }) => ({
  head: Buffer.from(`${from} ${Buffer.from(head).toString()}`),
  body,
});
const nobody: Serve = async () => ({ head: Buffer.from('none'), body: null });

async function bytesOf(body: Body): Promise<Buffer> {
  if (body === null) return Buffer.alloc(0);
  if (body instanceof Uint8Array) return Buffer.from(body);
  const parts: Buffer[] = [];
  for await (const part of body) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

describe('a call', () => {
  test('is served and answered, and both nodes have both sides of it in their logs', async (t) => {
    const { kz, ru } = await callingNet(t, { kz: nobody, ru: echo });
    const answer = await kz.calls.carry({ to: 'ru', mode: 'batch', head: HEAD, body: Buffer.from('{"a":1}') });
    assert.equal(Buffer.from(answer.head).toString(), `kz ${HEAD.toString()}`);
    assert.equal((await bytesOf(answer.body)).toString(), '{"a":1}');
    for (const { db } of [kz, ru]) {
      const rows = await db.query<{ direction: string }>('select direction from call_batch order by at');
      assert.ok(rows.some(({ direction }) => direction === 'in') && rows.some(({ direction }) => direction === 'out'));
      assert.deepEqual(await listOpenCalls({ db }, '2020-01-01T00:00:00.000Z'), []);
    }
  });

  test('streams what is large in both directions', async (t) => {
    const { kz } = await callingNet(t, { kz: nobody, ru: echo });
    const part = Buffer.alloc(100_000, 'x');
    const body = Readable.from(
      Array.from({ length: 50 }, () => part),
      { objectMode: false },
    );
    const answer = await kz.calls.carry({ to: 'ru', mode: 'batch', head: HEAD, body });
    const got = await bytesOf(answer.body);
    assert.equal(got.length, 5_000_000);
    assert.ok(got.every((byte) => byte === 120));
  });

  test('to its own node is carried like any other', async (t) => {
    const { kz } = await callingNet(t, { kz: echo });
    const answer = await kz.calls.carry({ to: 'kz', mode: 'message', head: HEAD, body: null });
    assert.equal(Buffer.from(answer.head).toString(), `kz ${HEAD.toString()}`);
  });
});

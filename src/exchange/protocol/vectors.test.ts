import assert from 'node:assert/strict';
import { createHash, createPublicKey, verify } from 'node:crypto';
import { describe, test } from 'node:test';
import { importPublicKey } from '../../crypto/index.ts';
import { verifyRequest, verifyResponse } from './http-binding.ts';
import vectors from './vectors.json' with { type: 'json' };

// The worked example of docs/protocol.md, checked as a stranger would who has the page and no code of ours.
const sha = (...parts: (Uint8Array | string)[]) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};
const hex = (text: string) => Buffer.from(text, 'hex');
const u32 = (length: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(length);
  return bytes;
};
const sized = (text: string | Buffer) => [u32(Buffer.byteLength(text)), Buffer.from(text)];
const signedBy = (state: 'kz' | 'ru', bytes: Buffer, signature: string) =>
  verify(
    null,
    bytes,
    createPublicKey({ key: vectors.keys[state].jwk, format: 'jwk' }),
    Buffer.from(signature, 'base64url'),
  );

/** Three leaves: H(node | H(node | a | b) | c). */
const rootOfThree = (prefix: number, leaves: string[]) => {
  const [a, b, c] = leaves.map(hex) as [Buffer, Buffer, Buffer];
  return sha(Buffer.of(prefix), sha(Buffer.of(prefix), a, b), c).toString('hex');
};

describe('the worked example of the protocol', () => {
  test('has the leaves, the root, the signature and the frame of its batch', () => {
    const { batch, messages } = vectors;
    for (const { salt, head, body, leaf } of messages) {
      const { type, id } = JSON.parse(head) as { type: string; id: string };
      const parts = [
        Buffer.of(0x10),
        hex(salt),
        Buffer.of(type.length),
        type,
        sha(head),
        sha(body),
        hex(id.replaceAll('-', '')),
      ];
      assert.equal(sha(...parts).toString('hex'), leaf);
    }
    const { root, key } = JSON.parse(batch.envelope) as { root: string; key: string };
    assert.equal(
      rootOfThree(
        0x11,
        messages.map(({ leaf }) => leaf),
      ),
      root,
    );
    assert.equal(key, vectors.keys.kz.id);
    assert.ok(signedBy('kz', Buffer.from(`commonway/batch/1\0${batch.envelope}`), batch.signature));
    const frame = Buffer.concat([
      Buffer.from('CWB1'),
      ...sized(batch.envelope),
      ...sized(Buffer.from(batch.signature, 'base64url')),
      ...messages.flatMap(({ salt, head, body }) => [hex(salt), ...sized(head), ...sized(body)]),
    ]);
    assert.equal(frame.toString('base64'), batch.frame);
  });

  test('has the leaves, the root, the signature and the frame of its answer', () => {
    const { answer, answers } = vectors;
    for (const { bytes, leaf } of answers) assert.equal(sha(Buffer.of(0x12), bytes).toString('hex'), leaf);
    const { root } = JSON.parse(answer.envelope) as { root: string };
    assert.equal(
      rootOfThree(
        0x13,
        answers.map(({ leaf }) => leaf),
      ),
      root,
    );
    assert.ok(signedBy('ru', Buffer.from(`commonway/receipts/1\0${answer.envelope}`), answer.signature));
    const frame = Buffer.concat([
      Buffer.from('CWR1'),
      ...sized(answer.envelope),
      ...sized(Buffer.from(answer.signature, 'base64url')),
      ...answers.flatMap(({ bytes }) => sized(bytes)),
    ]);
    assert.equal(frame.toString('base64'), answer.frame);
  });

  test('has paths that lead each leaf to its root', () => {
    for (const [prefix, envelope, parts] of [
      [0x11, vectors.batch.envelope, vectors.messages],
      [0x13, vectors.answer.envelope, vectors.answers],
    ] as const) {
      const { root } = JSON.parse(envelope) as { root: string };
      const [a, b, c] = parts.map(({ leaf }) => leaf);
      const ab = sha(Buffer.of(prefix), hex(a ?? ''), hex(b ?? '')).toString('hex');
      assert.deepEqual(
        parts.map(({ path }) => path),
        [[b, c], [a, c], [ab]],
      );
      assert.equal(sha(Buffer.of(prefix), hex(ab), hex(c ?? '')).toString('hex'), root);
    }
  });

  test('has the HTTP fields: the signature base of RFC 9421 by hand, and by our own reader', async () => {
    const { request, response } = vectors.http;
    const fields = request.fields as Record<string, string>;
    const input = fields['signature-input']?.replace('commonway=', '') ?? '';
    const signature = /^commonway=:(.*):$/.exec(fields.signature ?? '')?.[1] ?? '';
    const base = [
      `"@method": ${request.method}`,
      `"@authority": ${request.authority}`,
      `"@path": ${request.path}`,
      `"content-type": ${fields['content-type']}`,
      `"content-digest": sha-256=:${sha(Buffer.from(vectors.batch.frame, 'base64')).toString('base64')}:`,
      `"@signature-params": ${input}`,
    ].join('\n');
    assert.ok(signedBy('kz', Buffer.from(base), Buffer.from(signature, 'base64').toString('base64url')));
    const listOf = (record: Record<string, string>) => Object.entries(record).map(([name, value]) => ({ name, value }));
    const bound = { ...request, fields: listOf(fields) };
    const key = (state: 'kz' | 'ru') => () => importPublicKey(vectors.keys[state]);
    const at = '2026-03-01T09:00:01.000Z';
    assert.ok(await verifyRequest(bound, key('kz'), at));
    const answered = {
      status: response.status,
      fields: listOf(response.fields as Record<string, string>),
      request: bound,
    };
    assert.ok(await verifyResponse(answered, key('ru'), at));
  });
});

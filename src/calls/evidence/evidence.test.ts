import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { before, describe, test } from 'node:test';
import fc from 'fast-check';
import { until } from '../../exchange/testing.ts';
import type { Json } from '../../storage/index.ts';
import { isFailure } from '../../storage/index.ts';
import type { Serve } from '../context.ts';
import { holdsPath, leafOf, nodeText, pathOf, rootOf, statementText } from '../protocol/statement.ts';
import { type CallingNode, callingNet } from '../testing.ts';
import { callFile, findCalls } from './collect.ts';
import type { CallContent, StatementEvidence } from './types.ts';
import { verifyCallFile } from './verify.ts';

const HEAD = Buffer.from('GET\nname-1\n');
const answering: Serve = async ({ body }) => ({ head: Buffer.from('200 OK\n'), body });
const nobody: Serve = async () => ({ head: Buffer.from('none'), body: null });

async function drain(body: unknown): Promise<void> {
  if (body instanceof Readable) for await (const _ of body);
}

/** A call between two nodes, with its receipt and its place in both ledgers. */
async function madeCall(t: Parameters<typeof callingNet>[0], body: Buffer | Readable | null) {
  const nodes = await callingNet(t, { kz: nobody, ru: answering });
  const { id, body: came } = await nodes.kz.calls.carry({ to: 'ru', mode: 'batch', head: HEAD, body });
  await drain(came);
  const whole = async (node: CallingNode) => {
    const content = await contentOf(node, id);
    const proven = content.statements.every(({ logged }) => logged.proof !== null);
    return proven && content.statements.at(-1)?.kind === 'receipt';
  };
  for (const node of Object.values(nodes)) await until(`${node.state} has it all`, () => whole(node));
  return { ...nodes, id };
}

async function contentOf({ ctx }: CallingNode, id: string): Promise<CallContent> {
  const file = JSON.parse((await callFile(ctx, id)).toString()) as { content: CallContent };
  return file.content;
}

const verified = (content: unknown, { ctx }: CallingNode) =>
  verifyCallFile(content as Json, ctx.trust, (content as CallContent).node);

const refused = (error: unknown): boolean => isFailure(error) && /^(CALLS_|UNION_|LEDGER_|CRYPTO_)/.test(error.code);

describe('the file of a call', () => {
  test('proves request, answer and receipt, from the log of either side, to a third', async (t) => {
    const { kz, ru, id } = await madeCall(t, Buffer.from('{"q":1}'));
    for (const node of [kz, ru]) {
      const call = await verified(await contentOf(node, id), node === kz ? ru : kz);
      assert.deepEqual([call.from, call.to, call.request.head.toString()], ['kz', 'ru', HEAD.toString()]);
      assert.equal(call.answer?.head.toString(), '200 OK\n');
      assert.equal(call.answer?.body?.size, 7);
      assert.ok(call.receivedAt !== undefined && call.request.ledger !== undefined && call.answer.ledger !== undefined);
    }
    assert.deepEqual(await findCalls(kz.ctx, 'name-1', () => ['name-1']), [id]);
    assert.deepEqual(await findCalls(ru.ctx, id, () => []), [id]);
    assert.deepEqual(await findCalls(ru.ctx, 'name-2', () => ['name-1']), []);
  });

  test('proves the digest of what was streamed', async (t) => {
    const { kz, ru, id } = await madeCall(t, Readable.from([Buffer.alloc(200_000, 'x')], { objectMode: false }));
    const content = await contentOf(kz, id);
    assert.deepEqual(
      content.statements.map(({ kind }) => kind),
      ['request', 'tail', 'answer', 'tail', 'receipt'],
    );
    const call = await verified(content, ru);
    assert.equal(call.request.body?.size, 200_000);
    assert.equal(call.answer?.body?.digest, call.request.body?.digest);
    const cut = { ...content, statements: content.statements.filter((_, place) => place !== 3) };
    await assert.rejects(verified(cut, ru), refused);
  });

  test('is refused with a statement that is missing, twice, out of order, of another call, or beside it', async (t) => {
    const { kz, ru, id } = await madeCall(t, Buffer.from('x'));
    const content = await contentOf(kz, id);
    const { statements } = content;
    const [request, answer, receipt] = statements as [StatementEvidence, StatementEvidence, StatementEvidence];
    const { id: second } = await kz.calls.carry({ to: 'ru', mode: 'batch', head: HEAD, body: null });
    const other = await contentOf(kz, second);
    const changes: StatementEvidence[][] = [
      [],
      [answer, receipt],
      [request, receipt],
      [request, answer, receipt, receipt],
      [request, request, answer, receipt],
      [answer, request, receipt],
      [request, other.statements[1] as StatementEvidence],
      [...other.statements],
      [request, answer, receipt, other.statements[0] as StatementEvidence],
    ];
    for (const changed of changes) await assert.rejects(verified({ ...content, statements: changed }, ru), refused);
    await assert.rejects(verified({ ...content, more: 1 }, ru), refused);
    await assert.rejects(verifyCallFile(content as unknown as Json, ru.ctx.trust, 'ru'), refused);
  });

  test('is refused when any single part of it was changed', async (t) => {
    const { kz, ru, id } = await madeCall(t, Buffer.from('x'));
    const content = await contentOf(kz, id);
    const places: string[][] = [];
    const walk = (value: unknown, path: string[]): void => {
      if (typeof value !== 'object' || value === null) places.push(path);
      else for (const [name, inner] of Object.entries(value)) walk(inner, [...path, name]);
    };
    walk(content, []);
    assert.ok(places.length > 80, String(places.length));
    for (const path of places) {
      const changed = structuredClone(content) as unknown as Record<string, unknown>;
      let at = changed;
      for (const name of path.slice(0, -1)) at = at[name] as Record<string, unknown>;
      const last = path.at(-1) as string;
      const value = at[last];
      at[last] = typeof value === 'number' ? value + 1 : value === null ? 'x' : flipped(String(value));
      await assert.rejects(verified(changed, ru), refused, path.join('.'));
    }
  });
});

/** The text with its first character changed to one of the same alphabet. */
const flipped = (text: string): string => (text.startsWith('1') ? '2' : '1') + text.slice(1);

describe('with openssl and a text editor alone', () => {
  let here = '';
  before((t) => {
    here = mkdtempSync(join(tmpdir(), 'commonway-by-hand-'));
    (t as unknown as { after?(work: () => void): void }).after?.(() => rmSync(here, { recursive: true }));
  });
  const openssl = (...words: string[]): string => execFileSync('openssl', words, { cwd: here, encoding: 'utf8' });
  const hashOf = (text: string): string => {
    writeFileSync(join(here, 'text'), text);
    return openssl('dgst', '-sha256', '-r', 'text').slice(0, 64);
  };

  test('a call is checked as docs/check-by-hand.md says', async (t) => {
    const { kz, id } = await madeCall(t, Buffer.from('{"q":1}'));
    const { call, statements } = await contentOf(kz, id);
    for (const { kind, link, head, body, salt, batch } of statements) {
      const headDigest = head === null ? '-' : hashOf(Buffer.from(head, 'base64url').toString());
      const sized = body === null || body === 'streamed' ? null : body;
      const digest = body === 'streamed' ? 'streamed' : (sized?.digest ?? '-');
      const lines = ['commonway/call/1', kind, call, link ?? '-', headDigest, digest, sized?.size ?? '-', salt, ''];
      let hash = hashOf(lines.join('\n'));
      for (const step of batch.path) {
        const sides = step.side === 'left' ? [step.hash, hash] : [hash, step.hash];
        hash = hashOf(['commonway/call-node/1', ...sides, ''].join('\n'));
      }
      assert.equal(hash, batch.envelope.root);
      const { canonicalJson } = await import('../../crypto/index.ts');
      writeFileSync(join(here, 'signed'), `commonway/calls/1\0${canonicalJson(batch.envelope as unknown as Json)}`);
      writeFileSync(join(here, 'signature'), Buffer.from(batch.signature, 'base64url'));
      const key = kz.ctx.trust.key(batch.envelope.sender, 'messages', batch.envelope.key);
      writeFileSync(join(here, 'key.pem'), pemOf(Buffer.from((key.jwk as { x: string }).x, 'base64url')));
      const said = openssl(
        'pkeyutl',
        '-verify',
        '-pubin',
        '-inkey',
        'key.pem',
        '-rawin',
        '-in',
        'signed',
        '-sigfile',
        'signature',
      );
      assert.match(said, /Verified Successfully/);
    }
  });
});

describe('the tree over statements', () => {
  const hashes = fc.array(
    fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes)),
    {
      minLength: 1,
      maxLength: 40,
    },
  );

  test('proves every leaf at its own place, and at no other', () => {
    fc.assert(
      fc.property(hashes, fc.nat(), fc.nat(), (leaves, one, two) => {
        const place = one % leaves.length;
        const other = two % leaves.length;
        const proof = {
          leaf: leaves[place] as Buffer,
          count: leaves.length,
          path: pathOf(leaves, place),
          root: rootOf(leaves),
        };
        assert.ok(holdsPath({ ...proof, place }));
        const turns = pathOf(leaves, other).map(({ side }) => side);
        const same = turns.join() === proof.path.map(({ side }) => side).join();
        assert.equal(holdsPath({ ...proof, place: other }), same);
        if (proof.path.length > 0) assert.ok(!holdsPath({ ...proof, place, path: proof.path.slice(1) }));
      }),
    );
  });

  test('has leaves and nodes that are never one another', () => {
    const statement = { kind: 'request', id: '0', link: null, head: null, body: null, salt: Buffer.alloc(32) } as const;
    assert.ok(statementText(statement).startsWith('commonway/call/1\n'));
    assert.ok(nodeText(leafOf(statement), leafOf(statement)).startsWith('commonway/call-node/1\n'));
  });
});

/** An Ed25519 key as openssl reads it (RFC 8410). */
function pemOf(raw: Uint8Array): string {
  const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), raw]);
  return `-----BEGIN PUBLIC KEY-----\n${der.toString('base64')}\n-----END PUBLIC KEY-----\n`;
}

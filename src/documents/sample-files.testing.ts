import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { digestOf, type Sealed, seal } from '../crypto/index.ts';
import { messageFile, messageRecord, receiptFile, send, startExchange } from '../exchange/index.ts';
import { appendLeaf, inclusion, sequenceNow } from '../ledger/index.ts';
import type { AccessContent } from '../persons/index.ts';
import type { Evidence } from '../registers/index.ts';
import type { Json } from '../storage/index.ts';
import { type FileKind, type FoundedUnion, sealFile } from '../union/index.ts';
import { documentFile } from './files/document-file.ts';
import { accessProofFile, evidenceFile } from './files/relayed-files.ts';
import { issueDocument } from './issue.ts';
import { getRow } from './rows.ts';
import { request, START, type TestNode, testNode, witness } from './testing.ts';

/** A document that was issued, logged and witnessed, and its file. For tests. */
export async function issued(t: TestContext, union: FoundedUnion) {
  const ctx = await testNode(t, union);
  const { id } = await ctx.db.transaction((tx) => issueDocument(tx, ctx, request()));
  await witness(t, ctx, union, (await getRow(ctx.db, id)).leafId);
  return { ctx, id, file: await documentFile(ctx, id) };
}

export const schema: Json = {
  type: 'object',
  required: ['periods'],
  properties: { periods: { type: 'array', items: { type: 'object', properties: { months: { type: 'integer' } } } } },
};

/** Evidence of the first state, signed by its agency's key. */
export function evidence(union: FoundedUnion, changes: Partial<Evidence> = {}): Sealed<Evidence> {
  const [state = ''] = Object.keys(union.keys);
  const agency = `${state}.pension-fund`;
  const key = union.keys[state]?.agencies[agency];
  assert.ok(key);
  const payload: Evidence = {
    id: '019a0c6e-8f53-7d3a-9d51-7a1f0c2b3e4d',
    type: 'insured-periods',
    agreement: 'a'.repeat(64),
    schema: digestOf(schema),
    issuer: { state, agency },
    subject: { home: 'kz', reference: 'r-1' },
    request: 'b'.repeat(64),
    application: 'app-1',
    purpose: 'pension',
    ground: { kind: 'law', article: 'art-7' },
    result: 'found',
    facts: { periods: [{ months: 12 }] },
    asOf: '2026-11-22',
    issuedAt: '2026-11-22T09:00:00.000Z',
    validUntil: '2026-12-22T09:00:00.000Z',
    ...changes,
  };
  return seal('evidence', payload, [key]);
}

/** An entry of an access record, logged and witnessed, and the file that proves it. */
export async function accessProof(t: TestContext, union: FoundedUnion, node?: TestNode) {
  const ctx = node ?? (await testNode(t, union));
  const entry: AccessContent = {
    id: '019a0c6e-8f53-7d3a-9d51-7a1f0c2b3e4d',
    state: 'kz',
    agency: 'kz.pension-fund',
    home: 'aa',
    reference: 'r-1',
    actor: null,
    fields: ['periods.from'],
    purpose: 'pension',
    ground: { kind: 'law', article: 'art-7' },
    application: 'app-1',
    case: null,
    at: START,
    counter: 1,
  };
  const leaf = await ctx.db.transaction((tx) =>
    appendLeaf(tx, ctx, { kind: 'access', content: { ...entry } as unknown as Json }),
  );
  await witness(t, ctx, union, leaf.id);
  const proof = await inclusion(ctx, leaf.id);
  assert.ok(proof);
  return { ctx, entry, file: accessProofFile(ctx, { entry, proof }) };
}

/** A decision of the state `kz`, signed by its agency's key. */
export function decision(union: FoundedUnion, changes: Record<string, Json> = {}): Sealed<Json> {
  const key = union.keys.kz?.agencies['kz.pension-fund'];
  assert.ok(key);
  const parts = { case: 'case-1', application: 'app-1', state: 'kz', agency: 'kz.pension-fund', outcome: 'refused' };
  return seal<Json>('decision', { ...parts, decidedAt: START, decidedOn: '2026-11-22', ...changes }, [key]);
}

export function decisionFile(ctx: TestNode, sealed: Sealed<Json>): Buffer {
  const content = { decision: sealed } as unknown as Json;
  return sealFile({ trust: ctx.trust, key: ctx.seal, clock: ctx.clock }, 'decision', content);
}

/** A message that a node sent to its own state, on the usual way, with its receipt; and both files of it. */
export async function exchanged(t: TestContext, union: FoundedUnion) {
  const ctx = await testNode(t, union);
  const handlers = { note: async () => undefined };
  const exchange = await startExchange(ctx, { handlers, listen: { host: '127.0.0.1', port: 0 } });
  try {
    const message = { to: 'kz', type: 'note', lane: 'app-1', body: { months: 143 } };
    const id = await ctx.db.transaction((tx) => send(tx, ctx, message));
    while (!(await messageRecord(ctx, id))?.receipt) await pause(20);
    await sequenceNow(ctx);
    return { ctx, transaction: await messageFile(ctx, id), receipt: await receiptFile(ctx, id) };
  } finally {
    await exchange.stop();
  }
}

/** How to make a true file of each kind, valid at `START`. */
export const sampleFiles = {
  document: async (t, union) => (await issued(t, union)).file,
  evidence: async (t, union) => evidenceFile(await testNode(t, union), evidence(union), schema),
  decision: async (t, union) => decisionFile(await testNode(t, union), decision(union)),
  transaction: async (t, union) => (await exchanged(t, union)).transaction,
  receipt: async (t, union) => (await exchanged(t, union)).receipt,
  proof: async (t, union) => (await accessProof(t, union)).file,
} satisfies Partial<Record<FileKind, (t: TestContext, union: FoundedUnion) => Promise<Buffer>>>;

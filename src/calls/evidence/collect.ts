import { toBase64Url } from '../../crypto/index.ts';
import { inclusion } from '../../ledger/index.ts';
import { Failure, type Json } from '../../storage/index.ts';
import { sealFile } from '../../union/index.ts';
import type { CallsContext } from '../context.ts';
import { findBatches, type LoggedBatch } from '../find.ts';
import { readEnvelope } from '../protocol/batch.ts';
import type { LoggedEntry } from '../protocol/entries.ts';
import { type PathStep, pathOf } from '../protocol/statement.ts';
import type { CallContent, FileStep, StatementEvidence } from './types.ts';

/** What making files needs: the node's seal key too. */
type SealingContext = CallsContext & { keys: { seal: Parameters<typeof sealFile>[0]['key'] } };

/**
 * The ids of the calls that stand under a name in this node's log, the oldest first: the id of a call itself, or what the door's
 * protocol calls it.
 * @param namesOf what a head may be looked for by
 */
export async function findCalls(
  ctx: Pick<CallsContext, 'db'>,
  name: string,
  namesOf: (head: Uint8Array) => string[],
): Promise<string[]> {
  const found = new Set<string>();
  for (const { entries } of await findBatches(ctx, name))
    for (const entry of entries) {
      const names = !entry.erased && entry.headBytes && entry.kind === 'request' ? namesOf(entry.headBytes) : [];
      if (entry.id === name || names.includes(name)) found.add(entry.id);
    }
  return [...found];
}

/**
 * A call as a sealed file: request and answer with their heads, the digests of their bodies, both sides' signatures by way of their
 * batches, the receipt, and what this node's ledger says of each. Bodies are not in it: who has them holds them against the digests.
 * @throws Failure CALLS_UNKNOWN, CALLS_ERASED
 * @example writeFileSync('call.commonway.json', await callFile(ctx, id))
 */
export async function callFile(ctx: SealingContext, id: string): Promise<Buffer> {
  const content = await collectCall(ctx, id);
  const { trust, clock, keys } = ctx;
  return sealFile({ trust, clock, key: keys.seal }, 'call', content as unknown as Json);
}

async function collectCall(ctx: CallsContext, id: string): Promise<CallContent> {
  const batches = await findBatches(ctx, id);
  const statements: { evidence: StatementEvidence; entry: LoggedEntry }[] = [];
  for (const batch of batches) {
    for (const [place, entry] of batch.entries.entries()) {
      if (entry.id !== id) continue;
      if (entry.erased || (entry.head !== null && entry.headBytes === null))
        throw new Failure('CALLS_ERASED', { call: id });
      statements.push({ entry, evidence: await evidenceOf(ctx, batch, entry, place) });
    }
  }
  if (statements.length === 0) throw new Failure('CALLS_UNKNOWN', { call: id.slice(0, 40) });
  return { call: id, node: ctx.trust.self, statements: inOrder(statements) };
}

/** A call of a node to itself stands in its log twice; what it signed is told once. */
function inOrder(found: readonly { evidence: StatementEvidence; entry: LoggedEntry }[]): StatementEvidence[] {
  const once = [...new Map(found.map((one) => [one.entry.leaf.toString('hex'), one])).values()];
  const request = once.find(({ entry }) => entry.kind === 'request');
  const answer = once.find(({ entry }) => entry.kind === 'answer');
  const linked = (kind: string, to: typeof request) =>
    once.find(({ entry, evidence }) => entry.kind === kind && evidence.link === to?.entry.leaf.toString('hex'));
  const parts = [request, linked('tail', request), answer, linked('tail', answer), linked('receipt', answer)];
  return parts.flatMap((one) => (one === undefined ? [] : [one.evidence]));
}

async function evidenceOf(
  ctx: CallsContext,
  batch: LoggedBatch,
  entry: Extract<LoggedEntry, { erased: false }>,
  place: number,
): Promise<StatementEvidence> {
  const { kind, link, headBytes, body, salt } = entry;
  const leaves = batch.entries.map(({ leaf }) => leaf);
  const members = await membersOf(ctx, batch.leaf);
  return {
    kind,
    link: link?.toString('hex') ?? null,
    head: headBytes === null ? null : toBase64Url(headBytes),
    body: body === null || body === 'streamed' ? body : { digest: body.digest.toString('hex'), size: body.size },
    salt: salt.toString('hex'),
    batch: {
      envelope: readEnvelope(batch.envelope),
      signature: toBase64Url(batch.signature),
      place,
      path: pathOf(leaves, place).map(stepOf),
    },
    logged: {
      direction: batch.direction,
      at: batch.at,
      place: batch.place,
      count: members.length,
      path: pathOf(members, batch.place).map(stepOf),
      proof: (await inclusion(ctx, batch.leaf)) ?? null,
    },
  };
}

const stepOf = ({ side, hash }: PathStep): FileStep => ({ side, hash: hash.toString('hex') });

async function membersOf({ db }: Pick<CallsContext, 'db'>, leaf: string): Promise<Buffer[]> {
  const [row] = await db.query<{ members: Buffer }>('select members from call_group where leaf = $1', [leaf]);
  const bytes = row?.members ?? Buffer.alloc(0);
  return Array.from({ length: bytes.length / 32 }, (_, at) => bytes.subarray(at * 32, at * 32 + 32));
}

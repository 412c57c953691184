import type { PeerClient } from '../../exchange/index.ts';
import { Failure, type Instant } from '../../storage/index.ts';
import type { CallsContext } from '../context.ts';
import { type Logged, writeGroup } from '../journal.ts';
import { demandSignature, readEnvelope } from '../protocol/batch.ts';
import { malformed, readKept } from '../protocol/entries.ts';
import { rootOf } from '../protocol/statement.ts';
import { KEPT_CALLS_PATH, type KeptBatch, readPage } from './keep.ts';

/**
 * After a restore from an old backup: takes back from a peer the batches of calls between the two that are not here. Each is believed for its
 * signature alone, this node's own as well, and stands in the log from now on: when it stood there first is what the peer's log proves.
 *
 * @param since a moment before which nothing was lost
 * @param namesOf what the calls with a head may be looked for by
 * @returns how many batches came back
 * @throws Failure EXCHANGE_UNREACHABLE, EXCHANGE_ANSWER, CALLS_MALFORMED, CALLS_WRONG_PARTY, CALLS_SIGNATURE
 */
export async function recoverCalls(
  ctx: CallsContext,
  { ask }: Pick<PeerClient, 'ask'>,
  peer: string,
  { since, namesOf }: { since: Instant; namesOf(head: Uint8Array): string[] },
): Promise<number> {
  let count = 0;
  for (let after: string | null = ''; after !== null; ) {
    const query = new URLSearchParams({ since, ...(after === '' ? {} : { after }) });
    const answer = await ask(peer, { method: 'GET', path: `${KEPT_CALLS_PATH}?${query}` });
    if (answer.status !== 200) throw new Failure('EXCHANGE_ANSWER', { peer, reason: `status ${answer.status}` });
    const page = readPage(answer.body);
    const lost = await unknownOf(
      ctx,
      page.batches.map((kept) => batchOf(ctx, peer, kept, namesOf)),
    );
    if (lost.length > 0) await writeGroup(ctx, lost);
    count += lost.length;
    after = page.next;
  }
  return count;
}

/** A batch that a peer kept, as this node's log would have it. */
function batchOf(
  { trust }: CallsContext,
  peer: string,
  kept: KeptBatch,
  namesOf: (head: Uint8Array) => string[],
): Logged {
  const bytes = Buffer.from(kept.envelope, 'base64');
  const signature = Buffer.from(kept.signature, 'base64');
  const envelope = readEnvelope(bytes);
  const direction = kept.direction === 'in' ? 'out' : 'in';
  const [sender, receiver] = direction === 'out' ? [trust.self, peer] : [peer, trust.self];
  if (envelope.union !== trust.charter.union || envelope.sender !== sender || envelope.receiver !== receiver)
    throw new Failure('CALLS_WRONG_PARTY', { sender: envelope.sender, receiver: envelope.receiver, peer });
  demandSignature({ envelope, bytes, signature }, trust);
  const entries = readKept(Buffer.from(kept.entries, 'base64'));
  const leaves = entries.map(({ leaf }) => leaf);
  if (leaves.length !== envelope.count || rootOf(leaves).toString('hex') !== envelope.root)
    throw malformed('batch', 'its entries are not those under its root');
  const names = entries.flatMap((entry) => [
    entry.id,
    ...(entry.erased || entry.kind !== 'request' || entry.headBytes === null ? [] : namesOf(entry.headBytes)),
  ]);
  return { direction, peer, batch: { envelope, bytes, signature, entries }, names };
}

/** Those that are not in the log, each once. */
async function unknownOf({ db }: CallsContext, batches: readonly Logged[]): Promise<Logged[]> {
  const rows = await db.query<{ name: string }>(
    `select direction || ' ' || id as name from call_batch where id = any($1::uuid[])`,
    [batches.map(({ batch }) => batch.envelope.id)],
  );
  const seen = new Set(rows.map(({ name }) => name));
  return batches.filter(({ direction, batch }) => {
    const name = `${direction} ${batch.envelope.id}`;
    return !seen.has(name) && seen.add(name) !== undefined;
  });
}

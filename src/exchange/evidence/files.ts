import { Failure, type Json } from '../../storage/index.ts';
import { sealFile } from '../../union/index.ts';
import type { ExchangeContext } from '../context.ts';
import { collectEvidence } from './collect.ts';
import type { MessageEvidence } from './types.ts';

/**
 * A message as a sealed `transaction` file: head and body, the sender's signature by way of the batch, the receiver's receipt, and both
 * ledgers' proofs as far as they are there. For the parties: it holds the content.
 * @throws Failure EXCHANGE_MESSAGE_UNKNOWN, EXCHANGE_MESSAGE_ERASED
 * @example writeFileSync(path, await messageFile(ctx, id))
 */
export async function messageFile(ctx: ExchangeContext, id: string): Promise<Buffer> {
  return sealed(ctx, 'transaction', { messages: [await collectEvidence(ctx, id, { body: true })] });
}

/**
 * A whole transaction as one sealed file: every message of it that was received, on either side.
 * @throws Failure EXCHANGE_TRANSACTION_UNKNOWN, EXCHANGE_MESSAGE_ERASED
 */
export async function transactionFile(ctx: ExchangeContext, id: string): Promise<Buffer> {
  const rows = await ctx.db.query<{ id: string }>(
    `select id, created, sequence from exchange_sent
     where lane in (select lane from exchange_transaction where id = $1) and transaction = $1 and receipt is not null
     union
     select id, created, sequence from exchange_received
     where lane in (select lane from exchange_transaction where id = $1) and transaction = $1
     order by created, sequence, id`,
    [id],
  );
  if (rows.length === 0) throw new Failure('EXCHANGE_TRANSACTION_UNKNOWN', { transaction: id.slice(0, 40) });
  const messages: MessageEvidence[] = [];
  for (const row of rows) messages.push(await collectEvidence(ctx, row.id, { body: true }));
  return sealed(ctx, 'transaction', { messages });
}

/**
 * The receipt of a message as a sealed file, without the message's content: for anybody who must only know that it was received when.
 * @throws Failure EXCHANGE_MESSAGE_UNKNOWN, EXCHANGE_MESSAGE_ERASED
 */
export async function receiptFile(ctx: ExchangeContext, id: string): Promise<Buffer> {
  return sealed(ctx, 'receipt', { message: await collectEvidence(ctx, id, { body: false }) });
}

function sealed(ctx: ExchangeContext, kind: 'transaction' | 'receipt', content: object): Buffer {
  return sealFile({ trust: ctx.trust, key: ctx.keys.seal, clock: ctx.clock }, kind, content as Json);
}

import type { Json, Tx } from '../../storage/index.ts';
import { type ExchangeContext, QUEUES } from '../context.ts';
import { parseHead } from '../protocol/head.ts';
import { giveUpPlace } from './give-up.ts';

/** What is not to go any more. */
interface Unwanted {
  to: string;
  type: string;
  /** A text that stands in each of them, so that few are read. */
  holds: string;
  is(body: Json): boolean;
  /** Why: its sender is told so. */
  code: string;
}

/**
 * Takes back messages that wait for their receiver, as after their time: their places in their lanes are given up. What is on the wire at this
 * moment may arrive.
 * @example await takeBack(tx, ctx, { to: 'by', type: 'message/deliver', holds: id, is: (body) => body.event.subscription === id, code })
 */
export async function takeBack(tx: Tx, ctx: ExchangeContext, { to, type, holds, is, code }: Unwanted): Promise<void> {
  const waiting = await tx.query<{ lane: string; id: string }>(
    `select m.lane, m.id from job j join exchange_sent m on m.lane = j.payload->>'lane' and m.id = (j.payload->>'id')::uuid
     where j.queue = $1 and m.status = 'waiting' and m.type = $2 and position(convert_to($3, 'UTF8') in m.body) > 0
     order by m.lane, m.sequence for update of m`,
    [QUEUES.outgoing(to), type, holds],
  );
  // One after the other: of a receiver that is away for a week there is more than memory holds.
  for (const { lane, id } of waiting) {
    const [row] = await tx.query<{ head: Buffer; body: Buffer }>(
      'select head, body from exchange_sent where lane = $1 and id = $2',
      [lane, id],
    );
    if (row !== undefined && is(JSON.parse(row.body.toString('utf8')) as Json))
      await giveUpPlace(tx, ctx, parseHead(row.head), 'voiding', code);
  }
}

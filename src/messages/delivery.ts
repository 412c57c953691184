import type { ExchangeOptions } from '../exchange/index.ts';
import type { MessagesContext } from './context.ts';
import { TYPES } from './context.ts';
import { settleSent } from './sent.ts';

/** What the exchange tells of this room's messages: that the receiver's node has one, or that it certainly never will. */
export function messageDelivery(ctx: MessagesContext): Required<Pick<ExchangeOptions, 'delivered' | 'undelivered'>> {
  return {
    async delivered(tx, head, receivedAt) {
      if (head.type !== TYPES.deliver) return;
      await tx.query(
        `update messages_sent set status = 'received', status_at = $2 where id = $1 and status = 'waiting'`,
        [head.id, receivedAt],
      );
    },
    async undelivered(tx, head, code) {
      if (head.type !== TYPES.deliver) return;
      const status = code === 'EXCHANGE_UNDELIVERED' || code === 'EXCHANGE_MESSAGE_EXPIRED' ? 'expired' : 'refused';
      await settleSent(tx, head.id, { status, at: ctx.clock.now(), reason: { code }, from: head.to });
    },
  };
}

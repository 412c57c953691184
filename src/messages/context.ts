import type { ExchangeContext } from '../exchange/index.ts';
import type { Instant } from '../storage/index.ts';

/** What messages between systems need: the exchange, and with it this node's store, ledger, keys and trust. */
export type MessagesContext = ExchangeContext & {
  /** Until when an agreement lets a use on one of its articles be kept back from the person; undefined: she is told at once. */
  withheldUntil?(purpose: { agreement: string; article: string }): Instant | undefined;
};

/** Types of this room's messages between nodes. */
export const TYPES = {
  deliver: 'message/deliver',
  outcome: 'message/outcome',
  again: 'message/again',
  subscribe: 'topic/subscribe',
  unsubscribe: 'topic/unsubscribe',
  subscription: 'topic/subscription',
} as const;

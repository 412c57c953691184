import type { ExchangeContext } from '../exchange/index.ts';

/** What messages between systems need: the exchange, and with it this node's store, ledger, keys and trust. */
export type MessagesContext = ExchangeContext;

/** Types of this room's messages between nodes. */
export const TYPES = {
  deliver: 'message/deliver',
  outcome: 'message/outcome',
  again: 'message/again',
  subscribe: 'topic/subscribe',
  unsubscribe: 'topic/unsubscribe',
  subscription: 'topic/subscription',
} as const;

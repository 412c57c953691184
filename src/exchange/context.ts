import type { LedgerContext } from '../ledger/index.ts';
import type { Json, Tx } from '../storage/index.ts';
import type { NodeKeys, Trust } from '../union/index.ts';
import type { MessageHead } from './protocol/head.ts';

/** What sending and receiving need: the store, this node's ledger, whom it trusts, and its keys. */
export interface ExchangeContext extends LedgerContext {
  trust: Trust;
  keys: NodeKeys;
}

/** A message as its handler gets it. */
export interface Message {
  head: MessageHead;
  body: Json;
}

/**
 * What a message does here. Runs exactly once for a message id, in the order of its lane, in one transaction with the row that says so:
 * what it writes through `tx` stands or falls with it. Throw to be tried again; after many times the message is a dead letter.
 */
export type MessageHandler = (tx: Tx, message: Message) => Promise<void>;

/** Names of the queues of this room. */
export const QUEUES = {
  /** Whom a queue of one peer is for. */
  peerOf: (queue: string): string => queue.slice(queue.lastIndexOf('/') + 1),
  /** One for each receiver. */
  outgoing: (peer: string): string => `exchange/out/${peer}`,
  incoming: 'exchange/in',
  proofs: (peer: string): string => `exchange/proofs/${peer}`,
  timers: 'exchange/timers',
} as const;

/** The type of the message that takes the place of one that will not come. */
export const VOID_TYPE = 'exchange/void';

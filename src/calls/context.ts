import type { Readable } from 'node:stream';
import type { PeerSocket } from '../exchange/index.ts';
import type { LedgerContext } from '../ledger/index.ts';
import type { NodeKeys, TrustView } from '../union/index.ts';

/** What calls need: the store, this node's ledger, whom it trusts, and its keys. */
export interface CallsContext extends LedgerContext {
  trust: TrustView & { self: string };
  keys: Pick<NodeKeys, 'messages'>;
}

/** The content of a call or an answer: whole, in a stream, or none. */
export type Body = Uint8Array | Readable | null;

/** A call that goes out. */
export interface OutgoingCall {
  /** The state whose node is called. */
  to: string;
  /** One signature for many calls, or one for this alone. */
  mode: 'batch' | 'message';
  head: Uint8Array;
  body: Body;
  /** Ends the call from this side: whoever asked is gone. */
  signal?: AbortSignal;
}

/** An answer as it came back. A body that does not come whole, or not as it was signed, ends with an error. */
export interface CallAnswer {
  /** The id under which the call stands in both nodes' logs. */
  id: string;
  head: Uint8Array;
  body: Body;
}

/** A call that came in. `from` was proven. */
export interface IncomingCall {
  id: string;
  from: string;
  /** Whether it bore a signature of its own; its answer will too. */
  mode: 'batch' | 'message';
  head: Uint8Array;
  body: Body;
  signal?: AbortSignal;
  /** When it came, by `performance.now()`. */
  since?: number;
}

/** What a call does here. Is called once for each call, after the call is durable, and must answer: refusals are answers. */
export type Serve = (call: IncomingCall) => Promise<{ head: Uint8Array; body: Body }>;

/** Opens a connection to another node for the protocol of calls. */
export type Connect = (peer: string, protocol: string) => Promise<PeerSocket>;

import type { Readable } from 'node:stream';
import type { AccessContext } from '../access/index.ts';
import type { Trust } from '../union/index.ts';

/** The content of a call or an answer: whole, in a stream, or none. */
export type Body = Uint8Array | Readable | null;

/**
 * Takes a call to the node of a state, durable and signed, and brings its answer. What a head says is the door's business alone.
 * @throws Failure with the codes of whoever carries
 */
export type Carry = (call: {
  to: string;
  mode: 'batch' | 'message';
  head: Uint8Array;
  body: Body;
  signal?: AbortSignal;
}) => Promise<{ id: string; head: Uint8Array; body: Body }>;

/** What a call from another node, or from this one, does here. `from` was proven. */
export type Serve = (call: {
  id: string;
  from: string;
  head: Uint8Array;
  body: Body;
  signal?: AbortSignal;
}) => Promise<{ head: Uint8Array; body: Body }>;

/** What doors need: access rights, the agencies of the union, and a way to the other nodes. */
export interface DoorsContext extends AccessContext {
  trust: Pick<Trust, 'self' | 'agency' | 'ratified' | 'states' | 'manifest' | 'charter' | 'stateName'>;
  /** Told of what went wrong, by the id that the caller was given. No personal data in it. */
  report(reference: string, error: unknown): void;
}

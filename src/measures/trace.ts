import { randomBytes } from 'node:crypto';
import { observe } from './measures.ts';

/** One hop of what somebody asked, for logs. Nothing in it names a person: no path, no query, no id that a caller chose but the trace's. */
export interface Hop {
  /** `door` and `serve`: a call at its caller's and at its service's node; `api`; `deliver` and `handle`: a message at both ends. */
  hop: 'door' | 'serve' | 'api' | 'deliver' | 'handle';
  /** 32 hexadecimal digits (W3C Trace Context). */
  trace: string;
  /** The node at the other end. */
  peer?: string;
  /** The id of the call, the message or the request, made by a node. */
  id: string;
  /** An operation, a service or a type of message. */
  what?: string;
  /** A status of HTTP, or the code of a refusal. */
  outcome: string | number;
  ms: number;
  /** Of `ms` what was waited for: the other node, or the service. */
  waitedMs?: number;
}

/** The trace of a `traceparent` (W3C Trace Context, section 3.2); undefined where it is none: then a new one begins. */
export function traceOf(traceparent: string | undefined): string | undefined {
  const [, version, trace, parent] =
    /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(?:-.*)?$/.exec(traceparent ?? '') ?? [];
  const isNone = trace === undefined || version === 'ff' || /^0+$/.test(trace) || /^0+$/.test(parent ?? '');
  return isNone ? undefined : trace;
}

/** The trace of what a node has given an id: the UUID without its hyphens. Both ends know it, and nothing that is signed has to say it. */
export const traceOfId = (id: string): string => id.replaceAll('-', '').toLowerCase();

/** A `traceparent` for the next hop of a trace. */
export const traceparentFor = (trace: string): string => `00-${trace}-${randomBytes(8).toString('hex')}-01`;

/** Milliseconds since a moment of `performance.now()`, to the microsecond. */
export const msSince = (began: number): number => Math.round((performance.now() - began) * 1000) / 1000;

/** Tells of a hop: its duration in the measures of this process, all of it to the log. */
export function noteHop(hop: Hop, log?: (hop: Hop) => void): void {
  observe('hop_seconds', 'How long a hop took.', { hop: hop.hop }, hop.ms / 1000);
  if (hop.waitedMs !== undefined)
    observe(
      'hop_waited_seconds',
      'How long a hop waited for the other node, or for the service.',
      { hop: hop.hop },
      hop.waitedMs / 1000,
    );
  log?.(hop);
}

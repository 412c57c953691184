import type { AccessContext } from '../access/index.ts';
import type { Calls } from '../calls/index.ts';
import type { Hop } from '../measures/index.ts';
import type { Instant } from '../storage/index.ts';
import type { Trust } from '../union/index.ts';

/** Takes a call to the node of a state and brings its answer. What a head says is the door's business alone. */
export type Carry = Calls['carry'];

/** What doors need: access rights, the agencies of the union, and a way to the other nodes. */
export interface DoorsContext extends AccessContext {
  trust: Pick<Trust, 'self' | 'keys' | 'agency' | 'ratified' | 'states' | 'manifest' | 'charter' | 'stateName'>;
  /** Until when an agreement lets a use on one of its articles be kept back from the person; undefined: she is told at once. */
  withheldUntil?(purpose: { agreement: string; article: string }): Instant | undefined;
  /** Told of each hop of a call or request, for the log. */
  hop?(hop: Hop): void;
  /** Told of what went wrong, by the id that the caller was given. No personal data in it. */
  report(reference: string, error: unknown): void;
}

import { type Sealed, type SigningKey, seal } from '../../crypto/index.ts';
import {
  addMilliseconds,
  enqueue,
  type Instant,
  type JobHandler,
  type Json,
  type PlainDate,
  type Tx,
} from '../../storage/index.ts';
import type { SendNotice } from '../access/notice.ts';
import type { PersonsContext } from '../context.ts';

/** The daily statements to the other states. */
export const COUNTS = 'persons/counts';

/** How often an agency used data of persons of one other state on one day. */
export interface CountedDay {
  /** In UTC. */
  day: PlainDate;
  agency: string;
  entries: number;
  /** Of them those that an agreement lets it keep back still. */
  withheld: number;
}

/** What a state says to another of its uses of that state's persons' data. It names nobody. */
export interface CountsStatement {
  state: string;
  /** The state whose persons these are. */
  home: string;
  from: PlainDate;
  /** The last day, over when it was said. */
  until: PlainDate;
  /** Days and agencies without any are left out. */
  days: CountedDay[];
  at: Instant;
}

/** What makes statements: the node's own seal, so that one can be shown to others. */
export interface CountsContext extends PersonsContext {
  seal: SigningKey;
}

/** Each statement says so many days again: a notice that came late shows in the next one. */
const DAYS = 35;
const DAY_MS = 86_400_000;
/** After midnight: by then what was used in its last second has been proven and told. */
const WAIT_MS = 3_600_000;

/** Counts this state's uses of the data of another's persons, over the days that have ended. */
export async function countsStatement(tx: Tx, ctx: CountsContext, home: string): Promise<Sealed<CountsStatement>> {
  const at = ctx.clock.now();
  const until = dayBefore(at);
  const from = addMilliseconds(`${until}T00:00:00.000Z`, -(DAYS - 1) * DAY_MS).slice(0, 10);
  const days = await tx.query<CountedDay>(
    `select to_char(at at time zone 'UTC', 'YYYY-MM-DD') as day, content->>'agency' as agency, count(*)::int as entries,
       (count(*) filter (where withheld_until > $4))::int as withheld
     from access_entries
     where home = $1 and leaf is not null and at >= $2::timestamptz and at < $3::timestamptz
     group by 1, 2 order by 1, 2`,
    [home, `${from}T00:00:00.000Z`, `${at.slice(0, 10)}T00:00:00.000Z`, at],
  );
  return seal('access-counts', { state: ctx.trust.self, home, from, until, days, at }, [ctx.seal]);
}

/**
 * Sends every other state its statement, once a day; each wants the next. The way is the one of the notices, which come before it.
 * @example startJobs(ctx, [countsJob(ctx, (tx, to, body) => send(tx, ctx, { to, type: 'access-counts', lane: `access/${to}`, body }))])
 */
export function countsJob(ctx: CountsContext, sendStatement: SendNotice): JobHandler {
  return {
    queue: COUNTS,
    maxAttempts: Number.POSITIVE_INFINITY,
    async run() {
      return async (tx) => {
        for (const home of ctx.trust.states()) {
          if (home === ctx.trust.self) continue;
          await sendStatement(tx, home, (await countsStatement(tx, ctx, home)) as unknown as Json);
        }
        await wantCounts(tx, ctx);
      };
    },
  };
}

/** Wants the statement of the day that is: said once it is over, whatever process is there then. */
export async function wantCounts(tx: Tx, ctx: PersonsContext): Promise<void> {
  const day = ctx.clock.now().slice(0, 10);
  const runAt = addMilliseconds(`${day}T00:00:00.000Z`, DAY_MS + WAIT_MS);
  await enqueue(tx, { queue: COUNTS, key: day, payload: {}, runAt });
}

const dayBefore = (at: Instant): PlainDate => addMilliseconds(`${at.slice(0, 10)}T00:00:00.000Z`, -DAY_MS).slice(0, 10);

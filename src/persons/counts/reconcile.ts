import type { Instant, PlainDate, Queryable } from '../../storage/index.ts';

/** A day of an agency of another state: what it says that it did, and what it told us. */
export interface ReconciledDay {
  state: string;
  day: PlainDate;
  agency: string;
  stated: number;
  /** Of those what it may keep back still, by an agreement. */
  withheld: number;
  received: number;
  /** Uses that it counts and neither told nor may keep back. */
  missing: number;
}

/** Every day that a state has spoken of, the newest first; `state` left out: of all states. */
export async function reconciledDays(q: Queryable, state?: string): Promise<ReconciledDay[]> {
  return q.query<ReconciledDay>(
    `select stated.state, to_char(stated.day, 'YYYY-MM-DD') as day, stated.agency, stated.entries as stated, stated.withheld,
       coalesce(told.entries, 0) as received, greatest(stated.entries - stated.withheld - coalesce(told.entries, 0), 0) as missing
     from access_stated stated left join access_told told on told.state = stated.state and told.day = stated.day and told.agency = stated.agency
     where $1::text is null or stated.state = $1
     order by stated.day desc, stated.state, stated.agency`,
    [state ?? null],
  );
}

/** The days of which notices are missing. */
export async function missingNotices(q: Queryable, state?: string): Promise<ReconciledDay[]> {
  return (await reconciledDays(q, state)).filter(({ missing }) => missing > 0);
}

/** When each state last spoke of its uses. */
export async function statementTimes(q: Queryable): Promise<{ state: string; statedAt: Instant }[]> {
  return q.query('select state, stated_at as "statedAt" from access_statement order by state');
}

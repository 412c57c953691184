import type { Instant, Queryable } from '../storage/index.ts';

/** How an agency did with one service. Where few cases were decided there is only their number: a figure would tell of single people. */
export interface DecisionFigures {
  agreement: string;
  service: string;
  agency: string;
  /** When the first of them came in; null where few were decided: it would be the day of one person. */
  since: Instant | null;
  decided: number;
  /** Half of them took at most so many days from coming in to the decision. */
  medianDays: number | null;
  /** Nine of ten. */
  mostDays: number | null;
  /** The part that was decided within its term, 0 to 1. */
  inTime: number | null;
}

/** How many cases of one service came to an agency and what became of them. */
export interface CaseCounts {
  agreement: string;
  service: string;
  agency: string;
  received: number;
  open: number;
  /** By outcome; null where few were decided. */
  outcomes: Partial<Record<string, number>> | null;
}

/** With fewer nobody's own case can be told from the figures. */
const FEWEST = 5;

/**
 * The times to a decision of this state's agencies, of the cases that were decided since a moment.
 * @example await decisionFigures(db, '2026-01-01T00:00:00.000Z')
 */
export async function decisionFigures(db: Queryable, since: Instant): Promise<DecisionFigures[]> {
  const rows = await db.query<DecisionFigures>(
    `select agreement, service, agency, min(opened_at) as since, count(*)::int as decided,
       percentile_cont(0.5) within group (order by days) as "medianDays", percentile_cont(0.9) within group (order by days) as "mostDays",
       avg((decided_at <= due_at)::int)::float8 as "inTime"
     from (select *, extract(epoch from decided_at - opened_at)::float8 / 86400 as days from cases where decided_at >= $1) decided
     group by agreement, service, agency order by agreement, service, agency`,
    [since],
  );
  return rows.map((row) =>
    row.decided < FEWEST ? { ...row, since: null, medianDays: null, mostDays: null, inTime: null } : row,
  );
}

/**
 * How many cases came in since a moment, how many of them are open, and the outcomes of the others.
 * @example await caseCounts(db, '2026-01-01T00:00:00.000Z')
 */
export async function caseCounts(db: Queryable, since: Instant): Promise<CaseCounts[]> {
  const rows = await db.query<Omit<CaseCounts, 'outcomes'> & { outcomes: Record<string, number> | null }>(
    `with counted as (
       select agreement, service, agency, coalesce(outcome, '') as outcome, count(*)::int as cases
       from cases where opened_at >= $1 group by 1, 2, 3, 4)
     select agreement, service, agency, sum(cases)::int as received,
       coalesce(sum(cases) filter (where outcome = ''), 0)::int as open,
       jsonb_object_agg(outcome, cases) filter (where outcome <> '') as outcomes
     from counted group by 1, 2, 3 order by 1, 2, 3`,
    [since],
  );
  return rows.map((row) => ({ ...row, outcomes: row.received - row.open < FEWEST ? null : (row.outcomes ?? {}) }));
}

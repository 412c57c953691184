import type { Instant, Queryable } from '../storage/index.ts';

/** How an agency answers what is asked of it under agreements. */
export interface AnswerFigures {
  state: string;
  agency: string;
  since: Instant | null;
  answered: number;
  /** Half of the answers came within so many seconds, nine of ten within the other; null where few came. */
  medianSeconds: number | null;
  mostSeconds: number | null;
}

/** With fewer nobody's own question can be told from the figures. */
const FEWEST = 5;

/**
 * The times in which agencies answered this state's questions of one operation, since a moment. A refusal is an answer.
 * @example await answerFigures(db, 'fetchEvidence', '2026-01-01T00:00:00.000Z')
 */
export async function answerFigures(db: Queryable, operation: string, since: Instant): Promise<AnswerFigures[]> {
  const rows = await db.query<AnswerFigures>(
    `select to_state as state, to_agency as agency, min(begun_at) as since, count(*)::int as answered,
       percentile_cont(0.5) within group (order by seconds) as "medianSeconds", percentile_cont(0.9) within group (order by seconds) as "mostSeconds"
     from (select *, extract(epoch from closed_at - begun_at)::float8 as seconds from exchange_transaction
       where direction = 'out' and operation = $1 and begun_at >= $2 and closed_at is not null and status in ('responded', 'refused')) answered
     group by to_state, to_agency order by to_state, to_agency`,
    [operation, since],
  );
  return rows.map((row) =>
    row.answered < FEWEST ? { ...row, since: null, medianSeconds: null, mostSeconds: null } : row,
  );
}

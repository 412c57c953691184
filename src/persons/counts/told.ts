import type { Tx } from '../../storage/index.ts';
import type { AccessContent } from '../access/entry.ts';

/** Counts a notice that was kept just now. */
export async function countTold(tx: Tx, { state, agency, at }: Pick<AccessContent, 'state' | 'agency' | 'at'>) {
  await tx.query(
    `insert into access_told (state, day, agency, entries) values ($1, ($2::timestamptz at time zone 'UTC')::date, $3, 1)
     on conflict (state, day, agency) do update set entries = access_told.entries + 1`,
    [state, at, agency],
  );
}

/**
 * Counts anew what a state has told of its days from one to another. A process of the release before keeps notices and counts none;
 * the rows are locked first, so that a notice that comes meanwhile is in the number or added to it.
 */
export async function recountTold(tx: Tx, { state, from, until }: { state: string; from: string; until: string }) {
  await tx.query(
    'select 1 from access_told where state = $1 and day between $2 and $3 order by day, agency for update',
    [state, from, until],
  );
  await tx.query(
    `insert into access_told (state, day, agency, entries)
     select state, (at at time zone 'UTC')::date, content->>'agency', count(*) from access_entries
     where received_at is not null and state = $1 and at >= $2::date::timestamp at time zone 'UTC'
       and at < ($3::date + 1)::timestamp at time zone 'UTC' group by 1, 2, 3 order by 2, 3
     on conflict (state, day, agency) do update set entries = excluded.entries`,
    [state, from, until],
  );
}

import type { Queryable } from '../storage/index.ts';

/** The references under which other authorities know a person of the population register; none where she has no account. */
export async function referencesOf(q: Queryable, localId: string): Promise<string[]> {
  const rows = await q.query<{ reference: string }>(
    'select reference from person_references join person_subjects using (subject) where local_id = $1 order by reference',
    [localId],
  );
  return rows.map(({ reference }) => reference);
}

/** Which agencies of this state used whose data for an application, as the access record has it. */
export async function usersOf(
  q: Queryable,
  application: string,
): Promise<{ agency: string; home: string; reference: string }[]> {
  return q.query(
    `select distinct content->>'agency' as agency, home, content->>'reference' as reference
     from access_entries where application = $1 and leaf is not null order by 1, 2, 3`,
    [application],
  );
}

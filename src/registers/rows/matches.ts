import type { Instant, Queryable, Tx } from '../../storage/index.ts';

/** Keeps under which reference a person of a register is known to her home. */
export async function rememberMatch(
  tx: Tx,
  match: { register: string; subject: string; home: string; reference: string; now: Instant },
): Promise<void> {
  await tx.query(
    `insert into register_matches (subject, register, home, reference, matched_at) values ($1, $2, $3, $4, $5)
     on conflict (subject, register, home, reference) do nothing`,
    [match.subject, match.register, match.home, match.reference, match.now],
  );
}

/** The latest reference under which a home asked about a person of a register. */
export async function latestMatch(
  q: Queryable,
  register: string,
  subject: string,
): Promise<{ home: string; reference: string } | undefined> {
  const [row] = await q.query<{ home: string; reference: string }>(
    `select home, reference from register_matches where register = $1 and subject = $2
     order by matched_at desc, reference desc limit 1`,
    [register, subject],
  );
  return row;
}

/** The latest reference under which a home asked any register about who has a number in this state. */
export async function latestMatchOfNumber(
  q: Queryable,
  subject: string,
): Promise<{ home: string; reference: string } | undefined> {
  const [row] = await q.query<{ home: string; reference: string }>(
    'select home, reference from register_matches where subject = $1 order by matched_at desc, reference desc limit 1',
    [subject],
  );
  return row;
}

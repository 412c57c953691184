import type { Instant, Queryable, Tx } from '../storage/index.ts';

const MOST = 500;

/**
 * Applications of which messages under an agreement are kept here and everything is settled since before a moment. Those that this node asked
 * for as the person's home are not among them: they are hers.
 */
export async function settledApplications(q: Queryable, agreement: string, before: Instant): Promise<string[]> {
  const rows = await q.query<{ application: string }>(
    `select application from exchange_transaction t where agreement = $1 and application is not null
     group by application
     having bool_and(direction = 'in' or operation not in ('fetchEvidence', 'openCase', 'askCorrection'))
       and bool_and(status in ('responded', 'refused') or pattern in ('notification', 'informationDistribution'))
       and max(greatest(begun_at, received_at, accepted_at, closed_at)) < $2
       and (exists (select 1 from exchange_received r where r.application = t.application and r.body is not null)
         or exists (select 1 from exchange_sent s where s.application = t.application and s.body is not null))
     order by application limit $3`,
    [agreement, before, MOST],
  );
  return rows.map(({ application }) => application);
}

/**
 * Deletes bodies and salts of the messages of an application. Heads, signatures, receipts and proofs stay, and so does the log: what it has is
 * a digest under a salt that is gone. What is still on its way, or waits for its handler, stays.
 * @returns how many messages
 */
export async function eraseMessages(tx: Tx, application: string): Promise<number> {
  const sent = await tx.query(
    `update exchange_sent set body = null, salt = null
     where application = $1 and body is not null and status not in ('waiting', 'confirming', 'voiding') returning 1`,
    [application],
  );
  const received = await tx.query(
    `update exchange_received set body = null, salt = null
     where application = $1 and body is not null and status in ('handled', 'skipped') returning 1`,
    [application],
  );
  return sent.length + received.length;
}

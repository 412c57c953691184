import type { Instant, Queryable } from '../../storage/index.ts';
import type { IdentityDocument } from './enrolment.ts';

/** What an office has kept of giving a person her way in. */
export interface Enrolment {
  agency: string;
  document: IdentityDocument;
  recovery: boolean;
  begunAt: Instant;
  confirmedAt: Instant | null;
  usedAt: Instant | null;
}

/** The enrolments of a person by her number in the population register, the oldest first. */
export function listEnrolments(db: Queryable, number: string): Promise<Enrolment[]> {
  return db.query<Enrolment>(
    `select agency, document, recovery, issued_at as "begunAt", confirmed_at as "confirmedAt", used_at as "usedAt"
     from identity_enrolments where local_id = $1 order by issued_at, id`,
    [number],
  );
}

import type { Queryable } from '../storage/index.ts';
import { idKeys, nameKeys } from './matching/keys.ts';
import { type Match, match } from './matching/match.ts';
import { isPersonClaim, type SubjectClaim } from './matching/person.ts';
import { personOfRows } from './person-of-row.ts';
import { currentRows, type StoredRow, subjectsByKeys } from './rows/read-rows.ts';

/** A match with the rows of the one person; no rows otherwise. */
export type Finding = Match & { rows: StoredRow[] };

/**
 * Looks for the person of a claim in a register: candidates by their keys, then `match`. Nothing of what it read leaves this room
 * for anybody but the one.
 *
 * @param register its id and its state
 */
export async function findSubject(
  q: Queryable,
  register: { id: string; state: string },
  claim: SubjectClaim,
): Promise<Finding> {
  const byId = await subjectsByKeys(q, register.id, idKeys(claim.ids));
  const byName = byId.length === 0 && isPersonClaim(claim) ? nameKeys(claim.names, claim.birthDate) : [];
  const subjects = byId.length > 0 ? byId : await subjectsByKeys(q, register.id, byName);
  const rows = subjects.length === 0 ? [] : await currentRows(q, register.id, subjects);
  const candidates = subjects.map((subject) =>
    personOfRows(
      subject,
      rows.filter((row) => row.subject === subject).map((row) => row.person),
    ),
  );
  const found = match(claim, candidates, register.state);
  return { ...found, rows: found.outcome === 'one' ? rows.filter((row) => row.subject === found.subject) : [] };
}

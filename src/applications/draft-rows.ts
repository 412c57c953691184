import { dropFiles } from '../files/index.ts';
import type { Instant, Json, Queryable, Tx } from '../storage/index.ts';
import type { Draft } from './types.ts';

interface DraftRow {
  id: string;
  person: string;
  agreement: string;
  contract: string;
  service: string;
  answers: Record<string, Json>;
  revision: number;
  reference: string;
  confirmed: boolean;
  created: Instant;
  expires: Instant;
  submitted: boolean;
}

const COLUMNS =
  'id, person, agreement, contract, service, answers, revision, reference, confirmed, created, expires, submitted';

/** A person's draft; another person's is not found. */
export async function findDraft(db: Queryable, person: string, id: string): Promise<Draft | undefined> {
  const [row] = await db.query<DraftRow>(`select ${COLUMNS} from drafts where id = $1 and person = $2`, [id, person]);
  return row;
}

/** The same, locked until the transaction ends: two tabs change a draft one after the other. */
export async function lockDraft(tx: Tx, id: string): Promise<Draft | undefined> {
  const [row] = await tx.query<DraftRow>(`select ${COLUMNS} from drafts where id = $1 for update`, [id]);
  return row;
}

/** A person's open drafts, the newest first. */
export async function openDrafts(db: Queryable, person: string, now: Instant): Promise<Draft[]> {
  return db.query<DraftRow>(
    `select ${COLUMNS} from drafts where person = $1 and not submitted and expires > $2 order by created desc limit 50`,
    [person, now],
  );
}

export async function insertDraft(tx: Queryable, draft: Draft): Promise<void> {
  await tx.query(
    `insert into drafts (id, person, agreement, contract, service, reference, created, expires)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      draft.id,
      draft.person,
      draft.agreement,
      draft.contract,
      draft.service,
      draft.reference,
      draft.created,
      draft.expires,
    ],
  );
}

export async function updateAnswers(tx: Tx, id: string, answers: Record<string, Json>): Promise<void> {
  await tx.query('update drafts set answers = $2, revision = revision + 1 where id = $1', [
    id,
    JSON.stringify(answers),
  ]);
}

/** Something else that she saw has changed: an answer of another state came, she asked again, she waived one. */
export async function touchDraft(tx: Tx, id: string): Promise<void> {
  await tx.query('update drafts set revision = revision + 1 where id = $1', [id]);
}

export async function confirmDraftEvidence(tx: Tx, id: string, confirmed: boolean): Promise<void> {
  await tx.query('update drafts set confirmed = $2, revision = revision + 1 where id = $1 and confirmed <> $2', [
    id,
    confirmed,
  ]);
}

export async function markSubmitted(tx: Tx, id: string): Promise<void> {
  await tx.query('update drafts set submitted = true where id = $1', [id]);
}

export async function deleteDraft(tx: Tx, person: string, id: string): Promise<void> {
  await tx.query('delete from application_pages where application = $1', [id]);
  await tx.query('delete from application_evidence where application = $1', [id]);
  await dropFiles(tx, id);
  await tx.query('delete from drafts where id = $1 and person = $2 and not submitted', [id, person]);
}

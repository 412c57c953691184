import { dropFiles } from '../files/index.ts';
import type { Mandate } from '../registers/index.ts';
import type { Instant, Json, Queryable, Tx } from '../storage/index.ts';
import type { Draft } from './types.ts';

interface DraftRow {
  id: string;
  person: string;
  agreement: string;
  contract: string;
  service: string;
  mandate: Mandate | null;
  acting: string | null;
  given: Draft['given'] | null;
  answers: Record<string, Json>;
  revision: number;
  reference: string;
  confirmed: boolean;
  created: Instant;
  expires: Instant;
  submitted: boolean;
  moved: Instant | null;
}

const COLUMNS =
  'id, person, agreement, contract, service, mandate, acting, given, answers, revision, reference, confirmed, created, expires, submitted, moved';

const toDraft = ({ moved, mandate, acting, given, ...row }: DraftRow): Draft => ({
  ...row,
  ...(moved === null ? {} : { moved }),
  ...(mandate === null ? {} : { mandate }),
  ...(acting === null ? {} : { acting }),
  ...(given === null || given === undefined ? {} : { given }),
});

/** Whose a draft is: of whoever acts until it is sent, and of the person whom it is about from then on. */
const OWNED = '(coalesce(acting, person) = $2 or (submitted and person = $2))';

/** A person's draft; another person's is not found. */
export async function findDraft(db: Queryable, person: string, id: string): Promise<Draft | undefined> {
  const [row] = await db.query<DraftRow>(`select ${COLUMNS} from drafts where id = $1 and ${OWNED}`, [id, person]);
  return row && toDraft(row);
}

/** The same, locked until the transaction ends: two tabs change a draft one after the other. */
export async function lockDraft(tx: Tx, id: string): Promise<Draft | undefined> {
  const [row] = await tx.query<DraftRow>(`select ${COLUMNS} from drafts where id = $1 for update`, [id]);
  return row && toDraft(row);
}

/** A person's open drafts, the newest first, at most `most`. */
export async function openDrafts(db: Queryable, person: string, now: Instant, most = 50): Promise<Draft[]> {
  const rows = await db.query<DraftRow>(
    `select ${COLUMNS} from drafts where coalesce(acting, person) = $1 and not submitted and expires > $2 order by created desc limit $3`,
    [person, now, most],
  );
  return rows.map(toDraft);
}

export async function insertDraft(tx: Queryable, draft: Draft): Promise<void> {
  await tx.query(
    `insert into drafts (id, person, agreement, contract, service, reference, created, expires, mandate, acting, given)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      draft.id,
      draft.person,
      draft.agreement,
      draft.contract,
      draft.service,
      draft.reference,
      draft.created,
      draft.expires,
      draft.mandate === undefined ? null : JSON.stringify(draft.mandate),
      draft.acting ?? null,
      draft.given === undefined ? null : JSON.stringify(draft.given),
    ],
  );
}

export async function updateAnswers(tx: Tx, id: string, answers: Record<string, Json>): Promise<void> {
  await tx.query('update drafts set answers = $2, revision = revision + 1 where id = $1', [
    id,
    JSON.stringify(answers),
  ]);
}

/** The draft stands under another contract from now on, with the answers that came along. */
export async function moveDraftRow(
  tx: Tx,
  id: string,
  { contract, answers, at }: { contract: string; answers: Record<string, Json>; at: Instant },
): Promise<void> {
  await tx.query(
    `update drafts set contract = $2, answers = $3, moved = $4, confirmed = false, revision = revision + 1 where id = $1`,
    [id, contract, JSON.stringify(answers), at],
  );
}

/** Unsent drafts of an agreement, whoever's, the latest first: for the replay before a change is published. */
export async function draftsUnder(
  db: Queryable,
  agreement: string,
  { now, limit }: { now: Instant; limit: number },
): Promise<Draft[]> {
  const rows = await db.query<DraftRow>(
    `select ${COLUMNS} from drafts where agreement = $1 and not submitted and expires > $2 order by created desc limit $3`,
    [agreement, now, limit],
  );
  return rows.map(toDraft);
}

/** Drafts that were begun since a moment, sent or not, whoever's, the latest first. */
export async function newestDrafts(db: Queryable, since: Instant, limit: number): Promise<Draft[]> {
  const rows = await db.query<DraftRow>(
    `select ${COLUMNS} from drafts where created >= $1 order by created desc limit $2`,
    [since, limit],
  );
  return rows.map(toDraft);
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

/** Nobody acts any more by a mandate that a person gave: what was not sent is deleted, what was sent is hers alone. */
export async function leaveDrafts(tx: Tx, person: string, mandate: string): Promise<void> {
  const rows = await tx.query<{ id: string; submitted: boolean }>(
    `select id, submitted from drafts where person = $1 and given->>'id' = $2 for update`,
    [person, mandate],
  );
  for (const { id, submitted } of rows) {
    if (!submitted) await deleteDraft(tx, person, id);
    else {
      await tx.query('update drafts set acting = null where id = $1', [id]);
      await tx.query('update applications set acting = null where id = $1', [id]);
    }
  }
}

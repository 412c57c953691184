import { Failure, type Instant, json, type Migrations, type Queryable, type Tx } from '../storage/index.ts';
import sql from './sql/001-documents.sql';
import { type DocumentStatus, statusName } from './status/token.ts';
import type { DocumentLeaf, DocumentRequest, IssuedDocument } from './types.ts';

/** The tables of this room. */
export const migrations: Migrations = { room: 'documents', files: [{ name: '001-documents', sql }] };

/** A document with what only this room needs of it. */
export interface DocumentRow extends IssuedDocument {
  leaf: DocumentLeaf;
  leafId: string;
  list: number;
  place: number;
}

/** Takes an idempotency key, or says whether the same or another document was asked under it. Waits for who holds it just now. */
export async function claimRequest(tx: Tx, id: string, digest: string): Promise<'ours' | 'known' | 'other'> {
  const ours = await tx.query(
    `insert into document_requests (id, digest) values ($1, $2) on conflict do nothing returning 1`,
    [id, digest],
  );
  if (ours.length > 0) return 'ours';
  const [row] = await tx.query<{ digest: string }>(`select digest from document_requests where id = $1`, [id]);
  return row?.digest === digest ? 'known' : 'other';
}

export async function insertDocument(tx: Tx, row: DocumentRequest & Omit<DocumentRow, 'status'>): Promise<void> {
  await tx.query(
    `insert into documents (id, type, vct, agency, home, reference, case_id, credential, paper, leaf, leaf_id, list, place,
       issued_at, valid_until)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::jsonb, $11, $12, $13, $14, $15)`,
    [
      ...[row.id, row.type, row.vct, row.agency, row.holder.home, row.holder.reference, row.case ?? null],
      ...[row.credential, row.paper, json(row.leaf), row.leafId, row.list, row.place],
      ...[row.issuedAt, row.validUntil ?? null],
    ],
  );
}

/** @throws Failure DOCUMENTS_UNKNOWN */
export async function getRow(db: Queryable, id: string): Promise<DocumentRow> {
  const [row] = await db.query<Stored>(
    `select d.*, p.status from documents d join document_places p on p.list = d.list and p.place = d.place where d.id = $1`,
    [id],
  );
  if (!row) throw new Failure('DOCUMENTS_UNKNOWN', { id });
  return {
    id: row.id,
    type: row.type,
    vct: row.vct,
    agency: row.agency,
    holder: { home: row.home, reference: row.reference },
    ...(row.case_id === null ? {} : { case: row.case_id }),
    credential: row.credential,
    paper: row.paper,
    issuedAt: row.issued_at,
    ...(row.valid_until === null ? {} : { validUntil: row.valid_until }),
    status: statusName(row.status),
    leaf: row.leaf,
    leafId: row.leaf_id,
    list: row.list,
    place: row.place,
  };
}

/** A document that this state issued, with its status now. @throws Failure DOCUMENTS_UNKNOWN */
export async function getDocument(db: Queryable, id: string): Promise<IssuedDocument> {
  const { leaf: _leaf, leafId: _leafId, list: _list, place: _place, ...document } = await getRow(db, id);
  return document;
}

/** The documents of a case, oldest first. */
export async function documentsOfCase(db: Queryable, caseId: string): Promise<IssuedDocument[]> {
  const rows = await db.query<{ id: string }>(`select id from documents where case_id = $1 order by issued_at, id`, [
    caseId,
  ]);
  return Promise.all(rows.map(({ id }) => getDocument(db, id)));
}

/** Appends to the history of a document's status. */
export async function insertStatusChange(
  tx: Tx,
  change: { document: string; at: Instant; status: DocumentStatus; actor: string; reason: string; leafId: string },
): Promise<void> {
  const { document, at, status, actor, reason, leafId } = change;
  await tx.query(
    `insert into document_status_changes (document, at, status, actor, reason, leaf_id) values ($1, $2, $3, $4, $5, $6)`,
    [document, at, status, actor, reason, leafId],
  );
}

interface Stored {
  id: string;
  type: string;
  vct: string;
  agency: string;
  home: string;
  reference: string;
  case_id: string | null;
  credential: string;
  paper: string;
  leaf: DocumentLeaf;
  leaf_id: string;
  list: number;
  place: number;
  issued_at: Instant;
  valid_until: Instant | null;
  status: number;
}

import { Failure, type Instant, type Json, type Queryable, type Tx } from '../storage/index.ts';
import type { ApplicationsContext } from './context.ts';
import type { HeldDocument } from './types.ts';

interface HeldRow {
  id: string;
  person: string;
  application: string;
  type: string;
  state: string;
  agency: string;
  credential: string;
  paper: string;
  received_at: Instant;
  file: Buffer | null;
}

function toHeld({ received_at, file, ...row }: HeldRow): HeldDocument {
  return { ...row, receivedAt: received_at, ...(file === null ? {} : { file }) };
}

/** Keeps a document that came with a decision. */
export async function holdDocument(
  tx: Tx,
  ctx: Pick<ApplicationsContext, 'clock'>,
  document: Omit<HeldDocument, 'receivedAt' | 'file'>,
): Promise<void> {
  await tx.query(
    `insert into held_documents (person, id, application, type, state, agency, credential, paper, received_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (person, id) do nothing`,
    [
      document.person,
      document.id,
      document.application,
      document.type,
      document.state,
      document.agency,
      document.credential,
      document.paper,
      ctx.clock.now(),
    ],
  );
}

/** The issuer's sealed offline bundle of a held document: comes after the decision, once the issuer's ledger is witnessed. */
export async function documentFileArrived(tx: Tx, from: string, body: Json): Promise<void> {
  const { id, application, file } = body as { id: string; application: string; file: string };
  await tx.query(
    `update held_documents set file = $4 where application = $1 and id = $2 and state = $3 and file is null`,
    [application, id, from, Buffer.from(file, 'base64')],
  );
}

/** A person's documents, the newest first. */
export async function heldDocuments(db: Queryable, person: string): Promise<HeldDocument[]> {
  const rows = await db.query<HeldRow>(
    `select id, person, application, type, state, agency, credential, paper, received_at, file
     from held_documents where person = $1 order by received_at desc, id`,
    [person],
  );
  return rows.map(toHeld);
}

/**
 * One document of a person.
 * @throws Failure DOCUMENT_NOT_FOUND, also for another person's
 */
export async function getHeldDocument(db: Queryable, person: string, id: string): Promise<HeldDocument> {
  const [row] = await db.query<HeldRow>(
    `select id, person, application, type, state, agency, credential, paper, received_at, file
     from held_documents where person = $1 and id = $2`,
    [person, id],
  );
  if (row === undefined) throw new Failure('DOCUMENT_NOT_FOUND', {});
  return toHeld(row);
}

import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { verifyFile } from '../documents/index.ts';
import { Failure, type Instant, type Json, type Queryable, type Tx } from '../storage/index.ts';
import { anchorOf } from '../union/index.ts';
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
  replaced_at: Instant | null;
  replaced_by: string | null;
  file: Buffer | null;
}

const COLUMNS =
  'id, person, application, type, state, agency, credential, paper, received_at, replaced_at, replaced_by, file';

function toHeld({ received_at, replaced_at, replaced_by, file, ...row }: HeldRow): HeldDocument {
  return {
    ...row,
    receivedAt: received_at,
    ...(replaced_at === null ? {} : { replacedAt: replaced_at }),
    ...(replaced_by === null ? {} : { replacedBy: replaced_by }),
    ...(file === null ? {} : { file }),
  };
}

/** A corrected decision revoked a document: it stays hers to see, and says what came instead. */
export async function replaceDocument(
  tx: Tx,
  ctx: Pick<ApplicationsContext, 'clock'>,
  { person, id, by }: { person: string; id: string; by: string | undefined },
): Promise<void> {
  await tx.query('update held_documents set replaced_at = $3, replaced_by = $4 where person = $1 and id = $2', [
    person,
    id,
    ctx.clock.now(),
    by ?? null,
  ]);
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

/**
 * The issuer's sealed offline bundle of a held document: comes after the decision, once the issuer's ledger is witnessed. It is kept only
 * when it verifies, and holds the very credential that came with the decision.
 * @throws Failure DOCUMENT_INVALID: the message is kept as a dead letter for an operator
 */
export async function documentFileArrived(
  ctx: Pick<ApplicationsContext, 'trust' | 'clock'>,
  tx: Tx,
  from: string,
  body: Json,
): Promise<void> {
  const wrong = (reason: string) => new Failure('DOCUMENT_INVALID', { state: from, reason });
  if (!Value.Check(FileMessage, body)) throw wrong('the message has not its form');
  const { id, application } = body;
  const [held] = await tx.query<{ person: string; credential: string }>(
    `select person, credential from held_documents
     where application = $1 and id = $2 and state = $3 and file is null for update`,
    [application, id, from],
  );
  if (held === undefined) return;
  const file = Buffer.from(body.file, 'base64');
  const anchors = ctx.trust.charters.map(({ payload }) => anchorOf(payload));
  const verdict = await verifyFile(file, { anchors, now: ctx.clock.now() });
  if (verdict.kind !== 'document' || verdict.verdict === 'invalid' || verdict.verdict === 'not-usable') {
    throw wrong(`the file does not verify: ${verdict.code}`);
  }
  const { content } = JSON.parse(file.toString('utf8')) as { content: { id: string; credential: string } };
  if (content.id !== id || content.credential !== held.credential) throw wrong('the file is of another document');
  await tx.query('update held_documents set file = $3 where person = $1 and id = $2', [held.person, id, file]);
}

const FileMessage = Type.Object({
  id: Type.String({ maxLength: 100 }),
  application: Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' }),
  file: Type.String({ maxLength: 8_000_000 }),
});

/** A person's documents, the newest first. */
export async function heldDocuments(db: Queryable, person: string): Promise<HeldDocument[]> {
  const rows = await db.query<HeldRow>(
    `select ${COLUMNS} from held_documents where person = $1 order by received_at desc, id`,
    [person],
  );
  return rows.map(toHeld);
}

/**
 * One document of a person.
 * @throws Failure DOCUMENT_NOT_FOUND, also for another person's
 */
export async function getHeldDocument(db: Queryable, person: string, id: string): Promise<HeldDocument> {
  const [row] = await db.query<HeldRow>(`select ${COLUMNS} from held_documents where person = $1 and id = $2`, [
    person,
    id,
  ]);
  if (row === undefined) throw new Failure('DOCUMENT_NOT_FOUND', {});
  return toHeld(row);
}

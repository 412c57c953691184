import { appendLeaf } from '../ledger/index.ts';
import { Failure, type Tx } from '../storage/index.ts';
import type { DocumentsContext } from './context.ts';
import { getRow, insertStatusChange } from './rows.ts';
import { setStatus } from './status/places.ts';
import type { DocumentStatus } from './status/token.ts';

/** Who changes the status of a document, and why. `reason` is for officers: it goes into no list and no ledger. */
interface StatusChange {
  document: string;
  /** The officer or rule that does it. */
  actor: string;
  reason: string;
}

/**
 * Revokes a document for ever: its place in the status list says so from now on, the ledger has a leaf of it, and whoever asks for
 * its file gets one that says it is revoked. Revoking it twice is revoking it once.
 * @throws Failure DOCUMENTS_UNKNOWN, DOCUMENTS_REQUEST without a reason
 * @example await revokeDocument(tx, ctx, { document: id, actor: officer.id, reason: 'decision annulled on appeal' })
 */
export function revokeDocument(tx: Tx, ctx: DocumentsContext, change: StatusChange): Promise<void> {
  return changeStatus(tx, ctx, { ...change, status: 'revoked' });
}

/**
 * Suspends a document, makes it valid again, or revokes it. What it is already is not changed twice, and what is revoked stays revoked.
 * @throws Failure DOCUMENTS_UNKNOWN, DOCUMENTS_REQUEST without a reason
 * @example await changeStatus(tx, ctx, { document: id, status: 'suspended', actor: officer.id, reason: 'no report' })
 */
export async function changeStatus(
  tx: Tx,
  ctx: DocumentsContext,
  { document, status, actor, reason }: StatusChange & { status: DocumentStatus },
): Promise<void> {
  if (reason.trim() === '') throw new Failure('DOCUMENTS_REQUEST', { reason: 'a change of status needs a reason' });
  const row = await getRow(tx, document);
  if (!(await setStatus(tx, row, status))) return;
  const at = ctx.clock.now();
  const content = { document, credential: row.leaf.credential, status, at };
  const { id: leafId } = await appendLeaf(tx, ctx, { kind: 'document-status', content });
  await insertStatusChange(tx, { document, at, status, actor, reason, leafId });
}

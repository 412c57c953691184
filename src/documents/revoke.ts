import { appendLeaf } from '../ledger/index.ts';
import { Failure, type Tx } from '../storage/index.ts';
import type { DocumentsContext } from './context.ts';
import { getRow, insertStatusChange } from './rows.ts';
import { setStatus } from './status/places.ts';

/**
 * Revokes a document for ever: its place in the status list says so from now on, the ledger has a leaf of it, and whoever asks for
 * its file gets one that says it is revoked. Revoking it twice is revoking it once.
 * @param revocation.actor the officer or rule that did it; `reason` is for officers, it goes into no list and no ledger
 * @throws Failure DOCUMENTS_UNKNOWN, DOCUMENTS_REQUEST without a reason
 * @example await revokeDocument(tx, ctx, { document: id, actor: officer.id, reason: 'decision annulled on appeal' })
 */
export async function revokeDocument(
  tx: Tx,
  ctx: DocumentsContext,
  revocation: { document: string; actor: string; reason: string },
): Promise<void> {
  const { document, actor, reason } = revocation;
  if (reason.trim() === '') throw new Failure('DOCUMENTS_REQUEST', { reason: 'a revocation needs a reason' });
  const row = await getRow(tx, document);
  if (!(await setStatus(tx, row, 'revoked'))) return;
  const at = ctx.clock.now();
  const content = { document, credential: row.leaf.credential, status: 'revoked', at };
  const { id: leafId } = await appendLeaf(tx, ctx, { kind: 'document-status', content });
  await insertStatusChange(tx, { document, at, status: 'revoked', actor, reason, leafId });
}

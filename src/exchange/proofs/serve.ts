import { isId } from '../../crypto/index.ts';
import { type InclusionProof, inclusion } from '../../ledger/index.ts';
import { Failure, isFailure } from '../../storage/index.ts';
import type { ExchangeContext } from '../context.ts';
import type { PeerRequest, PeerResponse } from '../transport/server.ts';

/** Asks a peer for its own ledger's proofs about messages between us, by message id; null for one it cannot give yet. */
export type AskProofs = (peer: string, ids: string[]) => Promise<Record<string, InclusionProof | null>>;

/** Most messages in one question. */
export const MOST_IDS = 50;

/**
 * Answers `GET /exchange/proof/<id>[,<id>...]`: for a message that the asker sent, the proof that it stands here as received; for one
 * that it received, the proof that it stands here as sent. Only a party of a message is told anything about it.
 */
export async function serveProofs(ctx: ExchangeContext, request: PeerRequest): Promise<PeerResponse> {
  const ids = request.path.slice('/exchange/proof/'.length).split(',').slice(0, MOST_IDS);
  if (!ids.every(isId)) throw new Failure('EXCHANGE_NOT_FOUND');
  const rows = await ctx.db.query<{ id: string; leaf: string }>(
    `select id, leaf from exchange_received where sender = $1 and id = any($2)
     union all
     select id, leaf from exchange_sent where receiver = $1 and id = any($2)`,
    [request.peer, ids],
  );
  const proofs: Record<string, InclusionProof | null> = {};
  for (const { id, leaf } of rows) proofs[id] = (await ownProof(ctx, leaf)) ?? null;
  return { status: 200, type: 'application/json', body: JSON.stringify({ proofs }) };
}

/** The proof of one of our own leaves; undefined until it is sequenced, and once its opening was erased. */
export async function ownProof(ctx: ExchangeContext, leaf: string): Promise<InclusionProof | undefined> {
  try {
    return await inclusion(ctx, leaf);
  } catch (error) {
    if (isFailure(error, 'LEDGER_LEAF_ERASED')) return undefined;
    throw error;
  }
}

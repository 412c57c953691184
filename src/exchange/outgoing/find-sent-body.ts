import type { Json, Queryable } from '../../storage/index.ts';

/**
 * The body of a message that this node sent; undefined where there is none, or it was erased.
 * @example await findSentBody(ctx.db, { lane: 'message/3f…', id })
 */
export async function findSentBody(
  db: Queryable,
  { lane, id }: { lane: string; id: string },
): Promise<Json | undefined> {
  const [row] = await db.query<{ body: Buffer | null }>('select body from exchange_sent where lane = $1 and id = $2', [
    lane,
    id,
  ]);
  return row === undefined || row.body === null ? undefined : (JSON.parse(row.body.toString('utf8')) as Json);
}

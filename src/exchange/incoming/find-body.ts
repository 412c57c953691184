import type { Json, Queryable } from '../../storage/index.ts';

/**
 * The body of the first message of a type that a lane has brought from a state; undefined while none has come. For who waits for an answer.
 * @example await findReceivedBody(ctx.db, { lane: 'call/019f...', sender: 'kz', type: 'call/answer' })
 */
export async function findReceivedBody(
  db: Queryable,
  { lane, sender, type }: { lane: string; sender: string; type: string },
): Promise<Json | undefined> {
  const [row] = await db.query<{ body: Buffer | null }>(
    'select body from exchange_received where lane = $1 and sender = $2 and type = $3 order by sequence limit 1',
    [lane, sender, type],
  );
  return row === undefined || row.body === null ? undefined : (JSON.parse(row.body.toString('utf8')) as Json);
}

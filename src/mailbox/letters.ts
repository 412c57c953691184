import { randomId } from '../crypto/index.ts';
import type { Instant, Json, Queryable, StoreContext, Tx } from '../storage/index.ts';

/** A letter to a person: what happened, never a sentence. Its words are made when she reads it, in her language. */
export interface Letter {
  id: string;
  /** Names the catalogue texts `letter.<kind>.title` and `letter.<kind>.body`. */
  kind: string;
  params: Record<string, Json>;
  /** A path on her own portal. */
  link?: string;
  at: Instant;
  readAt?: Instant;
}

/**
 * Puts a letter into a person's mailbox, once for each cause: a message delivered twice makes one letter.
 * @param letter `cause` is the idempotency key, for example `decision/ru/<application>`
 * @example
 * await sendLetter(tx, ctx, { person, cause: `filed/${id}`, kind: 'filed', params: { reference }, link: `/applications/${id}` });
 */
export async function sendLetter(
  tx: Tx,
  ctx: StoreContext,
  letter: { person: string; cause: string; kind: string; params: Record<string, Json>; link?: string },
): Promise<void> {
  await tx.query(
    `insert into letters (person, id, cause, kind, params, link, at) values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (person, cause) do nothing`,
    [
      letter.person,
      randomId(),
      letter.cause,
      letter.kind,
      JSON.stringify(letter.params),
      letter.link ?? null,
      ctx.clock.now(),
    ],
  );
}

/** A person's letters, the newest first, at most `most`. */
export async function lettersOf(db: Queryable, person: string, most = 100): Promise<Letter[]> {
  const rows = await db.query<{
    id: string;
    kind: string;
    params: Record<string, Json>;
    link: string | null;
    at: Instant;
    read_at: Instant | null;
  }>('select id, kind, params, link, at, read_at from letters where person = $1 order by at desc, id desc limit $2', [
    person,
    most,
  ]);
  return rows.map(({ link, read_at, ...row }) => ({
    ...row,
    ...(link === null ? {} : { link }),
    ...(read_at === null ? {} : { readAt: read_at }),
  }));
}

/** How many letters she has not opened. */
export async function unreadLetters(db: Queryable, person: string): Promise<number> {
  const [row] = await db.query<{ unread: number }>(
    'select count(*)::int as unread from letters where person = $1 and read_at is null',
    [person],
  );
  return row?.unread ?? 0;
}

/** Marks her letter as read; another person's letter stays as it is. */
export async function markRead(db: Queryable, ctx: StoreContext, person: string, id: string): Promise<void> {
  await db.query('update letters set read_at = $3 where person = $1 and id = $2 and read_at is null', [
    person,
    id,
    ctx.clock.now(),
  ]);
}

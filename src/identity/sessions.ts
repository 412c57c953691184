import { randomBytes, randomId, sha256, toBase64Url } from '../crypto/index.ts';
import { Failure, type Instant, type Queryable, type StoreContext } from '../storage/index.ts';
import { ACCOUNT, type AccountRow, fromRow } from './accounts.ts';
import type { Assurance, Session } from './types.ts';

const MINUTE = 60_000;
/** A session nobody uses ends after this. */
export const IDLE_MINUTES = 30;
/** A session ends after this, whatever happens in it. */
export const ABSOLUTE_MINUTES = 12 * 60;
/** Who changes her ways in has signed in no longer ago than this: a session that was left open is not enough. */
export const FRESH_MINUTES = 10;
/** Looking at a page must not cost a write each time: the last use is noted this often. */
const NOTE_USE_EVERY = MINUTE;
/** Each sign-in clears away so many sessions that have run out: more than one, so that they become less. */
const CLEARED = 10;

/** A session as its owner sees it beside her others. */
export type OpenSession = Omit<Session, 'account'>;

interface SessionRow extends AccountRow {
  session: string;
  method: string;
  assurance: Assurance;
  proofing: Assurance | null;
  created_at: Instant;
  seen_at: Instant;
  expires_at: Instant;
}

const digestOfToken = (token: string): string => sha256(`commonway-session/1\n${token}`).toString('hex');
const later = (instant: Instant, milliseconds: number): Instant =>
  new Date(Date.parse(instant) + milliseconds).toISOString();

/**
 * Opens a session and forgets the browser's one before it: a token that somebody planted before sign-in is worth nothing after.
 *
 * @param opening `replaces` is the token the browser came with, if any
 * @returns the token for the cookie: 32 random bytes as base64url, kept nowhere else
 * @example
 * const { token } = await openSession(ctx, { account: 'aigerim', method: 'passkey', assurance: 'substantial' });
 */
export async function openSession(
  ctx: StoreContext,
  opening: { account: string; method: string; assurance: Assurance; proofing?: Assurance; replaces?: string },
): Promise<{ token: string; id: string }> {
  const token = toBase64Url(randomBytes(32));
  const id = randomId();
  const now = ctx.clock.now();
  await ctx.db.transaction(async (tx) => {
    if (opening.replaces !== undefined) await closeSession(tx, opening.replaces);
    await clearSessions(tx, now);
    await tx.query(
      `insert into identity_sessions
         (token_digest, id, account, method, assurance, proofing, created_at, seen_at, expires_at)
       values ($1, $2, $3, $4, $5, $6, $7, $7, $8)`,
      [
        digestOfToken(token),
        id,
        opening.account,
        opening.method,
        opening.assurance,
        opening.proofing ?? null,
        now,
        later(now, ABSOLUTE_MINUTES * MINUTE),
      ],
    );
  });
  return { token, id };
}

/** The session of a token, or undefined when it is unknown, ended, idle for too long or too old. */
export async function findSession(ctx: StoreContext, token: string): Promise<Session | undefined> {
  if (!/^[\w-]{43}$/.test(token)) return undefined;
  const now = ctx.clock.now();
  const [row] = await ctx.db.query<SessionRow>(
    `select s.id as session, s.method, s.assurance, s.proofing, s.created_at, s.seen_at, s.expires_at, ${ACCOUNT}
     from identity_sessions s join identity_accounts a on a.id = s.account
     where s.token_digest = $1 and s.expires_at > $2 and s.seen_at > $3`,
    [digestOfToken(token), now, later(now, -IDLE_MINUTES * MINUTE)],
  );
  if (row === undefined) return undefined;
  if (Date.parse(now) - Date.parse(row.seen_at) > NOTE_USE_EVERY) {
    await ctx.db.query('update identity_sessions set seen_at = $2 where token_digest = $1', [
      digestOfToken(token),
      now,
    ]);
  }
  return { ...readSession(row), account: fromRow(row) };
}

const readSession = (row: Omit<SessionRow, keyof AccountRow>): OpenSession => ({
  id: row.session,
  method: row.method,
  assurance: row.assurance,
  ...(row.proofing === null ? {} : { proofing: row.proofing }),
  createdAt: row.created_at,
  seenAt: row.seen_at,
  expiresAt: row.expires_at,
});

/** The sessions of an account that have not run out, the one used last first. */
export async function listSessions(ctx: StoreContext, account: string): Promise<OpenSession[]> {
  const now = ctx.clock.now();
  const rows = await ctx.db.query<Omit<SessionRow, keyof AccountRow>>(
    `select id as session, method, assurance, proofing, created_at, seen_at, expires_at from identity_sessions
     where account = $1 and expires_at > $2 and seen_at > $3 order by seen_at desc, created_at desc, id`,
    [account, now, later(now, -IDLE_MINUTES * MINUTE)],
  );
  return rows.map(readSession);
}

/** Ends a session of an account by its id. One that is over already, or was never hers, is left as it is. */
export async function endSession(db: Queryable, account: string, id: string): Promise<void> {
  await db.query('delete from identity_sessions where account = $1 and id = $2', [account, id]);
}

/** Whether somebody signed in just now. */
export function isFresh({ clock }: Pick<StoreContext, 'clock'>, { createdAt }: Session): boolean {
  return Date.parse(clock.now()) - Date.parse(createdAt) < FRESH_MINUTES * MINUTE;
}

/**
 * The same as a guard.
 * @throws Failure IDENTITY_SIGN_IN_AGAIN
 */
export function demandFresh(ctx: Pick<StoreContext, 'clock'>, session: Session): void {
  if (!isFresh(ctx, session)) throw new Failure('IDENTITY_SIGN_IN_AGAIN', { minutes: FRESH_MINUTES });
}

/** Ends the session of a token. Ending what is not there is fine. */
export async function closeSession(db: Queryable, token: string): Promise<void> {
  await db.query('delete from identity_sessions where token_digest = $1', [digestOfToken(token)]);
}

/** Ends every session of an account but one, for when something of hers may be in other hands. @returns how many */
export async function closeOtherSessions(db: Queryable, { id, account }: Session): Promise<number> {
  const ended = await db.query('delete from identity_sessions where account = $1 and id <> $2 returning id', [
    account.id,
    id,
  ]);
  return ended.length;
}

/** Forgets some sessions that have run out; `findSession` refuses them anyway. */
async function clearSessions(db: Queryable, now: Instant): Promise<void> {
  await db.query(
    `delete from identity_sessions where token_digest in
       (select token_digest from identity_sessions where expires_at <= $1 or seen_at <= $2 limit $3
        for update skip locked)`,
    [now, later(now, -IDLE_MINUTES * MINUTE), CLEARED],
  );
}

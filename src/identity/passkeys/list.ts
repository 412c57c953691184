import { Failure, type Instant, type Queryable } from '../../storage/index.ts';
import { closeOtherSessions, demandFresh } from '../sessions.ts';
import type { IdentityContext, SignInRequest } from '../sign-in.ts';
import type { Assurance, Session } from '../types.ts';
import { assuranceOf } from './authenticator.ts';

/** A passkey as its owner sees it. */
export interface Passkey {
  id: string;
  name: string;
  /** Kept by a service that syncs it between devices. */
  synced: boolean;
  /** What a sign-in with it reaches. */
  assurance: Assurance;
  createdAt: Instant;
  usedAt?: Instant;
}

interface PasskeyRow {
  id: string;
  name: string;
  synced: boolean;
  proofing: Assurance;
  created_at: Instant;
  used_at: Instant | null;
}

/** The passkeys of an account, the oldest first. */
export async function listPasskeys(db: Queryable, account: string): Promise<Passkey[]> {
  const rows = await db.query<PasskeyRow>(
    `select id, name, synced, proofing, created_at, used_at from identity_passkeys where account = $1
     order by created_at, id`,
    [account],
  );
  return rows.map(({ id, name, synced, proofing, created_at, used_at }) => ({
    id,
    name,
    synced,
    assurance: assuranceOf({ proofing, synced }),
    createdAt: created_at,
    ...(used_at === null ? {} : { usedAt: used_at }),
  }));
}

/** Whether an account has a passkey. */
export async function hasPasskey(db: Queryable, account: string): Promise<boolean> {
  const [found] = await db.query('select id from identity_passkeys where account = $1 limit 1', [account]);
  return found !== undefined;
}

/**
 * Removes a passkey of the session's account, and ends its other sessions: whoever holds a lost device is signed out too. The last one
 * stays where no other method of this node opens the account.
 *
 * @throws Failure IDENTITY_SIGN_IN_AGAIN, IDENTITY_PASSKEY_UNKNOWN, IDENTITY_PASSKEY_LAST
 */
export async function removePasskey(
  ctx: IdentityContext,
  request: SignInRequest,
  session: Session,
  id: string,
): Promise<void> {
  const { account } = session;
  demandFresh(ctx, session);
  await ctx.db.transaction(async (tx) => {
    // One change of an account's passkeys after the other: two at once must not both take the last but one.
    await tx.query('select id from identity_accounts where id = $1 for update', [account.id]);
    const removed = await tx.query('delete from identity_passkeys where id = $1 and account = $2 returning id', [
      id,
      account.id,
    ]);
    if (removed.length === 0) throw new Failure('IDENTITY_PASSKEY_UNKNOWN');
    const ways = ctx.identity.methods.filter((method) => method.refusal(ctx, request) === undefined);
    const open = await Promise.all(ways.map((method) => method.opens(tx, account)));
    if (!open.includes(true)) throw new Failure('IDENTITY_PASSKEY_LAST');
    await closeOtherSessions(tx, session);
  });
}

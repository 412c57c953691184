import { randomBytes, toBase64Url } from '../../crypto/index.ts';
import { addMilliseconds, type Queryable, type StoreContext } from '../../storage/index.ts';

/** What a challenge is to be answered for. */
export type ChallengePurpose = 'bind' | 'sign-in';

/** How long a person may take with her authenticator. */
export const CHALLENGE_MS = 5 * 60_000;
/** More than one, so that what is over becomes less. */
const CLEARED = 10;

/**
 * A fresh challenge for one browser: 32 random bytes as base64url. Anybody may ask for one, so each also clears away a few that are over:
 * the table holds what was asked for in the last minutes, and no more.
 *
 * @param asked `browser` is what only this browser can show again; an answer from another one is refused
 */
export async function issueChallenge(
  ctx: StoreContext,
  asked: { purpose: ChallengePurpose; browser: string },
): Promise<string> {
  const challenge = toBase64Url(randomBytes(32));
  const now = ctx.clock.now();
  await ctx.db.query(
    `delete from identity_challenges where challenge in
       (select challenge from identity_challenges where expires_at <= $1 limit $2 for update skip locked)`,
    [now, CLEARED],
  );
  await ctx.db.query(
    'insert into identity_challenges (challenge, purpose, browser, expires_at) values ($1, $2, $3, $4)',
    [challenge, asked.purpose, asked.browser, addMilliseconds(now, CHALLENGE_MS)],
  );
  return challenge;
}

/** Takes a challenge for its one answer. @returns false when it was never issued, is answered, is over, or was another's */
export async function spendChallenge(
  ctx: StoreContext & { db: Queryable },
  answered: { challenge: string; purpose: ChallengePurpose; browser: string },
): Promise<boolean> {
  const spent = await ctx.db.query(
    `delete from identity_challenges
     where challenge = $1 and purpose = $2 and browser = $3 and expires_at > $4 returning challenge`,
    [answered.challenge, answered.purpose, answered.browser, ctx.clock.now()],
  );
  return spent.length === 1;
}

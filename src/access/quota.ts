import type { AccessContext } from './context.ts';
import type { Grant, Quota } from './grants.ts';

/** A process draws this part of a quota at once, so that most calls cost the database nothing. */
const PART = 200;

/** What this process drew of a grant's quota and has not used yet. */
interface Drawn {
  window: number;
  left: number;
  /** The draw that is under way: who comes meanwhile waits for it instead of drawing too. */
  drawing?: Promise<void> | undefined;
}

const drawn = new WeakMap<object, Map<string, Drawn>>();

/**
 * Takes one call out of a grant's quota. All processes draw on one row of the database, in parts of a two-hundredth: together they never
 * exceed the number of calls; what a process drew and did not use in a window is lost, so that the last parts may be refused early. Bytes
 * are added after each answer, and the next call is refused once they are used up: answers under way may exceed them.
 *
 * @returns when the window ends, in milliseconds since 1970, where there is nothing left; undefined where the call may go
 */
export async function takeCall(
  ctx: Pick<AccessContext, 'db' | 'clock'>,
  grant: Pick<Grant, 'id' | 'quota'>,
): Promise<number | undefined> {
  const { quota } = grant;
  if (quota === null) return undefined;
  const window = windowOf(ctx, quota);
  const ends = (window + 1) * quota.windowSeconds * 1000;
  // Bytes are counted by the database alone, so it is asked each time.
  if (quota.bytes !== undefined) return (await draw(ctx, grant.id, window, quota, 1)) === 0 ? ends : undefined;
  const mine = drawnOf(ctx.db, grant.id, window);
  while (mine.left === 0) {
    if (mine.drawing !== undefined) {
      await mine.drawing;
      continue;
    }
    const part = Math.max(1, Math.floor((quota.calls ?? 1) / PART));
    let took = 0;
    mine.drawing = draw(ctx, grant.id, window, quota, part)
      .then((calls) => {
        took = calls;
        mine.left += calls;
      })
      .finally(() => {
        mine.drawing = undefined;
      });
    await mine.drawing;
    if (took === 0) return ends;
  }
  mine.left--;
  return undefined;
}

function drawnOf(db: object, grant: string, window: number): Drawn {
  const all = drawn.get(db) ?? new Map<string, Drawn>();
  drawn.set(db, all);
  const known = all.get(grant);
  if (known !== undefined && known.window === window) return known;
  const fresh: Drawn = { window, left: 0 };
  all.set(grant, fresh);
  return fresh;
}

/** Adds what went through to what a grant has used. */
export async function countBytes(ctx: Pick<AccessContext, 'db' | 'clock'>, grant: Grant, bytes: number): Promise<void> {
  if (grant.quota?.bytes === undefined || bytes === 0) return;
  // An answer may end in another window than the one that its call was taken from.
  await ctx.db.query(
    `insert into access_use as u (grant_id, window_at, calls, bytes) values ($1, $2, 0, $3)
     on conflict (grant_id, window_at) do update set bytes = u.bytes + excluded.bytes`,
    [grant.id, windowOf(ctx, grant.quota), bytes],
  );
}

const windowOf = ({ clock }: Pick<AccessContext, 'clock'>, { windowSeconds }: Quota): number =>
  Math.floor(Date.parse(clock.now()) / 1000 / windowSeconds);

async function draw(
  { db }: Pick<AccessContext, 'db'>,
  grant: string,
  window: number,
  { calls, bytes }: Quota,
  part: number,
): Promise<number> {
  const most = calls ?? Number.MAX_SAFE_INTEGER;
  const wanted = Math.min(part, most);
  const begun = await db.query('insert into access_use values ($1, $2, 0, 0) on conflict do nothing returning 1', [
    grant,
    window,
  ]);
  // Windows that are over are of no use to anybody, and there may be one for each second.
  if (begun.length > 0)
    await db.query(
      `delete from access_use where (grant_id, window_at) in
         (select grant_id, window_at from access_use where grant_id = $1 and window_at < $2 - 1 for update skip locked)`,
      [grant, window],
    );
  // The lock makes takers take turns, so that the number read is the one that the update starts from.
  const [row] = await db.query<{ took: number }>(
    `with before as (select calls, bytes from access_use where grant_id = $1 and window_at = $2 for update)
     update access_use set calls = access_use.calls + least($3::bigint, $4::bigint - before.calls)
     from before
     where grant_id = $1 and window_at = $2 and before.calls < $4::bigint and before.bytes < $5::bigint
     returning least($3::bigint, $4::bigint - before.calls) as took`,
    [grant, window, wanted, most, bytes ?? Number.MAX_SAFE_INTEGER],
  );
  return Number(row?.took ?? 0);
}

import { Failure, type Queryable, type StoreContext } from '../storage/index.ts';

/** A way to look at the queue that an officer keeps under a name. */
export interface SavedQueue {
  name: string;
  /** What stands behind `?` in the address of the queue. */
  query: string;
}

const MOST = 20;
const LONGEST_NAME = 60;

/** An officer's own queues, by name. */
export async function savedQueues(db: Queryable, officer: string): Promise<SavedQueue[]> {
  return db.query<SavedQueue>('select name, query from case_saved_queues where officer = $1 order by name', [officer]);
}

/**
 * Keeps a way to look under a name; the same name again changes it.
 * @throws Failure CASE_QUEUE_NAME, CASE_QUEUES_MANY
 */
export async function saveQueue(ctx: StoreContext, officer: string, { name, query }: SavedQueue): Promise<void> {
  const plain = name.trim().replace(/\s+/g, ' ');
  if (plain === '' || plain.length > LONGEST_NAME) throw new Failure('CASE_QUEUE_NAME', {});
  await ctx.db.transaction(async (tx) => {
    const kept = await savedQueues(tx, officer);
    if (kept.length >= MOST && kept.every((one) => one.name !== plain))
      throw new Failure('CASE_QUEUES_MANY', { most: MOST });
    await tx.query(
      `insert into case_saved_queues (officer, name, query, saved_at) values ($1, $2, $3, $4)
       on conflict (officer, name) do update set query = excluded.query, saved_at = excluded.saved_at`,
      [officer, plain, query.slice(0, 500), ctx.clock.now()],
    );
  });
}

/** Takes a kept queue away; one that is not there is gone already. */
export async function forgetQueue(db: Queryable, officer: string, name: string): Promise<void> {
  await db.query('delete from case_saved_queues where officer = $1 and name = $2', [officer, name]);
}

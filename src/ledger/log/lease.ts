import type { Db, Tx } from '../../storage/index.ts';

export type Task = 'sequence' | 'witness';

/** A lease as its holder knows it. `epoch` is the fencing token. */
export interface Lease {
  log: number;
  task: Task;
  holder: string;
  epoch: number;
}

/**
 * Takes or prolongs a task for `ttlMs`: whoever holds it is the only one that works on it, unless it sleeps past its time. Times
 * are the database's own, since the clocks of two processes may differ.
 * @returns undefined while another holds it
 */
export async function takeLease(
  db: Db,
  wanted: { log: number; task: Task; holder: string; ttlMs: number },
): Promise<Lease | undefined> {
  const { log, task, holder, ttlMs } = wanted;
  const [row] = await db.query<{ epoch: number }>(
    `insert into ledger_lease as l (log, task, holder, epoch, until)
     values ($1, $2, $3, 1, clock_timestamp() + $4 * interval '1 millisecond')
     on conflict (log, task) do update
       set holder = excluded.holder, until = excluded.until,
           epoch = case when l.holder = excluded.holder then l.epoch else l.epoch + 1 end
       where l.holder = excluded.holder or l.until < clock_timestamp()
     returning epoch`,
    [log, task, holder, ttlMs],
  );
  return row && { log, task, holder, epoch: row.epoch };
}

/** Gives a task back so that another need not wait for the lease to run out. */
export async function releaseLease(db: Db, lease: Lease): Promise<void> {
  await db.query(
    `update ledger_lease set until = clock_timestamp() - interval '1 second'
      where log = $1 and task = $2 and holder = $3 and epoch = $4`,
    [lease.log, lease.task, lease.holder, lease.epoch],
  );
}

/** Whether the lease is still the newest, and keeps it so until the transaction ends. */
export async function holdsLease(tx: Tx, lease: Lease): Promise<boolean> {
  const rows = await tx.query(
    'select 1 from ledger_lease where log = $1 and task = $2 and holder = $3 and epoch = $4 for share',
    [lease.log, lease.task, lease.holder, lease.epoch],
  );
  return rows.length > 0;
}

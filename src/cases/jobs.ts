import { documentFile } from '../documents/index.ts';
import { send } from '../exchange/index.ts';
import type { Job, JobHandler, Tx } from '../storage/index.ts';
import { append, stateOf } from './append.ts';
import { lockCase } from './case-rows.ts';
import type { CasesContext } from './context.ts';
import { DEADLINES, DELIVERIES } from './queues.ts';

/** The timers and side effects of cases. */
export function caseJobs(ctx: CasesContext): JobHandler[] {
  return [
    {
      queue: DEADLINES,
      async run(jobs) {
        return async (tx) => {
          for (const job of jobs) await escalate(ctx, tx, job);
        };
      },
    },
    {
      queue: DELIVERIES,
      // The ledger proves a leaf within a second or two; a cut-off state's witnesses may take days.
      maxAttempts: Number.POSITIVE_INFINITY,
      backoffMs: (attempt) => Math.min(250 * 2 ** Math.min(attempt, 10), 30_000),
      async run(jobs) {
        const deliveries = await Promise.all(jobs.map((job) => delivery(ctx, job)));
        return async (tx) => {
          for (const message of deliveries) await send(tx, ctx, message);
        };
      },
    },
  ];
}

/** The time to decide is over: silence escalates, it never refuses by itself. */
async function escalate(ctx: CasesContext, tx: Tx, job: Job): Promise<void> {
  const { case: id } = job.payload as { case: string };
  const row = await lockCase(tx, id);
  if (row === undefined || row.phase !== 'inProgress') return;
  await append(
    tx,
    ctx,
    { row, state: await stateOf(tx, id) },
    {
      verb: 'escalate',
      key: `escalate/${row.due}`,
      actor: { kind: 'timer', id: DEADLINES, agency: row.agency },
      payload: { due: row.due },
    },
  );
}

/** The sealed file of a document, as a message home. @throws until the ledger can prove it; the job is tried again */
async function delivery(ctx: CasesContext, job: Job) {
  const { document, application, home } = job.payload as { document: string; application: string; home: string };
  const file = await documentFile(ctx, document);
  return {
    to: home,
    type: 'document-file',
    lane: application,
    application,
    body: { id: document, application, file: file.toString('base64') },
  };
}

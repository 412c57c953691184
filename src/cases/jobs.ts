import { documentFile } from '../documents/index.ts';
import { send } from '../exchange/index.ts';
import type { Job, JobHandler } from '../storage/index.ts';
import { append, stateOf } from './append.ts';
import { lockCase } from './case-rows.ts';
import type { CasesContext } from './context.ts';
import { DEADLINES, DELIVERIES } from './queues.ts';

/** The timers and side effects of cases. */
export function caseJobs(ctx: CasesContext): JobHandler[] {
  return [
    { queue: DEADLINES, run: async ([job]) => escalate(ctx, job) },
    { queue: DELIVERIES, run: async ([job]) => deliver(ctx, job) },
  ];
}

/** The time to decide is over: silence escalates, it never refuses by itself. */
function escalate(ctx: CasesContext, job: Job | undefined) {
  return async (tx: Parameters<typeof lockCase>[0]): Promise<void> => {
    const { case: id } = job?.payload as { case: string };
    const row = await lockCase(tx, id);
    if (row === undefined || row.phase !== 'inProgress') return;
    await append(tx, ctx, { row, state: await stateOf(tx, id) }, {
      verb: 'escalate',
      key: `escalate/${row.due}`,
      actor: { kind: 'timer', id: DEADLINES, agency: row.agency },
      payload: { due: row.due },
    });
  };
}

/** Sends the sealed file of a document home, as soon as the ledger can prove it. Throws until then, and is tried again. */
async function deliver(ctx: CasesContext, job: Job | undefined) {
  const { document, application, home } = job?.payload as { document: string; application: string; home: string };
  const file = await documentFile(ctx, document);
  return async (tx: Parameters<typeof lockCase>[0]): Promise<void> => {
    await send(tx, ctx, {
      to: home,
      type: 'document-file',
      lane: application,
      id: undefined,
      application,
      body: { id: document, application, file: file.toString('base64') },
    });
  };
}

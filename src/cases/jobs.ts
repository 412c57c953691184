import { bySilence, type Decision, decideBy } from '../agreements/index.ts';
import { dayOf } from '../calendar/index.ts';
import { documentFile } from '../documents/index.ts';
import { send } from '../exchange/index.ts';
import type { Instant, Job, JobHandler, Tx } from '../storage/index.ts';
import { append, type HeldCase, stateOf } from './append.ts';
import { lockCase } from './case-rows.ts';
import type { CasesContext } from './context.ts';
import { decideCase } from './decide.ts';
import { getPinned } from './pinned.ts';
import { DEADLINES, DELIVERIES, enqueueDeadline } from './queues.ts';

/** The timers and side effects of cases. */
export function caseJobs(ctx: CasesContext): JobHandler[] {
  return [
    {
      queue: DEADLINES,
      async run(jobs) {
        return async (tx) => {
          for (const job of jobs) await timeIsOver(ctx, tx, job);
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

/** The time to decide is over: silence has the consequence that the agreement gives it; where it cannot decide, the case is escalated. */
async function timeIsOver(ctx: CasesContext, tx: Tx, job: Job): Promise<void> {
  const { case: id } = job.payload as { case: string };
  const row = await lockCase(tx, id);
  if (row === undefined || row.phase !== 'inProgress') return;
  // The time that counts is the one in the case: a job of an earlier one changes nothing.
  if (row.due > ctx.clock.now()) return enqueueDeadline(tx, row);
  const held = { row, state: await stateOf(tx, id) };
  const actor = { kind: 'timer' as const, id: DEADLINES, agency: row.agency };
  const decision = decisionBySilence(ctx, held);
  const whole = wholeTimeOf(ctx, held);
  const early = decision?.outcome === 'refused' && whole > ctx.clock.now();
  if (decision === undefined || early) {
    const payload = { due: row.due };
    await append(tx, ctx, held, { verb: 'escalate', key: `escalate/${row.due}`, actor, payload });
    if (early) await enqueueDeadline(tx, { id, due: whole });
    return;
  }
  const award = { decision, evidence: held.state.evidence, confirmations: 0 };
  await decideCase(ctx, tx, held, { key: `silence/${row.due}`, actor, award });
}

/**
 * When the authority has had its whole time with the case. The time to decide runs from the receipt at home; where the claim was long on
 * its way, nobody is refused for a silence that was the network's.
 */
function wholeTimeOf(ctx: CasesContext, { row }: HeldCase): Instant {
  const agreement = getPinned(ctx, row);
  const service = agreement.services[row.service];
  return service === undefined ? row.openedAt : decideBy(agreement, service, ctx.trust.self, row.openedAt);
}

/** What silence makes of the proposal that stands. */
function decisionBySilence(ctx: CasesContext, { row, state }: HeldCase): Decision | undefined {
  const proposal = state.proposal?.decision;
  if (proposal === undefined) return undefined;
  // An opinion that is still out when the time is over is an answer that is late.
  const out = new Set(state.opinions.flatMap(({ key, status }) => (status === 'asked' ? [key] : [])));
  const pending = proposal.pending.map((one) =>
    out.has(`${one.type}/${one.state}`) ? { ...one, reason: 'unanswered' as const } : one,
  );
  return bySilence(getPinned(ctx, row), row.service, { ...proposal, pending }, dayOf(row.due, ctx.trust.self));
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

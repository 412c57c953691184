import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import type { Agreement, DecisionDeadline } from '../agreements/index.ts';
import type { SealedDecision } from '../applications/index.ts';
import { evidenceOf, pension } from '../applications/testing.ts';
import type { Sealed } from '../crypto/index.ts';
import { isFailure, type Json } from '../storage/index.ts';
import { confirmCase } from './confirm.ts';
import { caseJobs } from './jobs.ts';
import { openCaseFile, queueOf } from './read.ts';
import { type ClaimChange, makeClaim, officer, type TestDecider, testDecider } from './testing.ts';

const [ANNA, OLEG] = [officer('anna'), officer('oleg')];
const DAY_MS = 86_400_000;

/** The pension, where silence has a consequence. */
async function withSilence(silence: DecisionDeadline['silence']): Promise<Agreement> {
  const agreement = await pension();
  const service = agreement.services.pension ?? assert.fail();
  const deadline = { ...service.deadline, silence, article: 'design-outcome' };
  return { ...agreement, services: { ...agreement.services, pension: { ...service, deadline } } };
}

/** Russia's case with her claim, and its clock. */
type Changes = ClaimChange | ((decider: TestDecider) => ClaimChange);

async function waitingCase(t: TestContext, silence: DecisionDeadline['silence'], changes: Changes = {}) {
  const decider = await testDecider(t, 'ru', await withSilence(silence));
  const change = typeof changes === 'function' ? changes(decider) : changes;
  const { ctx } = decider;
  const transaction = await decider.deliver(makeClaim(decider, change));
  const [row] = await queueOf(ctx, ANNA, 'waiting');
  const id = row?.id ?? '';
  const file = () => openCaseFile(ctx, ANNA, id);
  const [handler] = caseJobs(ctx);
  /** Runs the timer as the worker does once its moment has come. */
  async function ring() {
    const job = { key: id, payload: { case: id } as Json } as Parameters<NonNullable<typeof handler>['run']>[0][number];
    const done = await handler?.run([job]);
    await ctx.db.transaction(async (tx) => {
      await tx.query(`delete from job where queue = 'cases.deadline' and key = $1`, [id]);
      await done?.(tx);
    });
  }
  const late = () => ctx.clock.advance(31 * DAY_MS);
  return { ...decider, id, transaction, file, ring, late };
}

/** Russia's own register knows too little. */
const short = (decider: TestDecider): ClaimChange => ({
  evidence: (pieces, of) =>
    pieces.map((piece) =>
      piece.payload.type === 'insured-periods' && piece.payload.issuer.state === 'ru'
        ? evidenceOf(
            decider.founded,
            decider.agreement,
            { type: 'insured-periods', state: 'ru', ...of },
            { facts: { periods: [] } },
          )
        : piece,
    ),
});

describe('when the time to decide is over', () => {
  test('silence that grants makes a signed decision, a document and an answer, and no officer did it', async (t) => {
    const { ctx, ring, late, file, answers, transaction } = await waitingCase(t, 'approve');
    late();
    await ring();
    const { state, row, actions } = await file();
    assert.deepEqual([row.phase, row.outcome], ['decided', 'granted']);
    const decide = actions.find(({ verb }) => verb === 'decide');
    assert.deepEqual([decide?.actor.kind, decide?.actor.agency], ['timer', 'ru.pension-fund']);
    assert.ok(state.document);
    const [, answer] = await answers(transaction);
    const { decision } = (answer?.body ?? {}) as unknown as { decision: Sealed<SealedDecision> };
    assert.equal(decision.payload.confirmations, 0);
    assert.deepEqual(decision.payload.decision.silence, {
      ...{
        consequence: 'approve',
        article: 'design-outcome',
        source: 'design',
        due: row.due.slice(0, 10),
        said: 'granted',
      },
    });
    assert.equal((await ctx.db.query(`select 1 from ledger_opening where kind = 'decision'`)).length, 1);
  });

  test('it grants what the rules would have refused, and refuses what they would have granted', async (t) => {
    const granting = await waitingCase(t, 'approve', short);
    assert.equal((await granting.file()).state.proposal?.decision.outcome, 'refused');
    const refusing = await waitingCase(t, 'refuse');
    for (const one of [granting, refusing]) {
      one.late();
      await one.ring();
    }
    assert.equal((await granting.file()).row.outcome, 'granted');
    const { state, row } = await refusing.file();
    assert.deepEqual([row.outcome, state.document], ['refused', undefined]);
    assert.equal(state.decision?.payload.decision.silence?.said, 'granted');
  });

  test('it decides once, however often the timer rings, and not what officers have decided', async (t) => {
    const { ctx, id, ring, late, file } = await waitingCase(t, 'approve');
    late();
    await Promise.all([ring(), ring()]);
    await ring();
    assert.equal((await file()).actions.filter(({ verb }) => verb === 'decide').length, 1);
    const { state } = await file();
    const seen = { proposal: state.proposal?.digest ?? '', basis: state.basis };
    await assert.rejects(confirmCase(ctx, ANNA, id, seen), (error) => isFailure(error, 'CASE_NOT_OPEN'));
    const other = await waitingCase(t, 'refuse');
    for (const one of [ANNA, OLEG]) {
      const now = (await other.file()).state;
      await confirmCase(other.ctx, one, other.id, { proposal: now.proposal?.digest ?? '', basis: now.basis });
    }
    other.late();
    await other.ring();
    assert.equal((await other.file()).row.outcome, 'granted');
  });

  test('an officer and the timer at the same moment make one decision', async (t) => {
    const { ctx, id, ring, late, file } = await waitingCase(t, 'approve');
    const { state } = await file();
    const seen = { proposal: state.proposal?.digest ?? '', basis: state.basis };
    await confirmCase(ctx, ANNA, id, seen);
    late();
    await Promise.allSettled([confirmCase(ctx, OLEG, id, seen), ring()]);
    assert.equal((await file()).actions.filter(({ verb }) => verb === 'decide').length, 1);
    assert.equal((await ctx.db.query('select 1 from documents')).length, 1);
  });

  test('a timer that rings before the time of the case is set anew, and decides nothing', async (t) => {
    const { ctx, ring, file } = await waitingCase(t, 'approve');
    await ring();
    const { row } = await file();
    assert.equal(row.phase, 'inProgress');
    const [job] = await ctx.db.query<{ run_at: string }>(`select run_at from job where queue = 'cases.deadline'`);
    assert.equal(job?.run_at, row.due);
  });

  test('silence never refuses while an answer of another authority is out: the case is escalated', async (t) => {
    const made = await waitingCase(t, 'refuse', {
      evidence: (pieces) => pieces.filter(({ payload }) => payload.issuer.state !== 'ru'),
      payload: { unanswered: ['insured-periods/ru'] },
    });
    made.late();
    await made.ring();
    const { row, actions } = await made.file();
    assert.equal(row.phase, 'inProgress');
    assert.deepEqual(actions.at(-1)?.verb, 'escalate');
  });

  test('an answer that is late keeps nobody waiting for what silence grants', async (t) => {
    const made = await waitingCase(t, 'approve', {
      evidence: (pieces) => pieces.filter(({ payload }) => payload.issuer.state !== 'ru'),
      payload: { unanswered: ['insured-periods/ru'] },
    });
    assert.equal((await made.file()).state.proposal?.decision.outcome, 'undecided');
    made.late();
    await made.ring();
    assert.equal((await made.file()).row.outcome, 'granted');
  });

  test('a claim that was long on its way is not refused for a silence that was the network’s', async (t) => {
    const made = await waitingCase(t, 'refuse', ({ founded, agreement }) => ({
      payload: { filedAt: '2026-11-20T10:00:00.000Z', filedOn: '2026-11-20' },
      evidence: (pieces, of) =>
        pieces.map(({ payload: { type, issuer } }) =>
          evidenceOf(founded, agreement, { type, state: issuer.state, ...of, at: '2026-11-20T09:00:00.000Z' }),
        ),
    }));
    made.ctx.clock.advance(29 * DAY_MS);
    await made.ring();
    const escalated = await made.file();
    assert.deepEqual([escalated.row.phase, escalated.actions.at(-1)?.verb], ['inProgress', 'escalate']);
    made.ctx.clock.advance(2 * DAY_MS);
    await made.ring();
    assert.equal((await made.file()).row.outcome, 'refused');
  });

  test('where silence only escalates, an officer still decides', async (t) => {
    const made = await waitingCase(t, 'escalate');
    made.late();
    await made.ring();
    await made.ring();
    const { row, actions } = await made.file();
    assert.equal(row.phase, 'inProgress');
    assert.equal(actions.filter(({ verb }) => verb === 'escalate').length, 1);
  });
});

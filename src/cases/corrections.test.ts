import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import type { SealedDecision } from '../applications/index.ts';
import { digestOf, type Sealed } from '../crypto/index.ts';
import { isFailure, type Json } from '../storage/index.ts';
import { confirmCorrection, declineCorrection, proposeCorrection } from './corrections.ts';
import { queueOf } from './read.ts';
import { makeClaim, officer, testDecider } from './testing.ts';
import { ANNA, decidedCase, LATER, OLEG, RIGHT, VERA } from './testing-corrections.ts';

const fails = (code: string) => (error: unknown) => isFailure(error, code);
const WHY = { reason: 'The register had a year wrong', article: 'design-correction' };
const codes = (results: PromiseSettledResult<unknown>[]) =>
  results.map((one) => (one.status === 'fulfilled' ? one.value : (one.reason as { code: string }).code));

/** A case whose correction Anna has proposed. */
async function proposed(t: TestContext) {
  const made = await decidedCase(t);
  await made.ask();
  await proposeCorrection(made.ctx, ANNA, made.id, { basis: await made.basis(), ...WHY });
  const digest = (await made.file()).state.correction?.digest ?? '';
  return { ...made, digest };
}

/** What must be there exactly once for each decision. */
async function effects({ ctx }: Pick<Awaited<ReturnType<typeof decidedCase>>, 'ctx'>) {
  const count = async (sql: string) => (await ctx.db.query(sql)).length;
  return {
    leaves: await count(`select 1 from ledger_opening where kind = 'decision'`),
    documents: await count('select 1 from documents'),
    sentHome: await count(`select 1 from exchange_transaction where code = 'P.PN.01.TRN.009'`),
    told: await count(`select 1 from exchange_transaction where code = 'P.PN.01.TRN.003'`),
  };
}

describe('a correction', () => {
  test('takes the place of the decision with the second officer: signed, in the ledger, sent home, told anew', async (t) => {
    const made = await proposed(t);
    const { ctx, id, digest, file, decision } = made;
    const before = await file();
    assert.equal(before.state.decision?.payload.outcome, 'refused');
    assert.deepEqual(await effects(made), { leaves: 1, documents: 0, sentHome: 0, told: 1 });
    assert.equal(await confirmCorrection(ctx, OLEG, id, { proposal: digest }), true);
    const { state, row, actions } = await file();
    const now = state.decision?.payload;
    assert.deepEqual([now?.outcome, now?.confirmations, now?.corrects], ['granted', 2, { decision, ...WHY }]);
    assert.equal(now?.decision.dates.decision, before.state.decision?.payload.decision.dates.decision);
    assert.deepEqual(await effects(made), { leaves: 2, documents: 1, sentHome: 1, told: 2 });
    assert.equal(row.outcome, 'granted');
    const correct = actions.findLast(({ verb }) => verb === 'correct');
    const decided = actions.find(({ verb }) => verb === 'decide');
    assert.ok(correct?.verb === 'correct');
    assert.deepEqual(correct.payload.replaces, { action: decided?.digest, decision });
    assert.equal(state.replaced[0]?.decision.payload.outcome, 'refused');
    assert.equal(state.told.at(-1)?.corrects, true);
    assert.equal(state.told.at(-1)?.says.outcome, 'granted');
  });

  test('goes home by a transaction of the case, with the document, in the lane of the application', async (t) => {
    const { ctx, id, digest, application } = await proposed(t);
    await confirmCorrection(ctx, OLEG, id, { proposal: digest });
    const [sent] = await ctx.db.query<{ lane: string; receiver: string; body: Buffer }>(
      `select m.lane, m.receiver, m.body from exchange_sent m
       join exchange_transaction t on t.request = m.id where t.code = 'P.PN.01.TRN.009'`,
    );
    assert.deepEqual([sent?.lane, sent?.receiver], [application, 'kz']);
    const { body } = JSON.parse(sent?.body.toString() ?? '') as {
      body: { decision: Sealed<SealedDecision>; document?: { id: string } };
    };
    assert.equal(body.decision.payload.outcome, 'granted');
    assert.ok(body.document?.id);
  });

  test('revokes the earlier document and issues another, each once', async (t) => {
    const made = await decidedCase(t, RIGHT);
    const { ctx, id, file, ask, request } = made;
    const first = (await file()).state.document ?? assert.fail();
    const longer = { periods: [{ ...RIGHT.periods[0], to: '2024-08-31' }] } as { [fact: string]: Json };
    await ask(request({ evidence: { facts: longer } }));
    await proposeCorrection(ctx, VERA, id, { basis: await made.basis(), ...WHY });
    const digest = (await file()).state.correction?.digest ?? '';
    await confirmCorrection(ctx, ANNA, id, { proposal: digest });
    const second = (await file()).state.document;
    assert.notEqual(second, first);
    const rows = await ctx.db.query<{ document: string; status: string; reason: string }>(
      'select document, status, reason from document_status_changes',
    );
    assert.deepEqual(rows, [{ document: first, status: 'revoked', reason: WHY.reason }]);
    assert.equal((await effects(made)).documents, 2);
  });

  test('is answered to who asked for it, after the decision itself', async (t) => {
    const made = await decidedCase(t);
    const asked = await made.ask();
    await proposeCorrection(made.ctx, ANNA, made.id, { basis: await made.basis(), ...WHY });
    await confirmCorrection(made.ctx, OLEG, made.id, { proposal: (await made.file()).state.correction?.digest ?? '' });
    assert.deepEqual(await made.answers(asked), [
      { type: 'transaction/accepted', body: { case: made.id } },
      { type: 'transaction/response', body: { standing: 'corrected' } },
    ]);
    assert.deepEqual((await made.file()).state.asked, []);
  });

  test('is never one officer’s alone, however often and fast he presses', async (t) => {
    const made = await proposed(t);
    const { ctx, id, digest, file } = made;
    const presses = Array.from({ length: 5 }, () => confirmCorrection(ctx, ANNA, id, { proposal: digest }));
    assert.deepEqual(
      codes(await Promise.allSettled(presses)),
      Array.from({ length: 5 }, () => 'CASE_SAME_OFFICER'),
    );
    assert.equal((await file()).state.decision?.payload.outcome, 'refused');
    assert.equal((await effects(made)).sentHome, 0);
  });

  test('of many officers at once is made once; who comes late is told so', async (t) => {
    const made = await proposed(t);
    const { ctx, id, digest } = made;
    const crowd = Array.from({ length: 5 }, (_, index) => officer(`officer-${index}`));
    const results = codes(
      await Promise.allSettled(crowd.map((one) => confirmCorrection(ctx, one, id, { proposal: digest }))),
    );
    assert.equal(results.filter((one) => one === true).length, 1);
    assert.equal(results.filter((one) => one === 'CORRECTION_NONE').length, 4);
    assert.deepEqual(await effects(made), { leaves: 2, documents: 1, sentHome: 1, told: 2 });
  });

  test('proposed twice at the same moment is one', async (t) => {
    const made = await decidedCase(t);
    await made.ask();
    const basis = await made.basis();
    const results = await Promise.allSettled(
      [ANNA, OLEG, VERA].map((one) => proposeCorrection(made.ctx, one, made.id, { basis, ...WHY })),
    );
    assert.deepEqual(codes(results).toSorted(), ['CORRECTION_PENDING', 'CORRECTION_PENDING', undefined]);
  });

  test('that rests on less evidence than there is falls', async (t) => {
    const made = await decidedCase(t);
    const { ctx, id, ask, request, file } = made;
    await ask();
    await declineCorrection(ctx, OLEG, id, { basis: await made.basis(), reason: 'ask the register of 2023 too' });
    await proposeCorrection(ctx, ANNA, id, { basis: await made.basis(), ...WHY });
    const digest = (await file()).state.correction?.digest ?? '';
    ctx.clock.advance(1_000);
    const at = '2026-11-24T10:00:01.000Z';
    await ask(request({ payload: { at }, evidence: { issuedAt: at, validUntil: '2026-12-24T10:00:01.000Z' } }));
    await assert.rejects(confirmCorrection(ctx, OLEG, id, { proposal: digest }), fails('CORRECTION_NONE'));
    assert.equal((await file()).state.decision?.payload.outcome, 'refused');
  });

  test('wants officers who did not confirm the decision, where the agreement says so', async (t) => {
    const made = await decidedCase(t, undefined, ['correct', 'confirm']);
    await made.ask();
    const { ctx, id, file } = made;
    await proposeCorrection(ctx, VERA, id, { basis: await made.basis(), ...WHY });
    const proposal = (await file()).state.correction?.digest ?? '';
    for (const one of [ANNA, OLEG]) {
      await assert.rejects(confirmCorrection(ctx, one, id, { proposal }), fails('CORRECTION_DISTINCT'));
    }
    assert.equal(await confirmCorrection(ctx, officer('ivan'), id, { proposal }), true);
  });

  test('is nothing where the rules say the same on the same evidence', async (t) => {
    const { ctx, id, basis } = await decidedCase(t);
    await assert.rejects(
      proposeCorrection(ctx, ANNA, id, { basis: await basis(), ...WHY }),
      fails('CORRECTION_NOTHING'),
    );
  });

  test('needs a reason that can be read, an article of the agreement, and a page that is not old', async (t) => {
    const made = await decidedCase(t);
    await made.ask();
    const { ctx, id } = made;
    const basis = await made.basis();
    const propose = (change: object) => proposeCorrection(ctx, ANNA, id, { basis, ...WHY, ...change });
    await assert.rejects(propose({ reason: '  ' }), fails('CORRECTION_REASON_MISSING'));
    await assert.rejects(propose({ reason: 'x'.repeat(2_001) }), fails('CASE_TEXT_LONG'));
    for (const article of ['', 'eaeu-2019-scope', 'constructor']) {
      await assert.rejects(propose({ article }), fails('CORRECTION_ARTICLE'), article);
    }
    await assert.rejects(propose({ basis: basis - 1 }), fails('CASE_MOVED'));
    await assert.rejects(propose({ basis: Number.NaN }), fails('CASE_MOVED'));
    await assert.rejects(confirmCorrection(ctx, OLEG, id, { proposal: 'f'.repeat(64) }), fails('CORRECTION_NONE'));
    await propose({});
    await assert.rejects(confirmCorrection(ctx, OLEG, id, { proposal: 'f'.repeat(64) }), fails('CASE_MOVED'));
    await assert.rejects(declineCorrection(ctx, OLEG, id, { basis, reason: 'no' }), fails('CASE_MOVED'));
  });

  test('of a case that is not decided is none', async (t) => {
    const decider = await testDecider(t);
    await decider.deliver(makeClaim(decider));
    const [row] = await queueOf(decider.ctx, ANNA, 'waiting');
    const id = row?.id ?? '';
    const open = fails('CORRECTION_NOT_DECIDED');
    await assert.rejects(proposeCorrection(decider.ctx, ANNA, id, { basis: 2, ...WHY }), open);
    await assert.rejects(confirmCorrection(decider.ctx, OLEG, id, { proposal: '' }), open);
    await assert.rejects(declineCorrection(decider.ctx, OLEG, id, { basis: 2, reason: 'no' }), open);
  });

  test('can be corrected itself, by the same way', async (t) => {
    const made = await proposed(t);
    const { ctx, id, file } = made;
    await confirmCorrection(ctx, OLEG, id, { proposal: made.digest });
    const standing = digestOf((await file()).state.decision as unknown as Json);
    const at = '2026-11-24T10:00:01.000Z';
    ctx.clock.advance(1_000);
    await made.ask(
      made.request({
        payload: { decision: standing, at },
        evidence: { facts: { periods: [] }, issuedAt: at, validUntil: '2026-12-24T10:00:01.000Z' },
      }),
    );
    await proposeCorrection(ctx, OLEG, id, { basis: await made.basis(), ...WHY });
    await confirmCorrection(ctx, VERA, id, { proposal: (await file()).state.correction?.digest ?? '' });
    const { state } = await file();
    assert.equal(state.decision?.payload.outcome, 'refused');
    assert.equal(state.document, undefined, 'what is refused has no document');
    assert.deepEqual(
      state.replaced.map((one) => one.decision.payload.outcome),
      ['refused', 'granted'],
    );
    const revoked = await ctx.db.query('select 1 from document_status_changes');
    assert.equal(revoked.length, 1);
  });
});

describe('a refusal to correct', () => {
  test('is signed by the agency and answers who asked, and the decision stays', async (t) => {
    const made = await decidedCase(t);
    const asked = await made.ask();
    const { ctx, id, file } = made;
    const before = (await file()).state.decision;
    await declineCorrection(ctx, ANNA, id, { basis: await made.basis(), reason: 'It was read rightly' });
    const [, answer] = await made.answers(asked);
    const { standing, answer: sealed } = (answer?.body ?? {}) as unknown as {
      standing: string;
      answer: Sealed<{ reason: string; agency: string }>;
    };
    assert.deepEqual(
      [standing, sealed.payload.reason, sealed.payload.agency],
      ['declined', 'It was read rightly', 'ru.pension-fund'],
    );
    const { state, row } = await file();
    assert.deepEqual([state.decision, state.asked, row.correction], [before, [], undefined]);
  });

  test('of nothing is none', async (t) => {
    const { ctx, id, basis } = await decidedCase(t);
    await assert.rejects(
      declineCorrection(ctx, ANNA, id, { basis: await basis(), reason: 'no' }),
      fails('CORRECTION_NONE'),
    );
  });
});

test('what waits for a correction is a queue of its own', async (t) => {
  const made = await decidedCase(t);
  const queue = async () => (await queueOf(made.ctx, ANNA, 'corrections')).map(({ correction }) => correction);
  assert.deepEqual(await queue(), []);
  await made.ask();
  assert.deepEqual(await queue(), ['asked']);
  await proposeCorrection(made.ctx, ANNA, made.id, { basis: await made.basis(), ...WHY });
  assert.deepEqual(await queue(), ['proposed']);
  await confirmCorrection(made.ctx, OLEG, made.id, { proposal: (await made.file()).state.correction?.digest ?? '' });
  assert.deepEqual(await queue(), []);
  assert.equal((await made.file()).state.decision?.payload.decidedAt, LATER);
});

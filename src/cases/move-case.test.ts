import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { edit } from '../agreements/testing.ts';
import type { SealedDecision, SealedMove } from '../applications/index.ts';
import { type Sealed, signersOf } from '../crypto/index.ts';
import { isFailure } from '../storage/index.ts';
import { confirmCase } from './confirm.ts';
import { moveCase, previewMove } from './move-case.ts';
import { openCaseFile } from './read.ts';
import { officer } from './testing.ts';
import { movableCase, stricter } from './testing-moves.ts';

const [ANNA, OLEG] = [officer('anna'), officer('oleg')];
const fails = (code: string) => (error: unknown) => isFailure(error, code);

describe('a case under examination', () => {
  test('is moved by an officer who saw what changes: rules are run anew, confirmations fall, home is told before the decision', async (t) => {
    const { ctx, after, id, file, seen, agreement, founded, transaction, answers } = await movableCase(t);
    const before = (await file()).state;
    await confirmCase(ctx, ANNA, id, { proposal: before.proposal?.digest ?? '', basis: before.basis });
    const looked = await previewMove(ctx, ANNA, id);
    assert.deepEqual(
      [looked?.obstacles, looked?.before?.outcome, looked?.after?.outcome, looked?.to.version],
      [[], 'granted', 'refused', '1.1.0'],
    );
    assert.equal((await file()).actions.length, 3, 'looking changes nothing');
    await moveCase(ctx, OLEG, id, await seen());
    const { state, row, actions, contract } = await file();
    assert.equal(contract, after.contractDigest);
    assert.deepEqual([state.confirmations, state.proposal?.decision.outcome], [[], 'refused']);
    const move = actions.findLast(({ verb }) => verb === 'move');
    assert.ok(move?.verb === 'move');
    assert.equal(move.definition, agreement.contractDigest);
    assert.equal(move.payload.from.contract, agreement.contractDigest);
    assert.deepEqual(move.payload.to, {
      ...{ contract: after.contractDigest, annex: after.annexes.ru?.digest, version: '1.1.0' },
    });
    assert.equal(actions.at(-1)?.definition, after.contractDigest);
    assert.equal(row.due, (await openCaseFile(ctx, OLEG, id)).row.due);
    const [sent] = await ctx.db.query<{ lane: string; body: Buffer }>(
      `select lane, body from exchange_sent where type = 'case-moved'`,
    );
    const told = JSON.parse(sent?.body.toString() ?? '') as Sealed<SealedMove>;
    assert.deepEqual([told.payload.from, told.payload.to], [agreement.contractDigest, after.contractDigest]);
    const key = founded.keys.ru?.agencies['ru.pension-fund'];
    assert.ok(key);
    signersOf(told, 'case-move', [
      ctx.trust.agencyKey('ru', 'ru.pension-fund', told.signatures[0]?.key ?? '', told.payload.at),
    ]);
    for (const one of [ANNA, OLEG]) {
      const now = (await file()).state;
      await confirmCase(ctx, one, id, { proposal: now.proposal?.digest ?? '', basis: now.basis });
    }
    const answer = (await answers(transaction)).at(-1)?.body as unknown as { decision: Sealed<SealedDecision> };
    assert.equal(answer.decision.payload.decision.digests.contract, after.contractDigest);
  });

  test('is moved once, though two officers press at the same moment', async (t) => {
    const { ctx, id, file, seen } = await movableCase(t);
    const wanted = await seen();
    const results = await Promise.allSettled([ANNA, OLEG].map((one) => moveCase(ctx, one, id, wanted)));
    assert.deepEqual(results.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected']);
    assert.equal((await file()).actions.filter(({ verb }) => verb === 'move').length, 1);
    await assert.rejects(moveCase(ctx, ANNA, id, await seen()), fails('MOVE_NO_NEWER'));
    assert.equal(await previewMove(ctx, ANNA, id), undefined);
  });

  test('stays where the newer contract wants what it does not have, and it is said why', async (t) => {
    const { ctx, id, file, seen } = await movableCase(t, (files) => {
      edit(files, 'evidence/insured-periods.yaml', 'maxLength: 300', 'maxLength: 301');
    });
    const looked = await previewMove(ctx, ANNA, id);
    assert.deepEqual([looked?.obstacles, looked?.after], [['facts'], undefined]);
    await assert.rejects(
      moveCase(ctx, ANNA, id, await seen()),
      (error) => isFailure(error, 'MOVE_REFUSED') && error.params.obstacles === 'facts',
    );
    assert.equal((await file()).actions.length, 2);
  });

  test('goes nowhere while a state of the agreement has not ratified the newer contract', async (t) => {
    const { ctx, id, seen } = await movableCase(t, stricter, false);
    assert.equal(await previewMove(ctx, ANNA, id), undefined);
    await assert.rejects(moveCase(ctx, ANNA, id, await seen()), fails('MOVE_NO_NEWER'));
  });

  test('needs a reason, and a page that is not old', async (t) => {
    const { ctx, id, seen } = await movableCase(t);
    const wanted = await seen();
    await assert.rejects(moveCase(ctx, ANNA, id, { ...wanted, reason: ' ' }), fails('MOVE_REASON_MISSING'));
    await assert.rejects(moveCase(ctx, ANNA, id, { ...wanted, reason: 'x'.repeat(2_001) }), fails('CASE_TEXT_LONG'));
    await assert.rejects(moveCase(ctx, ANNA, id, { ...wanted, basis: 1 }), fails('CASE_MOVED'));
    await assert.rejects(moveCase(ctx, ANNA, id, { ...wanted, to: 'f'.repeat(64) }), fails('CASE_MOVED'));
  });

  test('that is decided never moves', async (t) => {
    const { ctx, id, file, seen } = await movableCase(t);
    for (const one of [ANNA, OLEG]) {
      const { state } = await file();
      await confirmCase(ctx, one, id, { proposal: state.proposal?.digest ?? '', basis: state.basis });
    }
    const actions = (await file()).actions.length;
    await assert.rejects(moveCase(ctx, ANNA, id, await seen()), fails('CASE_NOT_OPEN'));
    await assert.rejects(previewMove(ctx, ANNA, id), fails('CASE_NOT_OPEN'));
    assert.equal((await file()).actions.length, actions);
  });
});

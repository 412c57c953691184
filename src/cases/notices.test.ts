import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { type Agreement, loadFiles } from '../agreements/index.ts';
import { edit, filesOf } from '../agreements/testing.ts';
import { randomId } from '../crypto/index.ts';
import { listTransactions } from '../exchange/index.ts';
import { isFailure, type Json } from '../storage/index.ts';
import { confirmCase, noticeArrived, noticesOf, openCaseFile, openNotice, sendNotice } from './index.ts';
import { makeClaim, officer, person, type TestDecider, testDecider } from './testing.ts';

const [ANNA, OLEG] = [officer('anna'), officer('oleg')];
const fails = (code: string) => (error: unknown) => isFailure(error, code);

/** Russia's decided case of Aigerim, who worked in Kazakhstan and Russia; two officers have confirmed it. */
async function decided(t: TestContext, agreement?: Agreement) {
  const decider = await testDecider(t, 'ru', agreement);
  const { ctx } = decider;
  await decider.deliver(makeClaim(decider));
  const [row] = await ctx.db.query<{ id: string }>('select id from cases');
  const id = row?.id ?? '';
  for (const who of [ANNA, OLEG]) {
    const { state } = await openCaseFile(ctx, who, id);
    await confirmCase(ctx, who, id, { proposal: state.proposal?.digest ?? '', basis: state.basis });
  }
  return { ...decider, id };
}

/** A pension whose notice of a change says what becomes of the document. */
function pensionWithStatus(status: string, to = 'statesOfWork'): Agreement {
  const files = filesOf('agreements/pension');
  const before = '      transaction: P.PN.01.TRN.005\n';
  edit(files, 'services/pension.yaml', before, `${before}      status: '${status}'\n`);
  edit(
    files,
    'services/pension.yaml',
    `${before}      status: '${status}'\n      to: statesOfWork`,
    `${before}      status: '${status}'\n      to: '${to}'`,
  );
  const { agreement, findings } = loadFiles(files);
  return agreement ?? assert.fail(JSON.stringify(findings));
}

describe('after a decision', () => {
  test('the platform tells the authorities of the other states of work, once, and the log says what', async (t) => {
    const { ctx, id } = await decided(t);
    const { state, actions } = await openCaseFile(ctx, ANNA, id);
    assert.equal(actions.at(-1)?.verb, 'notify');
    assert.deepEqual(
      state.told.map(({ stage, to, says }) => [stage, to, says.months, says.family]),
      [['tell-states', ['kz'], 27, 'Сейітова']],
    );
    const rows = await ctx.db.query<{ code: string; to_agency: string }>(
      `select code, to_agency from exchange_transaction where direction = 'out'`,
    );
    assert.deepEqual(rows, [{ code: 'P.PN.01.TRN.003', to_agency: 'kz.pension-fund' }]);
  });

  test('an officer tells of a change and of a death, each with what the agreement asks of him', async (t) => {
    const { ctx, id } = await decided(t);
    const change = { changeOfPension: 'suspended', changedOn: '2026-12-01' };
    assert.deepEqual(await sendNotice(ctx, ANNA, id, 'report-change', { changeOfPension: 'none', changedOn: null }), {
      changeOfPension: 'error.answer.notOffered',
      changedOn: 'error.answer.required',
    });
    assert.deepEqual(await sendNotice(ctx, ANNA, id, 'report-change', change), {});
    await assert.rejects(sendNotice(ctx, OLEG, id, 'report-change', change), fails('NOTICE_TWICE'));
    assert.deepEqual(await sendNotice(ctx, OLEG, id, 'report-death', { deathDate: '2026-12-05' }), {});
    const { state } = await openCaseFile(ctx, ANNA, id);
    assert.deepEqual(
      state.told.slice(1).map(({ says }) => [says.change ?? null, says.since ?? says.diedOn ?? null]),
      [
        ['suspended', '2026-12-01'],
        [null, '2026-12-05'],
      ],
    );
  });

  test('a notice that changes the status of the document suspends it, gives it back, revokes it, in its own transaction', async (t) => {
    const status =
      '{ status: if changeOfPension = "suspended" then "suspended" else if changeOfPension = "ended" then "revoked" else "valid" }.status';
    const { ctx, id } = await decided(t, pensionWithStatus(status));
    const seen: (string | undefined)[] = [];
    for (const changeOfPension of ['suspended', 'resumed', 'ended', 'amount']) {
      ctx.clock.advance(1000);
      assert.deepEqual(
        await sendNotice(ctx, ANNA, id, 'report-change', { changeOfPension, changedOn: '2026-12-01' }),
        {},
      );
      const [row] = await ctx.db.query<{ status: number }>('select status from document_places');
      seen.push(['valid', 'revoked', 'suspended'][row?.status ?? -1]);
    }
    assert.deepEqual(seen, ['suspended', 'valid', 'revoked', 'revoked']);
    const [{ count } = { count: 0 }] = await ctx.db.query<{ count: number }>(
      `select count(*)::int as count from document_status_changes`,
    );
    assert.equal(count, 3);
    const { state } = await openCaseFile(ctx, ANNA, id);
    assert.equal(state.told.filter(({ stage }) => stage === 'report-change').length, 4);
  });

  test('where nobody else is to be told the change of the document still stands in the log, once', async (t) => {
    const { ctx, id } = await decided(t, pensionWithStatus('"revoked"', '[]'));
    const tell = () =>
      sendNotice(ctx, ANNA, id, 'report-change', { changeOfPension: 'ended', changedOn: '2026-12-01' });
    assert.deepEqual(await tell(), {});
    await assert.rejects(tell(), fails('NOTICE_TWICE'));
    const { state, actions } = await openCaseFile(ctx, ANNA, id);
    assert.deepEqual([actions.at(-1)?.verb, actions.at(-1)?.actor.id], ['notify', 'anna']);
    assert.deepEqual(state.told.at(-1)?.to, []);
    assert.deepEqual(await ctx.db.query('select status from document_places'), [{ status: 1 }]);
  });

  test('a notice of a stage without it leaves the document as it is', async (t) => {
    const { ctx, id } = await decided(t);
    await sendNotice(ctx, ANNA, id, 'report-change', { changeOfPension: 'ended', changedOn: '2026-12-01' });
    assert.deepEqual(await ctx.db.query('select status from document_places'), [{ status: 0 }]);
  });

  test('nobody tells who may not confirm, before the decision, or through a stage that is not an officer’s', async (t) => {
    const { ctx, id } = await decided(t);
    const tell = (who = ANNA, stage = 'report-death') => sendNotice(ctx, who, id, stage, { deathDate: '2026-12-05' });
    await assert.rejects(tell(person('aigerim')), fails('CASE_NOT_FOUND'));
    await assert.rejects(tell(officer('x', { agency: 'ru.population' })), fails('CASE_NOT_FOUND'));
    await assert.rejects(tell(officer('y', { grants: [] })), fails('IDENTITY_NOT_PERMITTED'));
    await assert.rejects(tell(ANNA, 'tell-states'), fails('NOTICE_NOT_NOW'));
    await assert.rejects(tell(ANNA, 'constructor'), fails('NOTICE_NOT_NOW'));
    const open = await testDecider(t);
    await open.deliver(makeClaim(open));
    const [row] = await open.ctx.db.query<{ id: string }>('select id from cases');
    const early = sendNotice(open.ctx, ANNA, row?.id ?? '', 'report-death', { deathDate: '2026-12-05' });
    await assert.rejects(early, fails('NOTICE_NOT_NOW'));
  });
});

describe('a notice that arrives', () => {
  const says = { family: 'Сейітова', outcome: 'granted', months: 15 };
  const subject = { home: 'kz', reference: 'hers' };
  const right = { service: 'pension', stage: 'tell-states', application: 'app-1', subject, says };

  /** Brings a notice of Kazakhstan's fund to Russia's, with what a test changes of it. */
  async function arrive(decider: TestDecider, body: Json, change: { fromAgency?: string; code?: string } = {}) {
    const { ctx, agreement } = decider;
    const id = randomId();
    const { fromAgency = 'kz.pension-fund', code = 'P.PN.01.TRN.003' } = change;
    await ctx.db.query(
      `insert into exchange_transaction (lane, id, direction, code, pattern, operation, agreement, contract, from_state, to_state,
         from_agency, to_agency, status, request, request_digest, retries, timers, begun_at)
       values ('l', $1, 'in', $2, 'notification', 'distribute', 'pension', $3, 'kz', 'ru', $4, 'ru.pension-fund', 'received',
         $5, 'd', 0, '{}', $6)`,
      [id, code, agreement.contractDigest, fromAgency, randomId(), ctx.clock.now()],
    );
    const [record] = await listTransactions(ctx.db, { id });
    assert.ok(record !== undefined);
    await ctx.db.transaction((tx) => noticeArrived(ctx, tx, record, body));
    return id;
  }

  test('is kept for the officers of the agency, and opening it is a use of the person’s data', async (t) => {
    const decider = await testDecider(t);
    const id = await arrive(decider, right);
    const { ctx } = decider;
    assert.deepEqual(
      (await noticesOf(ctx, ANNA)).map(({ stage, from, agency }) => [stage, from, agency]),
      [['tell-states', 'kz', 'ru.pension-fund']],
    );
    assert.equal('says' in ((await noticesOf(ctx, ANNA))[0] ?? {}), false, 'a list names nobody');
    const uses = async () =>
      (await ctx.db.query(`select 1 from access_entries where content -> 'fields' ? 'notice'`)).length;
    assert.deepEqual((await openNotice(ctx, ANNA, id)).says, says);
    await openNotice(ctx, ANNA, id);
    assert.equal(await uses(), 1);
    await openNotice(ctx, OLEG, id);
    assert.equal(await uses(), 2);
    await assert.rejects(openNotice(ctx, officer('x', { agency: 'ru.population' }), id), fails('NOTICE_NOT_FOUND'));
    await assert.rejects(openNotice(ctx, officer('y', { grants: [] }), id), fails('IDENTITY_NOT_PERMITTED'));
    await assert.rejects(noticesOf(ctx, officer('y', { grants: [] })), fails('IDENTITY_NOT_PERMITTED'));
  });

  const wrong: Record<string, [Json, { fromAgency?: string; code?: string }?]> = {
    'that says more than the agreement has': [{ ...right, says: { ...says, salary: 1 } }],
    'of a stage that sends another transaction': [{ ...right, stage: 'report-death' }],
    'of a stage that is not there': [{ ...right, stage: 'constructor' }],
    'of a service that is not there': [{ ...right, service: '__proto__' }],
    'of an agency that does not play the role': [right, { fromAgency: 'kz.population' }],
    'about a person of no party': [{ ...right, subject: { ...subject, home: 'xx' } }],
    'without its form': ['hello'],
    'with a text of a million signs': [{ ...right, says: { family: 'x'.repeat(1_000_000) } }],
  };
  for (const [name, [body, change]] of Object.entries(wrong)) {
    test(`is refused: ${name}`, async (t) => {
      const decider = await testDecider(t);
      const id = await arrive(decider, body, change);
      assert.deepEqual(await noticesOf(decider.ctx, ANNA), []);
      const answers = await decider.answers(id);
      assert.deepEqual(answers, [{ type: 'transaction/refused', body: { code: 'NOTICE_INVALID' } }]);
    });
  }
});

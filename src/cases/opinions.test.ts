import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import type { EvidenceType, Pattern } from '../agreements/index.ts';
import { NOW } from '../applications/testing.ts';
import { randomId, type SigningKey, seal } from '../crypto/index.ts';
import { listTransactions, type TransactionRecord } from '../exchange/index.ts';
import { until } from '../exchange/testing.ts';
import type { Evidence } from '../registers/index.ts';
import { isFailure, type Json } from '../storage/index.ts';
import { confirmCase } from './confirm.ts';
import {
  acceptOpinion,
  declineOpinion,
  giveOpinion,
  openCaseFile,
  openOpinion,
  opinionAsked,
  opinionGiven,
  opinionsOf,
} from './index.ts';
import { pensionWithOpinion } from './opinions.testing.ts';
import { makeClaim, officer, type TestDecider, testDeciders } from './testing.ts';

const [ANNA, OLEG] = [officer('anna'), officer('oleg')];
const DANA = officer('dana', { agency: 'kg.pension-fund', state: 'kg' });
const fails = (code: string) => (error: unknown) => isFailure(error, code);

/** Russia's open case of a pension that asks Kyrgyzstan's fund for its opinion, whose node is another one. */
async function askedCase(t: TestContext, pattern: Pattern = 'requestConfirm') {
  const [ru, kg] = (await testDeciders(t, ['ru', 'kg'], pensionWithOpinion(pattern))) as [TestDecider, TestDecider];
  await ru.deliver(makeClaim(ru));
  const [row] = await ru.ctx.db.query<{ id: string }>('select id from cases');
  const id = row?.id ?? '';
  await until('the question is there', async () => (await opinionsOf(kg.ctx, DANA)).length === 1);
  const [asked] = await opinionsOf(kg.ctx, DANA);
  const file = () => openCaseFile(ru.ctx, ANNA, id);
  const confirm = async (who = ANNA) => {
    const { state } = await openCaseFile(ru.ctx, who, id);
    return confirmCase(ru.ctx, who, id, { proposal: state.proposal?.digest ?? '', basis: state.basis });
  };
  const standing = async (status: string) =>
    until(`the opinion is ${status}`, async () => (await file()).state.opinions[0]?.status === status);
  return { ru, kg, id, opinion: asked?.id ?? '', asked, file, confirm, standing };
}

describe('an opinion of another authority', () => {
  test('is asked by no authority in whose case the condition of the stage is not met, which decides without', async (t) => {
    const agreement = pensionWithOpinion('requestConfirm', 'decider = "kz"');
    const [ru] = (await testDeciders(t, ['ru'], agreement)) as [TestDecider];
    await ru.deliver(makeClaim(ru));
    const [row] = await ru.ctx.db.query<{ id: string }>('select id from cases');
    const { state } = await openCaseFile(ru.ctx, ANNA, row?.id ?? '');
    assert.deepEqual(state.opinions, []);
    assert.equal(state.proposal?.decision.outcome, 'granted');
    await confirmCase(ru.ctx, ANNA, row?.id ?? '', { proposal: state.proposal?.digest ?? '', basis: state.basis });
  });

  test('is asked once the case is open, with no more of it than the stage names, and nobody confirms before it is there', async (t) => {
    const { kg, asked, opinion, confirm, file } = await askedCase(t);
    assert.equal('shows' in (asked ?? {}), false, 'a list names nobody');
    const { shows, from, evidence, status } = await openOpinion(kg.ctx, DANA, opinion);
    assert.deepEqual(
      { shows, from, evidence, status },
      {
        shows: { family: 'Сейітова', months: 27 },
        from: 'ru',
        evidence: 'work-opinion',
        status: 'asked',
      },
    );
    assert.deepEqual(
      (await file()).state.opinions.map(({ key, status: now }) => [key, now]),
      [['work-opinion/kg', 'asked']],
    );
    await assert.rejects(confirm(), fails('CASE_WAITING'));
  });

  test('is signed by its agency, taken into the case, and decides through the rules that read it', async (t) => {
    const { kg, opinion, file, confirm, standing, ru } = await askedCase(t);
    assert.equal((await file()).state.proposal?.decision.outcome, 'granted');
    assert.deepEqual(
      await giveOpinion(kg.ctx, DANA, opinion, { confirmed: false, remark: 'Nobody knows the school', seenOn: null }),
      {},
    );
    await standing('given');
    const { state, actions } = await file();
    assert.equal(state.proposal?.decision.outcome, 'refused');
    assert.deepEqual(
      state.proposal?.decision.missing.map(({ rule }) => rule),
      ['workConfirmed'],
    );
    const sealed = state.evidence.at(-1);
    assert.deepEqual(sealed?.payload.facts, { confirmed: false, remark: 'Nobody knows the school' });
    assert.equal(sealed?.payload.issuer.agency, 'kg.pension-fund');
    assert.deepEqual(
      actions.map(({ verb }) => verb),
      ['open', 'propose', 'request', 'opinion', 'propose'],
    );
    await confirm(ANNA);
    await confirm(OLEG);
    const { decision } = (await file()).state;
    assert.equal(decision?.payload.outcome, 'refused');
    assert.equal(decision?.payload.opinions?.length, 1);
    assert.equal(decision?.payload.evidence.length, 3, 'what her home sent stands apart');
    const [record] = await listTransactions(ru.ctx.db, { id: opinion });
    assert.equal(record?.status, 'responded');
  });

  test('falls on what is confirmed before: an answer that comes after its time is taken, and all confirm again', async (t) => {
    const { ru, kg, opinion, standing, confirm, file } = await askedCase(t);
    ru.ctx.clock.advance(11 * 86_400_000);
    await standing('late');
    assert.equal((await file()).state.proposal?.decision.outcome, 'granted', 'nothing follows from what is not there');
    await confirm(ANNA);
    await giveOpinion(kg.ctx, DANA, opinion, { confirmed: true, remark: null, seenOn: null });
    await standing('given');
    assert.equal((await file()).state.confirmations.length, 0);
    await confirm(ANNA);
    await confirm(OLEG);
    assert.equal((await file()).state.phase, 'decided');
  });

  test('may be declined, and the case goes on without it', async (t) => {
    const { kg, opinion, standing, confirm, file } = await askedCase(t);
    await declineOpinion(kg.ctx, DANA, opinion);
    await standing('refused');
    await confirm(ANNA);
    await confirm(OLEG);
    const { decision } = (await file()).state;
    assert.equal(decision?.payload.outcome, 'granted');
    assert.equal(decision?.payload.opinions, undefined);
    await assert.rejects(giveOpinion(kg.ctx, DANA, opinion, { confirmed: true }), fails('OPINION_ANSWERED'));
  });

  test('under a mutual obligation is accepted first, which binds', async (t) => {
    const { ru, kg, opinion, standing } = await askedCase(t, 'mutualObligation');
    const right = { confirmed: true, remark: null, seenOn: '2026-11-20' };
    await assert.rejects(giveOpinion(kg.ctx, DANA, opinion, right), fails('OPINION_NOT_ACCEPTED'));
    await acceptOpinion(kg.ctx, DANA, opinion);
    await acceptOpinion(kg.ctx, DANA, opinion);
    await until('the acceptance is known', async () => {
      const [record] = await listTransactions(ru.ctx.db, { id: opinion });
      return record?.status === 'accepted';
    });
    await assert.rejects(declineOpinion(kg.ctx, DANA, opinion), fails('OPINION_BOUND'));
    await giveOpinion(kg.ctx, DANA, opinion, right);
    await standing('given');
  });

  test('that only answers knows no acceptance', async (t) => {
    const { kg, opinion } = await askedCase(t);
    await assert.rejects(acceptOpinion(kg.ctx, DANA, opinion), fails('OPINION_NOT_ACCEPTED'));
  });

  test('says what is wrong with an answer, question by question, and nothing goes out', async (t) => {
    const { kg, opinion } = await askedCase(t);
    const given: Record<string, Json> = { confirmed: null, remark: 'x'.repeat(201), seenOn: 'never' };
    assert.deepEqual(Object.keys(await giveOpinion(kg.ctx, DANA, opinion, given)), ['confirmed', 'remark', 'seenOn']);
    assert.equal((await openOpinion(kg.ctx, DANA, opinion)).status, 'asked');
  });

  test('of two officers at once is given once', async (t) => {
    const { kg, opinion, standing, file } = await askedCase(t);
    const timur = officer('timur', { agency: 'kg.pension-fund', state: 'kg' });
    const both = await Promise.allSettled(
      [DANA, timur].map((who, index) =>
        giveOpinion(kg.ctx, who, opinion, { confirmed: index === 0, remark: null, seenOn: null }),
      ),
    );
    assert.deepEqual(both.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected']);
    await standing('given');
    assert.equal((await file()).state.evidence.length, 4);
  });
});

describe('an opinion that is not what was asked for', () => {
  /** What Kyrgyzstan's fund signs, with what a test changes of it, as the answer to the question. */
  async function answered(t: TestContext, change: (evidence: Evidence) => Partial<Evidence>, by = 'kg.pension-fund') {
    const { ru, kg, id, opinion, asked, file } = await askedCase(t);
    const terms = { agreement: ru.agreement, type: ru.agreement.evidence['work-opinion'] as EvidenceType };
    const [row] = await ru.ctx.db.query<{ application: string; reference: string }>(
      'select application, reference from cases where id = $1',
      [id],
    );
    const right: Evidence = {
      id: randomId(),
      type: 'work-opinion',
      agreement: terms.agreement.contractDigest,
      schema: terms.type.schemaDigest,
      issuer: { state: 'kg', agency: 'kg.pension-fund' },
      subject: { home: 'kz', reference: row?.reference ?? '' },
      request: asked?.request ?? '',
      application: row?.application ?? '',
      purpose: terms.type.purpose,
      ground: { kind: 'law', article: terms.type.ground.article },
      result: 'found',
      facts: { confirmed: false },
      asOf: NOW.slice(0, 10),
      issuedAt: NOW,
      validUntil: '2027-11-22T10:00:00.000Z',
    };
    const key = kg.ctx.keys.agencies[by] as SigningKey;
    const evidence = seal('evidence', { ...right, ...change(right) }, [key]);
    const [record] = await listTransactions(ru.ctx.db, { id: opinion });
    const take = () =>
      ru.ctx.db.transaction((tx) =>
        opinionGiven(ru.ctx, tx, record as TransactionRecord, { evidence } as unknown as Json),
      );
    return { take, file };
  }

  test('as it should be, is taken', async (t) => {
    const { take, file } = await answered(t, () => ({}));
    await take();
    assert.equal((await file()).state.opinions[0]?.status, 'given');
  });

  const wrong: Record<string, [(evidence: Evidence) => Partial<Evidence>, string?, string?]> = {
    'signed by another agency of that state': [() => ({}), 'kg.population', 'REGISTERS_EVIDENCE_FORGED'],
    'about another person': [({ subject }) => ({ subject: { ...subject, reference: 'somebody else' } })],
    'of another home': [({ subject }) => ({ subject: { ...subject, home: 'am' } })],
    'about another application': [() => ({ application: randomId() })],
    'to another question': [() => ({ request: 'f'.repeat(64) })],
    'of another type': [() => ({ type: 'insured-periods' })],
    'by another contract': [() => ({ agreement: 'e'.repeat(64) })],
    'with facts that the agreement does not have': [
      () => ({ facts: { confirmed: false, salary: 1 } }),
      undefined,
      'AGREEMENT_FACTS_REFUSED',
    ],
    'that is no longer valid': [
      () => ({ validUntil: '2026-11-22T09:00:00.000Z' }),
      undefined,
      'REGISTERS_EVIDENCE_EXPIRED',
    ],
  };
  for (const [name, [change, by, code = 'REGISTERS_EVIDENCE_OTHER']] of Object.entries(wrong)) {
    test(`${name}, is not taken`, async (t) => {
      const { take, file } = await answered(t, change, by);
      await assert.rejects(take(), fails(code));
      assert.equal((await file()).state.opinions[0]?.status, 'asked');
    });
  }
});

describe('a question that does not fit its agreement', () => {
  const subject = { home: 'kz', reference: 'hers' };
  const right = { service: 'pension', stage: 'consult', application: 'app-1', subject, shows: { months: 27 } };
  const wrong: Record<string, [Json, { fromAgency?: string; code?: string }?]> = {
    'shows more than agreed': [{ ...right, shows: { months: 27, salary: 1 } }],
    'is of a stage that asks nothing': [{ ...right, stage: 'examine' }],
    'is of a service that is not there': [{ ...right, service: 'constructor' }],
    'comes by another transaction': [right, { code: 'P.PN.01.TRN.002' }],
    'comes from an agency that does not decide': [right, { fromAgency: 'ru.population' }],
    'is about a person of no party': [{ ...right, subject: { ...subject, home: 'xx' } }],
    'has not its form': ['hello'],
  };

  async function arrive(
    kg: TestDecider,
    body: Json,
    { fromAgency = 'ru.pension-fund', code = 'P.PN.01.TRN.090' } = {},
  ) {
    const { ctx, agreement } = kg;
    const id = randomId();
    await ctx.db.query(
      `insert into exchange_transaction (lane, id, direction, code, pattern, operation, agreement, contract, from_state, to_state,
         from_agency, to_agency, status, request, request_digest, retries, timers, begun_at)
       values ('l', $1, 'in', $2, 'requestConfirm', 'giveOpinion', 'pension', $3, 'ru', 'kg', $4, 'kg.pension-fund', 'received',
         $5, 'd', 0, '{}', $6)`,
      [id, code, agreement.contractDigest, fromAgency, randomId(), ctx.clock.now()],
    );
    const [record] = await listTransactions(ctx.db, { id });
    await ctx.db.transaction((tx) => opinionAsked(ctx, tx, record as TransactionRecord, body));
    return id;
  }

  test('but one that fits is kept for the officers', async (t) => {
    const [kg] = (await testDeciders(t, ['kg'], pensionWithOpinion('requestConfirm'))) as [TestDecider];
    await arrive(kg, right);
    assert.deepEqual(
      (await opinionsOf(kg.ctx, DANA)).map(({ stage, from }) => [stage, from]),
      [['consult', 'ru']],
    );
  });

  for (const [name, [body, change]] of Object.entries(wrong)) {
    test(`is refused: it ${name}`, async (t) => {
      const [kg] = (await testDeciders(t, ['kg'], pensionWithOpinion('requestConfirm'))) as [TestDecider];
      const id = await arrive(kg, body, change);
      assert.deepEqual(await opinionsOf(kg.ctx, DANA), []);
      assert.deepEqual(await kg.answers(id), [{ type: 'transaction/refused', body: { code: 'OPINION_INVALID' } }]);
    });
  }
});

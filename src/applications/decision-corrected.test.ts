import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { decide } from '../agreements/index.ts';
import { digestOf, randomId, type Sealed, type SigningKey, seal } from '../crypto/index.ts';
import { listTransactions } from '../exchange/index.ts';
import { lettersOf } from '../mailbox/index.ts';
import { isFailure, type Json } from '../storage/index.ts';
import { claimAnswered } from './case-answers.ts';
import { correctionAccepted, correctionAnswered, correctionRefused } from './correction-answers.ts';
import { askCorrection, correctionPlace, renewEvidence } from './corrections.ts';
import { decisionCorrected } from './decision-corrected.ts';
import { evidenceAnswered } from './evidence-answers.ts';
import { getApplication } from './read.ts';
import { actor, evidenceOf, readyDraft, send, testHome, transactionOf } from './testing.ts';
import type { SealedCorrectionRequest, SealedDecision } from './types.ts';

const HER = actor();
const fails = (code: string) => (error: unknown) => isFailure(error, code);
const KEY = 'insured-periods/ru';

/** Her application, decided by Russia. */
async function decided(t: TestContext) {
  const home = await testHome(t);
  const { ctx, founded, agreement } = home;
  const id = await readyDraft(home);
  await send(home, id);
  const read = () => getApplication(ctx.db, HER.person, id);
  const { payload } = (await read()).sealed;
  const agency = founded.keys.ru?.agencies['ru.pension-fund'] as SigningKey;
  const caseId = randomId();

  /** A decision of Russia, with what a test changes of it. */
  function decision(change: Partial<SealedDecision> = {}, by = agency) {
    const made = decide(agreement, {
      ...{ service: 'pension', state: 'ru', home: 'kz', answers: payload.answers, evidence: [] },
      dates: { claim: payload.filedOn },
    });
    const outcome = change.outcome ?? 'refused';
    return seal<SealedDecision>(
      'decision',
      {
        case: caseId,
        application: id,
        reference: payload.reference,
        state: 'ru',
        agency: 'ru.pension-fund',
        outcome,
        decision: { ...made, outcome },
        evidence: [],
        decidedAt: payload.filedAt,
        decidedOn: payload.filedOn,
        confirmations: 2,
        ...change,
      },
      [by],
    );
  }
  const claims = await listTransactions(ctx.db, { application: id });
  const claim = claims.find(({ to, operation }) => to === 'ru' && operation === 'openCase') ?? assert.fail();
  const first = decision();
  await ctx.db.transaction((tx) => claimAnswered(ctx, tx, claim, { decision: first } as unknown as Json));
  const standing = digestOf(first as unknown as Json);
  const corrects = { decision: standing, reason: 'The register had a year wrong', article: 'design-correction' };

  /** Brings a correction as the exchange would; gives the code with which it was refused. */
  async function arrive(
    body: unknown,
    change: { from?: string; fromAgency?: string; code?: string; contract?: string; application?: string } = {},
  ): Promise<string | undefined> {
    const transaction = randomId();
    const { from = 'ru', fromAgency = 'ru.pension-fund', code = 'P.PN.01.TRN.009', application = id } = change;
    await ctx.db.query(
      `insert into exchange_transaction (lane, id, direction, code, pattern, operation, agreement, contract, from_state, to_state,
         from_agency, to_agency, application, status, request, request_digest, retries, timers, begun_at)
       values ($1, $2, 'in', $3, 'notification', 'correctDecision', 'pension', $4, $5, 'kz', $6, 'kz.portal', $7, 'received', $8, 'd',
         0, '{}', $9)`,
      [
        ...[id, transaction, code, change.contract ?? agreement.contractDigest, from, fromAgency, application],
        ...[randomId(), ctx.clock.now()],
      ],
    );
    const record = await transactionOf(home, transaction);
    await ctx.db.transaction((tx) => decisionCorrected(ctx, tx, record, body as Json));
    return (await transactionOf(home, transaction)).refusal;
  }
  const corrected = (change: Partial<SealedDecision> = {}, by = agency) => ({
    decision: decision({ outcome: 'granted', corrects, ...change }, by),
  });
  const russia = async () => (await read()).cases.find(({ state }) => state === 'ru');
  return { home, ctx, founded, agreement, id, read, russia, first, standing, corrects, decision, corrected, arrive };
}

describe('a corrected decision that arrives', () => {
  test('stands from now on, the earlier one is kept, and she gets one letter', async (t) => {
    const { ctx, arrive, corrected, read, russia, first } = await decided(t);
    assert.equal(await arrive(corrected()), undefined);
    const one = await russia();
    assert.deepEqual([one?.decision?.payload.outcome, one?.status], ['granted', 'decided']);
    assert.ok(one?.correctedAt);
    assert.deepEqual(
      (await read()).replaced.map(({ state, decision }) => [state, decision]),
      [['ru', first]],
    );
    const letters = (await lettersOf(ctx.db, HER.person)).filter(({ kind }) => kind === 'corrected');
    assert.deepEqual(
      letters.map(({ params }) => params),
      [{ state: 'ru', outcome: 'granted' }],
    );
  });

  test('a second time takes the place of nothing: what it names does not stand any more', async (t) => {
    const { ctx, arrive, corrected, read } = await decided(t);
    const body = corrected();
    await arrive(body);
    assert.equal(await arrive(body), 'DECISION_INVALID');
    assert.equal((await read()).replaced.length, 1);
    assert.equal((await lettersOf(ctx.db, HER.person)).filter(({ kind }) => kind === 'corrected').length, 1);
  });

  test('is refused where it does not prove itself, and nothing changes', async (t) => {
    const { founded, arrive, corrected, decision, russia, read, corrects, first } = await decided(t);
    const stranger = founded.keys.kg?.agencies['kg.pension-fund'];
    const node = founded.keys.ru?.messages;
    assert.ok(stranger && node);
    const invalid = 'DECISION_INVALID';
    const cases: Record<string, [() => Promise<string | undefined>, string]> = {
      'signed by another agency': [() => arrive(corrected({}, stranger)), invalid],
      'signed by a node': [() => arrive(corrected({}, node)), invalid],
      'brought by another state': [
        () => arrive(corrected(), { from: 'kg', fromAgency: 'kg.pension-fund' }),
        'APPLICATION_NOT_FOUND',
      ],
      'brought by another agency': [
        () => arrive(corrected(), { fromAgency: 'ru.population' }),
        'APPLICATION_NOT_FOUND',
      ],
      'for an application that is not here': [
        () => arrive(corrected(), { application: randomId() }),
        'APPLICATION_NOT_FOUND',
      ],
      'that corrects nothing': [() => arrive({ decision: decision({ outcome: 'granted' }) }), invalid],
      'that corrects another decision': [
        () => arrive(corrected({ corrects: { ...corrects, decision: 'f'.repeat(64) } })),
        invalid,
      ],
      'by an article that allows none': [
        () => arrive(corrected({ corrects: { ...corrects, article: 'eaeu-2019-scope' } })),
        invalid,
      ],
      'by another transaction': [() => arrive(corrected(), { code: 'P.PN.01.TRN.003' }), invalid],
      'by another contract': [() => arrive(corrected(), { contract: 'f'.repeat(64) }), invalid],
      'of another person': [() => arrive(corrected({ reference: 'another' })), invalid],
      'of another case': [() => arrive(corrected({ case: randomId() })), invalid],
      'older than what it corrects': [() => arrive(corrected({ decidedAt: '2026-11-22T09:59:59.999Z' })), invalid],
      'on evidence that was not sent': [() => arrive(corrected({ evidence: ['f'.repeat(64)] })), invalid],
      'with two outcomes': [() => arrive(corrected({ outcome: 'partly', decision: first.payload.decision })), invalid],
      'by a silence that the agreement gives no consequence': [
        () => {
          const { decision: sealed } = corrected();
          const silence = {
            consequence: 'approve',
            article: 'design-outcome',
            source: 'design',
            said: 'refused',
          } as const;
          const made = { ...sealed.payload.decision, silence: { ...silence, due: '2026-12-22' } };
          return arrive(corrected({ decision: made }));
        },
        invalid,
      ],
      'of tomorrow': [
        () => arrive(corrected({ decidedAt: '2999-01-01T10:00:00.000Z', decidedOn: '2999-01-01' })),
        invalid,
      ],
      'on another day than that of its time': [() => arrive(corrected({ decidedOn: '2026-01-01' })), invalid],
      'without its form': [() => arrive('hello'), invalid],
      'with more in its form': [() => arrive({ ...corrected(), more: 1 }), invalid],
      'with a document of no type': [
        () => arrive({ ...corrected(), document: { id: randomId(), type: 'x', credential: 'x', paper: 'x' } }),
        'DOCUMENT_INVALID',
      ],
    };
    for (const [name, [bring, code]] of Object.entries(cases)) assert.equal(await bring(), code, name);
    assert.deepEqual([(await russia())?.decision, (await read()).replaced], [first, []]);
  });
});

describe('a request for a correction', () => {
  test('goes out sealed, with the record that was asked for again and that she chose', async (t) => {
    const made = await decided(t);
    const { home, ctx, founded, agreement, id, standing } = made;
    await renewEvidence(ctx, HER, id, 'ru', KEY);
    await renewEvidence(ctx, HER, id, 'ru', KEY);
    const asked = (await listTransactions(ctx.db, { application: id })).filter(
      ({ operation, to }) => operation === 'fetchEvidence' && to === 'ru',
    );
    assert.equal(asked.length, 2, 'once with the application, once since, pressed twice');
    const again = asked.at(-1) ?? assert.fail();
    const { sealed } = await getApplication(ctx.db, HER.person, id);
    const place = await correctionPlace(ctx, HER, id, 'ru');
    const request = place.records.find(({ key }) => key === KEY)?.renewed?.request;
    const evidence = evidenceOf(founded, agreement, {
      ...{ type: 'insured-periods', state: 'ru', application: id, reference: sealed.payload.reference },
      ...(request === undefined ? {} : { request }),
    });
    await ctx.db.transaction((tx) => evidenceAnswered(ctx, tx, again, evidence as unknown as Json));
    assert.equal((await lettersOf(ctx.db, HER.person)).filter(({ kind }) => kind === 'renewedEvidence').length, 1);
    await askCorrection(ctx, HER, id, 'ru', { reason: ' A year is missing ', keys: [KEY] });
    const [one] = (await made.read()).corrections;
    assert.deepEqual([one?.status, one?.reason], ['sent', 'A year is missing']);
    const [sent] = await ctx.db.query<{ body: Buffer }>(
      `select m.body from exchange_sent m join exchange_transaction t on t.request = m.id where t.operation = 'askCorrection'`,
    );
    const { body } = JSON.parse(sent?.body.toString() ?? '') as {
      body: { request: Sealed<SealedCorrectionRequest>; evidence: unknown[] };
    };
    assert.deepEqual(body.evidence, [evidence]);
    assert.deepEqual(
      [body.request.payload.decision, body.request.payload.evidence, body.request.payload.agency],
      [standing, [digestOf(evidence as unknown as Json)], 'ru.pension-fund'],
    );
    const transaction = await transactionOf(home, one?.transaction ?? '');
    await ctx.db.transaction((tx) => correctionAccepted(ctx, tx, transaction));
    assert.equal((await made.read()).corrections[0]?.status, 'accepted');
    // Now a correction may rest on what she sent.
    assert.equal(await made.arrive(made.corrected({ evidence: [digestOf(evidence as unknown as Json)] })), undefined);
    await ctx.db.transaction((tx) => correctionAnswered(ctx, tx, transaction, { standing: 'corrected' }));
    assert.equal((await made.read()).corrections[0]?.status, 'corrected');
  });

  test('is one at a time, in words, of her own, and only where something was decided', async (t) => {
    const { ctx, id } = await decided(t);
    const ask = (change: { reason?: string; keys?: string[]; who?: string; state?: string } = {}) =>
      askCorrection(ctx, actor(change.who), id, change.state ?? 'ru', {
        reason: change.reason ?? 'A year is missing',
        keys: change.keys ?? [],
      });
    await assert.rejects(ask({ reason: ' ' }), fails('CORRECTION_WORDS_MISSING'));
    await assert.rejects(ask({ reason: 'x'.repeat(2_001) }), fails('CORRECTION_WORDS_LONG'));
    await assert.rejects(ask({ who: 'marat' }), fails('APPLICATION_NOT_FOUND'));
    await assert.rejects(ask({ state: 'kz' }), fails('CORRECTION_NOT_OFFERED'));
    await assert.rejects(ask({ state: 'constructor' }), fails('CORRECTION_NOT_OFFERED'));
    await assert.rejects(ask({ keys: [KEY] }), fails('EVIDENCE_NOT_ASKED'));
    await assert.rejects(renewEvidence(ctx, actor('marat'), id, 'ru', KEY), fails('APPLICATION_NOT_FOUND'));
    await assert.rejects(renewEvidence(ctx, HER, id, 'ru', 'insured-periods/kg'), fails('EVIDENCE_NOT_ASKED'));
    await assert.rejects(correctionPlace(ctx, actor('marat'), id, 'ru'), fails('APPLICATION_NOT_FOUND'));
    const results = await Promise.allSettled([ask(), ask(), ask()]);
    assert.deepEqual(results.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected', 'rejected']);
    await assert.rejects(ask(), fails('CORRECTION_ASKED'));
  });

  test('that is declined counts only under the agency’s own signature', async (t) => {
    const { home, ctx, founded, id, read } = await decided(t);
    await askCorrection(ctx, HER, id, 'ru', { reason: 'A year is missing', keys: [] });
    const [one] = (await read()).corrections;
    const transaction = await transactionOf(home, one?.transaction ?? '');
    const { payload } = (await read()).sealed;
    const refusal = (by: SigningKey, change: { application?: string; request?: string } = {}) => ({
      standing: 'declined',
      answer: seal(
        'correction-refusal',
        {
          ...{
            case: randomId(),
            application: id,
            reference: payload.reference,
            state: 'ru',
            agency: 'ru.pension-fund',
          },
          ...{ request: one?.request ?? '', reason: 'It was read rightly', at: ctx.clock.now() },
          ...change,
        },
        [by],
      ),
    });
    const agency = founded.keys.ru?.agencies['ru.pension-fund'];
    const stranger = founded.keys.kg?.agencies['kg.pension-fund'];
    assert.ok(agency && stranger);
    const bring = (body: unknown) => ctx.db.transaction((tx) => correctionAnswered(ctx, tx, transaction, body as Json));
    for (const wrong of [
      refusal(stranger),
      refusal(agency, { application: randomId() }),
      refusal(agency, { request: 'f'.repeat(64) }),
      { standing: 'corrected' },
      {},
      { standing: 'declined' },
    ]) {
      await assert.rejects(bring(wrong), fails('DECISION_INVALID'));
    }
    assert.equal((await read()).corrections[0]?.status, 'sent');
    await bring(refusal(agency));
    const [answered] = (await read()).corrections;
    assert.deepEqual([answered?.status, answered?.answer?.payload.reason], ['declined', 'It was read rightly']);
    await bring(refusal(agency));
    await ctx.db.transaction((tx) => correctionRefused(ctx, tx, transaction, 'X'));
    assert.equal((await read()).corrections[0]?.status, 'declined');
    assert.equal((await lettersOf(ctx.db, HER.person)).filter(({ kind }) => kind === 'correctionDeclined').length, 1);
  });
});

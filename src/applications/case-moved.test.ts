import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { agreementLibrary, decide } from '../agreements/index.ts';
import { randomId, type SigningKey, seal } from '../crypto/index.ts';
import { listTransactions } from '../exchange/index.ts';
import { lettersOf } from '../mailbox/index.ts';
import { isFailure, type Json } from '../storage/index.ts';
import { claimAnswered } from './case-answers.ts';
import { caseMoved } from './case-moved.ts';
import { getApplication } from './read.ts';
import { actor, ratify, readyDraft, send, testHome } from './testing.ts';
import type { SealedDecision, SealedMove } from './types.ts';

const HER = actor();

/** Her application, which Russia examines, and a newer contract. */
async function examined(t: TestContext, ratified = true, version = '1.1.0') {
  const home = await testHome(t);
  const { founded, agreement } = home;
  const after = { ...agreement, version, contractDigest: 'a'.repeat(64) };
  if (ratified) await ratify(home.ctx.trust, founded, after);
  const ctx = { ...home.ctx, agreements: agreementLibrary([agreement, after]) };
  const id = await readyDraft(home);
  await send(home, id);
  const read = () => getApplication(ctx.db, HER.person, id);
  const { payload } = (await read()).sealed;
  const agency = founded.keys.ru?.agencies['ru.pension-fund'] as SigningKey;
  const move = (change: Partial<SealedMove> = {}, by = agency) =>
    seal<SealedMove>(
      'case-move',
      {
        ...{ case: randomId(), application: id, reference: payload.reference, state: 'ru', agency: 'ru.pension-fund' },
        ...{ from: agreement.contractDigest, to: after.contractDigest, annex: after.annexes.ru?.digest ?? '' },
        reason: 'A year was counted wrongly',
        at: ctx.clock.now(),
        ...change,
      },
      [by],
    );
  const arrive = (body: unknown, from = 'ru') => ctx.db.transaction((tx) => caseMoved(ctx, tx, from, body as Json));
  /** Russia decides by a contract. */
  async function answer(contract: string) {
    const made = decide(agreement, {
      ...{ service: 'pension', state: 'ru', home: 'kz', answers: payload.answers, evidence: [] },
      dates: { claim: payload.filedOn },
    });
    const decision = { ...made, outcome: 'refused' as const, digests: { ...made.digests, contract } };
    const sealed: SealedDecision = {
      ...{ case: randomId(), application: id, reference: payload.reference, state: 'ru', agency: 'ru.pension-fund' },
      ...{ outcome: 'refused', decision, evidence: [], confirmations: 2 },
      ...{ decidedAt: payload.filedAt, decidedOn: payload.filedOn },
    };
    const claim = (await listTransactions(ctx.db, { application: id })).find(
      ({ to, operation }) => to === 'ru' && operation === 'openCase',
    );
    assert.ok(claim);
    const body = { decision: seal('decision', sealed, [agency]) } as unknown as Json;
    await ctx.db.transaction((tx) => claimAnswered(ctx, tx, claim, body));
  }
  const russia = async () => (await read()).cases.find(({ state }) => state === 'ru');
  return { ctx, founded, agreement, after, move, arrive, answer, russia };
}

test('from the move on a decision counts by the newer contract, and by no other; she gets one letter', async (t) => {
  const { ctx, agreement, after, move, arrive, answer, russia } = await examined(t);
  await assert.rejects(answer(after.contractDigest), (error) => isFailure(error, 'DECISION_INVALID'));
  await arrive(move());
  await arrive(move());
  assert.equal((await russia())?.contract, after.contractDigest);
  const letters = (await lettersOf(ctx.db, HER.person)).filter(({ kind }) => kind === 'caseMoved');
  assert.deepEqual(
    letters.map(({ params }) => params),
    [{ state: 'ru', version: '1.1.0', reason: 'A year was counted wrongly' }],
  );
  await assert.rejects(answer(agreement.contractDigest), (error) => isFailure(error, 'DECISION_INVALID'));
  await answer(after.contractDigest);
  assert.equal((await russia())?.status, 'decided');
  await arrive(move({ to: agreement.contractDigest, from: after.contractDigest }));
  assert.equal((await russia())?.contract, after.contractDigest, 'what is decided does not move');
});

test('a move that does not prove itself is refused, and the case stays under what she filed', async (t) => {
  const { founded, move, arrive, russia } = await examined(t);
  const [stranger, node] = [founded.keys.kg?.agencies['kg.pension-fund'], founded.keys.ru?.messages];
  assert.ok(stranger && node);
  const cases: Record<string, [unknown, string?]> = {
    'signed by another agency': [move({}, stranger)],
    'signed by a node': [move({}, node)],
    'brought by another state': [move(), 'kz'],
    'for an application that is not here': [move({ application: randomId() })],
    'of another person': [move({ reference: 'another' })],
    'from another contract': [move({ from: 'b'.repeat(64) })],
    'to a contract nobody ratified': [move({ to: 'b'.repeat(64) })],
    'of another agency': [move({ agency: 'ru.population' })],
    'of tomorrow': [move({ at: '2999-01-01T10:00:00.000Z' })],
    'of a day before she applied': [move({ at: '2026-11-01T10:00:00.000Z' })],
    'without its form': ['hello'],
  };
  for (const [name, [body, from]] of Object.entries(cases)) {
    await assert.rejects(arrive(body, from), (error) => isFailure(error, 'DECISION_INVALID'), name);
  }
  assert.equal((await russia())?.contract, undefined);
});

test('a move to a contract that home has not ratified is refused', async (t) => {
  const { move, arrive } = await examined(t, false);
  await assert.rejects(arrive(move()), (error) => isFailure(error, 'DECISION_INVALID'));
});

test('a move to an earlier contract is refused, though both states have ratified it', async (t) => {
  const { move, arrive, russia } = await examined(t, true, '0.9.0');
  await assert.rejects(arrive(move()), (error) => isFailure(error, 'DECISION_INVALID'));
  assert.equal((await russia())?.contract, undefined);
});

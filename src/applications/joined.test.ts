import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { decide, getAgreement, type Outcome } from '../agreements/index.ts';
import { digestHex, randomId, seal } from '../crypto/index.ts';
import { listTransactions } from '../exchange/index.ts';
import { isFailure, type Json } from '../storage/index.ts';
import { claimAnswered, claimRefused } from './case-answers.ts';
import { saveThing, startDraft } from './drafts.ts';
import { awardArrived, JOINED, type JoinedBody } from './join-decisions.ts';
import { getApplication, togetherOf } from './read.ts';
import { confirmEvidence } from './submit.ts';
import { actor, fill, send, testHome } from './testing.ts';
import type { SealedDecision } from './types.ts';
import { uploadFile } from './uploads.ts';

const HER = actor();
const FILE = Buffer.from('%PDF-1.7\ninvoice\n%%EOF\n');

/** Goods to bring in, on which Kazakhstan and Kyrgyzstan decide together: any refusal blocks. */
async function draftOfGoods(t: TestContext) {
  const agreement = await getAgreement(`${process.env.COMMONWAY_ROOT}/src/agreements/fixtures/wide`);
  const home = await testHome(t, agreement);
  const { ctx } = home;
  const { id } = await startDraft(ctx, HER, { agreement: 'goods', service: 'import' });
  await fill(ctx, HER, id, 'where', { offices: ['kz', 'kg'], express: false });
  const wool = { what: 'Wool', value: 600, origin: 'kz' };
  const place = { page: 'goods', list: 'goods', thing: 'new' as const };
  const licence = await uploadFile(ctx, HER, id, fieldOf(agreement, 'licence'), { name: 'l.pdf', bytes: FILE });
  assert.deepEqual(await saveThing(ctx, HER, id, place, { ...wool, licence: { ...licence } }, ''), {});
  const bytes = Buffer.concat([FILE, FILE]);
  const invoice = await uploadFile(ctx, HER, id, fieldOf(agreement, 'invoice'), { name: 'i.pdf', bytes });
  await fill(ctx, HER, id, 'papers', { invoice: { ...invoice } });
  await confirmEvidence(ctx, HER, id);
  return { home, agreement, ctx, id };
}

function fieldOf(agreement: Awaited<ReturnType<typeof getAgreement>>, name: string) {
  const fields = agreement.services.import?.fields ?? {};
  return fields[name] ?? fields.goods?.list?.fields[name] ?? assert.fail(name);
}

async function sentGoods(t: TestContext) {
  const made = await draftOfGoods(t);
  const { home, agreement, ctx, id } = made;
  await ctx.db.query(`update stored_file set status = 'clean'`);
  await send(home, id);
  const { sealed } = await getApplication(ctx.db, HER.person, id);
  const claims = await listTransactions(ctx.db, { application: id });
  /** A state decides, whatever its rules would say. */
  const answer = async (state: string, outcome: Outcome, document?: Json) => {
    const key = home.founded.keys[state]?.agencies[`${state}.pension-fund`] ?? assert.fail(state);
    const { answers, filedOn, filedAt, reference } = sealed.payload;
    const decision = decide(agreement, {
      ...{ service: 'import', state, home: 'kz', answers, evidence: [] },
      dates: { claim: filedOn },
    });
    const payload: SealedDecision = {
      case: randomId(),
      application: id,
      reference,
      state,
      agency: `${state}.pension-fund`,
      outcome,
      decision: { ...decision, outcome },
      evidence: [],
      decidedAt: filedAt,
      decidedOn: filedOn,
      confirmations: 0,
    };
    const claim = claims.find(({ to }) => to === state) ?? assert.fail(state);
    const signed = seal('decision', payload, [key]);
    const body = { decision: signed, ...(document !== undefined && { document }) } as unknown as Json;
    await ctx.db.transaction((tx) => claimAnswered(ctx, tx, claim, body));
  };
  const together = async () => togetherOf(agreement, await getApplication(ctx.db, HER.person, id));
  return { ...made, answer, together };
}

describe('an application on which several decide together', () => {
  test('is granted once all have granted it', async (t) => {
    const { answer, together } = await sentGoods(t);
    assert.equal(await together(), 'waiting');
    await answer('kz', 'granted');
    assert.equal(await together(), 'waiting');
    await answer('kg', 'granted');
    assert.equal(await together(), 'granted');
  });

  test('is refused with the first refusal, and stays so when another grants it', async (t) => {
    const { answer, together } = await sentGoods(t);
    await answer('kg', 'refused');
    assert.equal(await together(), 'refused');
    await answer('kz', 'granted');
    assert.equal(await together(), 'refused');
  });
});

describe('what all have decided', () => {
  /** To whom it was relayed, with how many decisions and whose refusals to take the claim. */
  const relayed = async (ctx: Awaited<ReturnType<typeof sentGoods>>['ctx']) => {
    const rows = await ctx.db.query<{ receiver: string; body: Buffer }>(
      'select receiver, body from exchange_sent where type = $1 order by receiver, sequence',
      [JOINED],
    );
    return rows.map(({ receiver, body }) => {
      const { decisions, refused } = JSON.parse(body.toString()) as JoinedBody;
      return [receiver, decisions.map(({ payload }) => `${payload.state} ${payload.outcome}`), refused];
    });
  };

  test('is relayed to each that granted once the last has spoken, under their own signatures', async (t) => {
    const { ctx, answer } = await sentGoods(t);
    await answer('kz', 'granted');
    assert.deepEqual(await relayed(ctx), []);
    await answer('kg', 'granted');
    const all = ['kg granted', 'kz granted'];
    assert.deepEqual(await relayed(ctx), [
      ['kg', all, []],
      ['kz', all, []],
    ]);
  });

  test('is told to who granted before and after a refusal, and not to who refused', async (t) => {
    const { ctx, answer } = await sentGoods(t);
    await answer('kg', 'refused');
    assert.deepEqual(await relayed(ctx), []);
    await answer('kz', 'granted');
    assert.deepEqual(await relayed(ctx), [['kz', ['kg refused', 'kz granted'], []]]);
  });

  test('counts a claim that was not taken as a refusal', async (t) => {
    const { ctx, id, answer } = await sentGoods(t);
    await answer('kz', 'granted');
    const claim = (await listTransactions(ctx.db, { application: id })).find(({ to }) => to === 'kg') ?? assert.fail();
    await ctx.db.transaction((tx) => claimRefused(ctx, tx, claim, 'CLAIM_INVALID'));
    assert.deepEqual(await relayed(ctx), [['kz', ['kz granted'], ['kg']]]);
  });

  test('is not forestalled by a document of one authority, with its decision or before all have granted', async (t) => {
    const { ctx, id, answer, together } = await sentGoods(t);
    const document = { id: randomId(), type: 'permit', credential: 'x', paper: 'x' };
    const early = (error: unknown) =>
      isFailure(error, 'DOCUMENT_INVALID') && error.params.reason === 'before all have granted it';
    await assert.rejects(answer('kg', 'granted', document), early);
    assert.equal(await together(), 'waiting');
    const arrive = () => ctx.db.transaction((tx) => awardArrived(ctx, tx, 'kg', { application: id, document }));
    await answer('kg', 'granted');
    await assert.rejects(arrive(), early);
    await answer('kz', 'refused');
    await assert.rejects(arrive(), early);
  });

  test('no document comes of it but one that proves itself, of a decision that she holds', async (t) => {
    const { ctx, id, answer } = await sentGoods(t);
    const document = { id: randomId(), type: 'permit', credential: 'x', paper: 'x' };
    const arrive = (body: Json, from = 'kg') => ctx.db.transaction((tx) => awardArrived(ctx, tx, from, body));
    const fails = (code: string) => (error: unknown) => isFailure(error, code);
    await assert.rejects(arrive({ application: id, document }), fails('APPLICATION_NOT_FOUND'), 'not decided');
    await answer('kg', 'granted');
    await answer('kz', 'granted');
    await assert.rejects(arrive({ application: id, document }), fails('DOCUMENT_INVALID'), 'proves nothing');
    await assert.rejects(arrive({ application: id, document }, 'am'), fails('APPLICATION_NOT_FOUND'), 'no decider');
    await assert.rejects(arrive({ application: 'x', document }), fails('DOCUMENT_INVALID'));
    await assert.rejects(arrive('hello'), fails('DOCUMENT_INVALID'));
  });
});

describe('the files of an application', () => {
  test('leave this node only after the scanner, each to those that the agreement names', async (t) => {
    const { home, ctx, id } = await draftOfGoods(t);
    await assert.rejects(send(home, id), (error: unknown) => isFailure(error, 'FILE_QUARANTINED'));
    await ctx.db.query(`update stored_file set status = 'refused', reason = 'test-virus'`);
    await assert.rejects(send(home, id), (error: unknown) => isFailure(error, 'FILE_REFUSED'));
    await ctx.db.query(`update stored_file set status = 'clean'`);
    await send(home, id);
    const rows = await ctx.db.query<{ receiver: string; body: Buffer }>(
      `select receiver, body from exchange_sent where type = 'transaction/request' order by receiver`,
    );
    const digests = rows.map(({ receiver, body }) => {
      const { files } = (JSON.parse(body.toString()) as { body: { files: { digest: string }[] } }).body;
      return [receiver, files.map(({ digest }) => digest)];
    });
    const [licence, invoice] = [digestHex(FILE), digestHex(Buffer.concat([FILE, FILE]))];
    assert.deepEqual(digests, [
      ['kg', [licence, invoice]],
      ['kz', [invoice]],
    ]);
  });
});

import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { type Decision, decide } from '../agreements/index.ts';
import { randomId, type SigningKey, seal } from '../crypto/index.ts';
import { documentFile, migrations as documents, issueDocument } from '../documents/index.ts';
import { type TestNode, witness } from '../documents/testing.ts';
import { migrations as exchange, listTransactions } from '../exchange/index.ts';
import { migrations as ledger } from '../ledger/index.ts';
import { lettersOf } from '../mailbox/index.ts';
import { isFailure, type Json } from '../storage/index.ts';
import { freshDb } from '../storage/testing.ts';
import { anchorOf, openTrust, migrations as union } from '../union/index.ts';
import { filesOf } from '../union/testing.ts';
import { claimAccepted, claimAnswered, claimRefused } from './case-answers.ts';
import { documentFileArrived, getHeldDocument, heldDocuments } from './held-documents.ts';
import { getApplication } from './read.ts';
import { actor, readyDraft, send, type TestHome, testHome } from './testing.ts';
import type { SealedDecision } from './types.ts';

const HER = actor();
const fails = (code: string) => (error: unknown) => isFailure(error, code) || assert.fail(String(error));

/** An application that was sent to Kazakhstan and Russia, and the ways in which their answers arrive. */
async function sentApplication(t: TestContext) {
  const home = await testHome(t);
  const id = await send(home, await readyDraft(home));
  const { ctx } = home;
  const claims = (await listTransactions(ctx.db, { application: id })).filter(
    ({ operation }) => operation === 'openCase',
  );
  const claimOf = (state: string) => claims.find(({ to }) => to === state) ?? assert.fail(state);
  const { sealed } = await getApplication(ctx.db, HER.person, id);
  return {
    home,
    id,
    application: sealed.payload,
    claimOf,
    answer: (state: string, body: unknown) =>
      ctx.db.transaction((tx) => claimAnswered(ctx, tx, claimOf(state), body as Json)),
    look: async (state: string) =>
      (await getApplication(ctx.db, HER.person, id)).cases.find((one) => one.state === state),
    status: async () => (await getApplication(ctx.db, HER.person, id)).status,
  };
}

type Sent = Awaited<ReturnType<typeof sentApplication>>;

/** A state's decision as its fund seals it; `change` spoils it before. */
function decisionOf(
  { home: { founded, agreement }, application }: Sent,
  state: string,
  change: Partial<SealedDecision> = {},
  key: SigningKey | undefined = founded.keys[state]?.agencies[`${state}.pension-fund`],
) {
  const decision: Decision = decide(agreement, {
    ...{ service: 'pension', state, home: 'kz', answers: application.answers, evidence: [] },
    dates: { claim: application.filedOn },
  });
  const payload: SealedDecision = {
    case: randomId(),
    application: application.id,
    reference: application.reference,
    state,
    agency: `${state}.pension-fund`,
    outcome: 'granted',
    decision: { ...decision, outcome: 'granted' },
    evidence: application.evidence,
    decidedAt: application.filedAt,
    decidedOn: application.filedOn,
    confirmations: 2,
    ...change,
  };
  if (key === undefined) throw new RangeError(`no key of ${state}`);
  return seal('decision', payload, [key]);
}

/** Russia's node as far as it issues documents. */
async function issuer(t: TestContext, { founded, ctx }: TestHome): Promise<TestNode> {
  const db = await freshDb(t, [union, ledger, exchange, documents]);
  const trust = await openTrust({ db, clock: ctx.clock }, { self: 'ru', files: filesOf(founded) });
  const keys = founded.keys.ru;
  if (keys === undefined) throw new RangeError('no keys of ru');
  return {
    ...{ db, clock: ctx.clock, trust, keys },
    ledger: { origin: trust.manifest('ru').ledger.origin, key: keys.ledger },
    documents: { key: keys.documents, x5c: keys.documentsChain },
    seal: keys.seal,
    anchors: [anchorOf(founded.charter.payload)],
  };
}

const issue = (
  ru: TestNode,
  key: string,
  change: { agency?: string; vct?: string } = {},
  agreement: TestHome['agreement'],
) =>
  ru.db.transaction(async (tx) => {
    const [type] = Object.values(agreement.documents);
    if (type === undefined) throw new RangeError('no document');
    const { id, credential, paper } = await issueDocument(tx, ru, {
      ...{ key, type: type.type, vct: type.vct, agency: 'ru.pension-fund', claims: { months: 12 } },
      holder: { home: 'kz', reference: 'r-1' },
      ...change,
    });
    return { id, type: type.type, credential, paper };
  });

test('decisions of two states at the same moment close the application', async (t) => {
  const sent = await sentApplication(t);
  const { ctx } = sent.home;
  assert.equal(await sent.status(), 'submitted');
  let second: Promise<void> | undefined;
  await ctx.db.transaction(async (tx) => {
    await claimAnswered(ctx, tx, sent.claimOf('kz'), { decision: decisionOf(sent, 'kz') } as unknown as Json);
    // The other answer comes before this transaction ends: it must wait, or neither would see that it is the last.
    second = sent.answer('ru', { decision: decisionOf(sent, 'ru') });
    await pause(250);
  });
  await second;
  assert.equal(await sent.status(), 'closed');
  assert.deepEqual([(await sent.look('kz'))?.status, (await sent.look('ru'))?.status], ['decided', 'decided']);
});

test('a decision and a refusal at the same moment close it as well', async (t) => {
  const sent = await sentApplication(t);
  const { ctx } = sent.home;
  await Promise.all([
    sent.answer('kz', { decision: decisionOf(sent, 'kz') }),
    ctx.db.transaction((tx) => claimRefused(ctx, tx, sent.claimOf('ru'), 'CLAIM_INVALID')),
  ]);
  assert.deepEqual([await sent.status(), (await sent.look('ru'))?.refusal], ['closed', 'CLAIM_INVALID']);
});

test('a decision that does not prove itself changes nothing', async (t) => {
  const sent = await sentApplication(t);
  const { founded } = sent.home;
  const right = decisionOf(sent, 'ru');
  const whole = right.payload.decision;
  const { digests } = whole;
  const payload = (change: Partial<SealedDecision> | { [member: string]: unknown }) =>
    decisionOf(sent, 'ru', change as Partial<SealedDecision>);
  const wrong: Record<string, unknown> = {
    'nothing at all': null,
    'of another form': { decision: right, more: 1 },
    unsigned: { decision: { ...right, signatures: [] } },
    'signed by the node': { decision: decisionOf(sent, 'ru', {}, founded.keys.ru?.messages) },
    'signed by another agency': { decision: decisionOf(sent, 'ru', {}, founded.keys.ru?.agencies['ru.population']) },
    'of another state': { decision: decisionOf(sent, 'kz') },
    'in the name of another state': { decision: decisionOf(sent, 'kz', { state: 'ru', agency: 'ru.pension-fund' }) },
    changed: { decision: { ...right, payload: { ...right.payload, confirmations: 7 } } },
    'of another application': { decision: payload({ application: randomId() }) },
    'about another person': { decision: payload({ reference: 'another' }) },
    'with two outcomes': { decision: payload({ outcome: 'partly' }) },
    'without an outcome': { decision: payload({ outcome: 'undecided', decision: { ...whole, outcome: 'undecided' } }) },
    'under another contract': {
      decision: payload({ decision: { ...whole, digests: { ...digests, contract: 'f'.repeat(64) } } }),
    },
    'under an annex that was not ratified': {
      decision: payload({ decision: { ...whole, digests: { ...digests, annex: 'f'.repeat(64) } } }),
    },
    'on evidence that was not sent': { decision: payload({ evidence: ['f'.repeat(64)] }) },
    'without an explanation': { decision: payload({ decision: { ...whole, explanation: null } }) },
    'with an explanation that is none': { decision: payload({ decision: { ...whole, explanation: [null] } }) },
    'of a case without a name': { decision: payload({ case: 'x' }) },
    'at no time': { decision: payload({ decidedAt: 'yesterday' }) },
    'without a payload': { decision: { ...right, payload: null } },
  };
  for (const [what, body] of Object.entries(wrong)) {
    await assert.rejects(
      sent.answer('ru', body),
      (error) => isFailure(error, 'DECISION_INVALID') || assert.fail(`${what}: ${error}`),
    );
  }
  assert.equal((await sent.look('ru'))?.status, 'sent');
  assert.equal((await lettersOf(sent.home.ctx.db, HER.person)).length, 1);
});

test('the first decision stands: nothing that comes later changes it', async (t) => {
  const sent = await sentApplication(t);
  const { ctx } = sent.home;
  const first = decisionOf(sent, 'ru');
  await sent.answer('ru', { decision: first });
  await sent.answer('ru', { decision: decisionOf(sent, 'ru', { outcome: 'refused' }) });
  await ctx.db.transaction((tx) => claimRefused(ctx, tx, sent.claimOf('ru'), 'CLAIM_INVALID'));
  await ctx.db.transaction((tx) => claimAccepted(ctx, tx, sent.claimOf('ru'), { case: randomId() }));
  const row = await sent.look('ru');
  assert.deepEqual([row?.status, row?.decision, row?.refusal], ['decided', first, undefined]);
  assert.equal((await lettersOf(ctx.db, HER.person)).length, 2);
  // An answer to one state's claim is none to another's.
  assert.equal((await sent.look('kz'))?.status, 'sent');
});

test('an acceptance without a case that could be one is an acceptance all the same', async (t) => {
  const sent = await sentApplication(t);
  const { ctx } = sent.home;
  for (const body of [{ case: 'x' }, null, { case: 7 }]) {
    await ctx.db.transaction((tx) => claimAccepted(ctx, tx, sent.claimOf('ru'), body as Json));
  }
  const row = await sent.look('ru');
  assert.deepEqual([row?.status, row?.case], ['accepted', undefined]);
});

test('a document counts only as what the deciding authority issued', async (t) => {
  const sent = await sentApplication(t);
  const { ctx, agreement } = sent.home;
  const ru = await issuer(t, sent.home);
  const decision = decisionOf(sent, 'ru');
  const right = await issue(ru, 'case-1', {}, agreement);
  const other = await issue(ru, 'case-2', {}, agreement);
  const ofPopulation = await issue(ru, 'case-3', { agency: 'ru.population' }, agreement);
  const ofAnotherType = await issue(ru, 'case-4', { vct: 'urn:other:1' }, agreement);
  const wrong: Record<string, unknown> = {
    'that is none': { ...right, credential: 'x' },
    'under another id': { ...right, id: other.id },
    'with the code of another': { ...right, paper: other.paper },
    'of another agency': ofPopulation,
    'of another credential type': ofAnotherType,
    'of a type that the agreement does not have': { ...right, type: 'passport' },
    'whose id is none': { ...right, id: 'x' },
  };
  for (const [what, document] of Object.entries(wrong)) {
    await assert.rejects(
      sent.answer('ru', { decision, document }),
      (error) => isFailure(error, 'DOCUMENT_INVALID') || assert.fail(`${what}: ${error}`),
    );
  }
  const refusal = decisionOf(sent, 'ru', {
    outcome: 'refused',
    decision: { ...decision.payload.decision, outcome: 'refused' },
  });
  await assert.rejects(sent.answer('ru', { decision: refusal, document: right }), fails('DOCUMENT_INVALID'));
  await assert.rejects(
    sent.answer('kz', { decision: decisionOf(sent, 'kz'), document: right }),
    fails('DOCUMENT_INVALID'),
  );
  assert.deepEqual(await heldDocuments(ctx.db, HER.person), []);
  await sent.answer('ru', { decision, document: right });
  assert.deepEqual(
    (await heldDocuments(ctx.db, HER.person)).map(({ id }) => id),
    [right.id],
  );
});

test("a document's file is kept once, from its issuer alone, and only when it verifies", async (t) => {
  const sent = await sentApplication(t);
  const { ctx, agreement, founded } = sent.home;
  const ru = await issuer(t, sent.home);
  const document = await issue(ru, 'case-1', {}, agreement);
  const other = await issue(ru, 'case-2', {}, agreement);
  await sent.answer('ru', { decision: decisionOf(sent, 'ru'), document });
  const [row] = await ru.db.query<{ leaf_id: string }>('select leaf_id from documents where id = $1', [other.id]);
  await witness(t, ru, founded, row?.leaf_id ?? '');
  const base64 = async (id: string) => (await documentFile(ru, id)).toString('base64');
  const file = await base64(document.id);
  const arrives = (from: string, body: Json) => ctx.db.transaction((tx) => documentFileArrived(ctx, tx, from, body));
  const right = { id: document.id, application: sent.id, file };
  const kept = async () => (await getHeldDocument(ctx.db, HER.person, document.id)).file;

  for (const nowhere of [
    { ...right, id: other.id },
    { ...right, application: randomId() },
  ])
    await arrives('ru', nowhere);
  await arrives('kz', right);
  assert.equal(await kept(), undefined);
  const changed = Buffer.from(file, 'base64');
  changed[changed.length - 20] = (changed[changed.length - 20] ?? 0) ^ 1;
  const wrong: Json[] = [
    null,
    { ...right, file: 7 },
    { ...right, application: 'x' },
    { ...right, file: Buffer.from('{}').toString('base64') },
    { ...right, file: changed.toString('base64') },
    { ...right, file: await base64(other.id) },
  ];
  for (const body of wrong) await assert.rejects(arrives('ru', body), fails('DOCUMENT_INVALID'));
  assert.equal(await kept(), undefined);
  await arrives('ru', right);
  await arrives('ru', { ...right, file: await base64(other.id) });
  assert.equal((await kept())?.toString('base64'), file);
});

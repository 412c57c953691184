import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { generateKey, seal } from '../../crypto/index.ts';
import { isFailure } from '../../storage/index.ts';
import { importCsv } from '../import/import-csv.ts';
import { ask, CONTRACT, PERIODS, type TestHome, type TestNode, testStates } from '../testing.ts';
import { countQuestion } from './count-question.ts';
import type { EvidenceQuery } from './evidence.ts';
import { type Asked, serveEvidence } from './serve-evidence.ts';
import { verifyEvidence } from './verify-evidence.ts';

const PERSON = {
  reference: 'r-1',
  names: [{ family: 'Асанов', given: 'Нурлан', script: 'Cyrl' as const }],
  birthDate: '1960-02-20',
  ids: [{ state: 'kg', value: 'KG-T-000101' }],
};
const ASKED: Asked = { from: 'kg', agency: 'kz.pension-fund', agreement: CONTRACT, evidence: PERIODS };

async function nodes(t: TestContext): Promise<{ kz: TestNode; kg: TestHome; ru: TestHome }> {
  const { kz, kg, ru } = await testStates(t, { nodes: ['kz'], homes: ['kg', 'ru'] });
  await importCsv(kz, {
    register: 'kz.pension-fund',
    agency: 'kz.pension-fund',
    source: [
      'insurance_number,period_no,family,given,birth_date,national_number,home_state,home_number,employer,from,to,kind,contributions_paid',
      'KZ-P-000502,1,Асанов,Нурлан,1960-02-20,,KG,KG-T-000101,Шымкент,2023-05-01,2024-03-31,employment,true',
    ].join('\n'),
  });
  return { kz, kg, ru };
}

async function refused(kz: TestNode, query: unknown, code: string, asked: Partial<Asked> = {}): Promise<void> {
  await assert.rejects(
    kz.db.transaction((tx) => serveEvidence(tx, kz, query, { ...ASKED, ...asked })),
    (error) => isFailure(error, code),
    code,
  );
  assert.deepEqual(await kz.db.query('select 1 from access_entries'), [], 'nothing was looked up');
}

test('a state may ask about its own persons only', async (t) => {
  const { kz, kg, ru } = await nodes(t);
  const query = ask(kg, PERSON);
  await refused(kz, query, 'REGISTERS_NOT_HOME', { from: 'ru' });
  // Russia claims the person as its own, under its own signature: the record is not hers by any id that Russia may assert.
  const { payload } = await kz.db.transaction((tx) => serveEvidence(tx, kz, ask(ru, PERSON), { ...ASKED, from: 'ru' }));
  assert.equal(payload.result, 'unproven');
});

test('a question needs the assertion of its home node, and of no other key', async (t) => {
  const { kz, kg, ru } = await nodes(t);
  const query = ask(kg, PERSON);
  const { payload } = query.assertion;
  for (const key of [generateKey(), ru.messagesKey, kg.ledger.key]) {
    await refused(kz, { ...query, assertion: seal('assertion', payload, [key]) }, 'REGISTERS_ASSERTION_FORGED');
  }
  await refused(kz, { ...query, assertion: seal('decision', payload, [kg.messagesKey]) }, 'REGISTERS_QUERY_WRONG');
  const { assertion, ...bare } = query;
  await refused(kz, bare, 'REGISTERS_QUERY_WRONG');
  const forged = { ...assertion, payload: { ...payload, assurance: 'high' } };
  await refused(kz, { ...query, assertion: forged }, 'REGISTERS_ASSERTION_FORGED');
});

test('an assertion covers its question to the last letter', async (t) => {
  const { kz, kg } = await nodes(t);
  const query = ask(kg, PERSON);
  const changes: Partial<EvidenceQuery>[] = [
    { application: 'application-2' },
    { subject: { ...query.subject, birthDate: '1960-02-21' } },
    { subject: { ...query.subject, ids: [] } },
    { subject: { ...query.subject, names: [{ family: 'Асанова', given: 'Нурлан', script: 'Cyrl' }] } },
  ];
  for (const change of changes) await refused(kz, { ...query, ...change }, 'REGISTERS_ASSERTION_OTHER');
  const other = ask(kg, { ...PERSON, reference: 'r-2' });
  await refused(kz, { ...query, assertion: other.assertion }, 'REGISTERS_ASSERTION_OTHER');
});

test('an assertion made too long ago, or in the future, is refused', async (t) => {
  const { kz, kg } = await nodes(t);
  await refused(kz, ask(kg, PERSON, { at: '2026-02-16T08:59:59.999Z' }), 'REGISTERS_ASSERTION_OLD');
  await refused(kz, ask(kg, PERSON, { at: '2026-03-02T09:01:00.001Z' }), 'REGISTERS_ASSERTION_EARLY');
  const waited = ask(kg, PERSON, { at: '2026-02-20T09:00:00.000Z' });
  const { payload } = await kz.db.transaction((tx) => serveEvidence(tx, kz, waited, ASKED));
  assert.equal(payload.result, 'found');
});

test('purpose, ground, contract and type must be those that this state ratified', async (t) => {
  const { kz, kg } = await nodes(t);
  const changes: Partial<EvidenceQuery>[] = [
    { purpose: 'curiosity' },
    { agreement: 'e'.repeat(64) },
    { ground: { kind: 'law', article: 'art-8' } },
    { ground: { kind: 'consent', article: 'art-7', consent: 'c-1' } },
    { type: 'identity' },
  ];
  for (const query of changes) await refused(kz, ask(kg, PERSON, { query }), 'REGISTERS_PURPOSE_OTHER');
  const evidence = { ...PERIODS, ground: { kind: 'consent' as const, article: 'art-7' } };
  const query = ask(kg, PERSON, { query: { ground: { kind: 'consent', article: 'art-7' } } });
  await refused(kz, query, 'REGISTERS_QUERY_WRONG', { evidence });
});

test('a person who was hardly identified is not asked about', async (t) => {
  const { kz, kg } = await nodes(t);
  await refused(kz, ask(kg, PERSON, { assurance: 'low' }), 'REGISTERS_ASSURANCE_LOW');
  await refused(kz, ask(kg, PERSON), 'REGISTERS_ASSURANCE_LOW', { assurance: 'high' });
});

test('an agency answers from its own register only', async (t) => {
  const { kz, kg } = await nodes(t);
  await refused(kz, ask(kg, PERSON), 'REGISTERS_NOT_SERVED', { agency: 'kz.population' });
  await refused(kz, ask(kg, PERSON), 'REGISTERS_NOT_SERVED', { agency: 'kg.pension-fund' });
});

test('a state that asks too much is told to wait, and others are not', async (t) => {
  const { kz } = await nodes(t);
  const count = (state: string, turn: number, now = '2026-03-02T09:10:00.000Z') =>
    kz.db.transaction((tx) => countQuestion(tx, { state, digest: turn.toString(16).padStart(2, '0'), now }, 32));
  for (let turn = 0; turn < 32; turn++) await count('kg', turn);
  await assert.rejects(count('kg', 0), (error) => isFailure(error, 'REGISTERS_RATE'));
  await count('ru', 0);
  await count('kg', 0, '2026-03-02T10:00:00.000Z');
});

test('evidence that anybody altered, swapped or kept too long is refused', async (t) => {
  const { kz, kg, ru } = await nodes(t);
  const query = ask(kg, PERSON);
  const sealed = await kz.db.transaction((tx) => serveEvidence(tx, kz, query, ASKED));
  const expected = {
    type: PERIODS.type,
    state: 'kz',
    agency: 'kz.pension-fund',
    agreement: CONTRACT,
    application: 'application-1',
    reference: 'r-1',
    home: 'kg',
    schema: PERIODS.schemaDigest,
    purpose: PERIODS.purpose,
    request: query.assertion.payload.requestDigest,
  };
  assert.equal(verifyEvidence(kg, sealed, expected), sealed);
  const fails = (altered: unknown, code: string, wanted = expected, at?: string) =>
    assert.throws(
      () => verifyEvidence(kg, altered as typeof sealed, wanted, at),
      (error) => isFailure(error, code),
    );
  const { payload } = sealed;
  fails({ ...sealed, payload: { ...payload, facts: { periods: [] } } }, 'REGISTERS_EVIDENCE_FORGED');
  fails({ ...sealed, payload: { ...payload, result: 'none' } }, 'REGISTERS_EVIDENCE_FORGED');
  const foreign = ru.agencyKeys['ru.pension-fund'] ?? generateKey();
  for (const key of [generateKey(), kz.messagesKey, foreign]) {
    fails(seal('evidence', payload, [key]), 'REGISTERS_EVIDENCE_FORGED');
  }
  for (const nothing of [
    null,
    {},
    { kind: 'evidence' },
    { ...sealed, signatures: [] },
    { ...sealed, signatures: [{ key: 1 }] },
    { ...sealed, payload: { ...payload, issuer: null } },
    { ...sealed, payload: { ...payload, validUntil: '9' } },
  ])
    fails(nothing, 'REGISTERS_EVIDENCE_FORGED');
  const members = ['type', 'agreement', 'application', 'reference', 'home', 'schema', 'purpose', 'request'] as const;
  for (const member of members) {
    fails(sealed, 'REGISTERS_EVIDENCE_OTHER', { ...expected, [member]: 'another' });
  }
  fails(sealed, 'REGISTERS_EVIDENCE_EXPIRED', expected, '2026-04-02T00:00:00.000Z');
});

import type { TestContext } from 'node:test';
import { agreementLibrary, getAgreement } from '../../agreements/index.ts';
import { digestOf, seal } from '../../crypto/index.ts';
import { beginTransaction, type TransactionRecord } from '../../exchange/index.ts';
import { testNet, until } from '../../exchange/testing.ts';
import { bindSubject, migrations as personsMigrations, referenceFor } from '../../persons/index.ts';
import { type Json, migrate } from '../../storage/index.ts';
import { sealRatification } from '../../union/index.ts';
import type { RegistersContext } from '../context.ts';
import { loadRegisters } from '../definition/load.ts';
import { importCsv } from '../import/import-csv.ts';
import { subjectAttributes } from '../resident.ts';
import { DEFINITIONS, registersMigrations } from '../testing.ts';
import type { Evidence, EvidenceQuery } from './evidence.ts';
import { questionArrived } from './question-arrived.ts';

const IDENTITY = 'P.PN.01.TRN.004';

/** A node that asks its own population register under the shipped pension agreement, and what came of it. */
export async function askOwnRegister(
  t: TestContext,
  change: (query: Omit<EvidenceQuery, 'assertion'>) => void,
  ratify = true,
) {
  const net = await testNet(t, ['kg', 'kz', 'ru'], { withStore: ['kg'] });
  const node = net.node('kg');
  await migrate(node.db, [personsMigrations, registersMigrations]);
  const agreement = await getAgreement(`${process.env.COMMONWAY_ROOT}/agreements/pension`);
  const ctx: RegistersContext = {
    ...node.ctx,
    trust: node.ctx.trust,
    registers: loadRegisters(DEFINITIONS, 'kg'),
    agencyKeys: node.ctx.keys.agencies,
    agreements: agreementLibrary([agreement]),
  };
  const contract = agreement.contractDigest;
  if (ratify) {
    const ratification = {
      state: 'kg',
      agreement: 'pension',
      contract,
      annex: agreement.annexes.kg?.digest ?? '',
      from: '2021-01-01',
    };
    await ctx.trust.learnRatification(
      sealRatification({ ...ratification, issued: ctx.clock.now() }, ctx.keys.ratification),
    );
  }
  await importCsv(ctx, {
    register: 'kg.population',
    agency: 'kg.population',
    source: [
      'personal_number,record_no,family,given,family_latin,given_latin,birth_date,sex,citizenship,other_state,other_number,valid_from,valid_to',
      'KG-T-000101,1,Асанов,Нурлан,Asanov,Nurlan,1960-02-20,M,KG,,,1960-02-20,',
    ].join('\n'),
  });
  const ended: { result?: Evidence; refusal?: string }[] = [];
  await node.start({
    transactions: {
      resolve: () => ({ operation: 'fetchEvidence', pattern: 'queryResponse' }),
      operations: {
        fetchEvidence: {
          onRequest: (tx, transaction, body) => questionArrived(ctx, tx, transaction, body),
          onResponse: async (_tx, _transaction, body) => {
            ended.push({ result: (body as unknown as { payload: Evidence }).payload });
          },
          onRefused: async (_tx: unknown, _transaction: TransactionRecord, refusal: string) => {
            ended.push({ refusal });
          },
        },
      },
    },
  });
  const type = agreement.evidence.identity;
  const transaction = agreement.transactions[IDENTITY];
  if (type === undefined || transaction === undefined) throw new Error('no identity evidence');
  await ctx.db.transaction(async (tx) => {
    await bindSubject(tx, ctx, { subject: 'nurlan', localId: 'KG-T-000101' });
    const reference = await referenceFor(tx, ctx, { subject: 'nurlan', application: 'application-1' });
    const query: Omit<EvidenceQuery, 'assertion'> = {
      type: 'identity',
      agreement: contract,
      application: 'application-1',
      purpose: type.purpose,
      ground: { kind: type.ground.kind, article: type.ground.article },
      subject: { reference, home: 'kg', ...(await subjectAttributes(tx, 'KG-T-000101')) },
    };
    change(query);
    const assertion = seal(
      'assertion',
      {
        subject: query.subject.reference,
        home: 'kg',
        assurance: 'substantial',
        at: ctx.clock.now(),
        purpose: query.purpose,
        requestDigest: digestOf(query as unknown as Json),
        consent: null,
      },
      [ctx.keys.messages],
    );
    const { code, pattern, timers, retries } = transaction;
    await beginTransaction(tx, ctx, {
      ...{ code, pattern, timers, retries, operation: 'fetchEvidence', agreement: 'pension', contract, to: 'kg' },
      ...{ fromAgency: 'kg.portal', toAgency: 'kg.population', application: 'application-1', lane: 'application-1' },
      body: { ...query, assertion } as unknown as Json,
    });
  });
  await until('it ended', () => ended.length > 0);
  const entries = await ctx.db.query('select 1 from access_entries');
  return { ended, entries: entries.length };
}

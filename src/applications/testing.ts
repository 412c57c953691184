import type { TestContext } from 'node:test';
import { type Agreement, agreementLibrary, getAgreement } from '../agreements/index.ts';
import { digestOf, type Sealed, seal } from '../crypto/index.ts';
import { migrations as exchange, listTransactions, type TransactionRecord } from '../exchange/index.ts';
import { migrations as ledger } from '../ledger/index.ts';
import { migrations as mailbox } from '../mailbox/index.ts';
import { bindSubject, migrations as persons } from '../persons/index.ts';
import { type Evidence, importCsv, loadRegisters, migrations as registers } from '../registers/index.ts';
import { addMilliseconds, type Instant, type Json, type PlainDate } from '../storage/index.ts';
import { freshDb, type ManualClock, manualClock } from '../storage/testing.ts';
import { type FoundedUnion, openTrust, sealRatification, type Trust, migrations as union } from '../union/index.ts';
import { filesOf, testUnion } from '../union/testing.ts';
import type { ApplicationsContext } from './context.ts';
import { migrations } from './index.ts';
import type { Actor } from './types.ts';

export const NOW: Instant = '2026-11-22T10:00:00.000Z';
const FROM: PlainDate = '2026-01-01';

/** The shipped agreement, in the checkout that is tested. */
export function pension(): Promise<Agreement> {
  return getAgreement(`${process.env.COMMONWAY_ROOT}/agreements/pension`);
}

/** Lets states ratify an agreement at one node. */
export async function ratify(
  trust: Trust,
  founded: FoundedUnion,
  agreement: Agreement,
  states: readonly string[] = agreement.parties,
  until?: PlainDate,
): Promise<void> {
  for (const state of states) {
    const key = founded.keys[state]?.ratification;
    if (key === undefined) throw new RangeError(`no keys of ${state}`);
    const ratification = {
      state,
      agreement: agreement.name,
      contract: agreement.contractDigest,
      annex: agreement.annexes[state]?.digest ?? '',
      from: FROM,
      ...(until === undefined ? {} : { until }),
      issued: NOW,
    };
    await trust.learnRatification(sealRatification(ratification, key));
  }
}

/** Kazakhstan's node as the home side sees it: a real store, nothing that sends. */
export interface TestHome {
  ctx: ApplicationsContext & { clock: ManualClock };
  founded: FoundedUnion;
  agreement: Agreement;
}

/** Two people: `aigerim` with KZ-T-000101, `marat` with KZ-T-000102. */
export async function testHome(t: TestContext): Promise<TestHome> {
  const agreement = await pension();
  const founded = testUnion();
  const clock = manualClock(NOW);
  const db = await freshDb(t, [union, ledger, exchange, persons, registers, mailbox, migrations]);
  const trust = await openTrust({ db, clock }, { self: 'kz', files: filesOf(founded) });
  await ratify(trust, founded, agreement);
  const keys = founded.keys.kz;
  if (keys === undefined) throw new RangeError('no keys of kz');
  const ctx = {
    db,
    clock,
    trust,
    keys,
    ledger: { origin: trust.manifest('kz').ledger.origin, key: keys.ledger },
    agreements: agreementLibrary([agreement]),
  };
  const definitions = loadRegisters(`${process.env.COMMONWAY_ROOT}/registers`, 'kz');
  await importCsv(
    { db, clock, registers: definitions },
    {
      register: 'kz.population',
      agency: 'kz.population',
      source: [
        'personal_number,record_no,family,given,family_latin,given_latin,birth_date,sex,citizenship,other_state,other_number,valid_from,valid_to',
        'KZ-T-000101,1,Сейітова,Айгерім,Seitova,Aigerim,1963-04-12,F,KZ,,,1963-04-12,',
        'KZ-T-000102,1,Жұмабеков,Марат,Zhumabekov,Marat,1960-02-20,M,KZ,,,1960-02-20,',
      ].join('\n'),
    },
  );
  await db.transaction(async (tx) => {
    await bindSubject(tx, ctx, { subject: 'aigerim', localId: 'KZ-T-000101' });
    await bindSubject(tx, ctx, { subject: 'marat', localId: 'KZ-T-000102' });
  });
  return { ctx, founded, agreement };
}

export function actor(person = 'aigerim'): Actor {
  return { person, assurance: 'substantial', session: `session of ${person}`, language: 'en' };
}

const EARLIER = ['1984-09-01', '2020-12-31'];

/** What a state's registers would say, good enough for an award. */
const FACTS: Readonly<Record<string, (state: string) => { [fact: string]: Json }>> = {
  identity: (state) => ({
    birthDate: '1958-03-01',
    sex: 'female',
    citizenship: state.toUpperCase(),
    names: [{ family: 'Сейітова', given: 'Айгерім', script: 'Cyrl' }],
    nationalIds: [{ state, value: 'KZ-T-000101' }],
  }),
  'insured-periods': (state) => ({
    periods: (state === 'kz' ? [EARLIER, ['2021-02-01', '2023-01-31']] : [['2023-02-01', '2025-01-31']]).map(
      ([from, to]) => ({ state, employer: 'School 12', from, to, kind: 'employment', contributionsPaid: true }),
    ),
  }),
};

/** A piece of evidence as its agency signs it. */
export function evidenceOf(
  founded: FoundedUnion,
  agreement: Agreement,
  of: {
    type: string;
    state: string;
    application: string;
    reference: string;
    home?: string;
    request?: string;
    at?: Instant;
  },
  change: Partial<Evidence> = {},
): Sealed<Evidence> {
  const type = agreement.evidence[of.type];
  const agency = agreement.annexes[of.state]?.roles[type?.servedBy ?? ''];
  const key = founded.keys[of.state]?.agencies[agency ?? ''];
  if (type === undefined || agency === undefined || key === undefined) throw new RangeError(`${of.type}/${of.state}`);
  const issuedAt = of.at ?? NOW;
  const evidence: Evidence = {
    id: `${of.type}-${of.state}`,
    type: of.type,
    agreement: agreement.contractDigest,
    schema: type.schemaDigest,
    issuer: { state: of.state, agency },
    subject: { home: of.home ?? 'kz', reference: of.reference },
    request: of.request ?? digestOf(of.type),
    application: of.application,
    purpose: type.purpose,
    ground: { kind: type.ground.kind, article: type.ground.article },
    result: 'found',
    facts: FACTS[of.type]?.(of.state) ?? null,
    asOf: issuedAt.slice(0, 10),
    issuedAt,
    validUntil: addMilliseconds(issuedAt, 30 * 86_400_000),
    ...change,
  };
  return seal('evidence', evidence, [key]);
}

/** The transactions that were begun for an application and not yet answered here. */
export async function asked(home: TestHome, application: string): Promise<TransactionRecord[]> {
  const all = await listTransactions(home.ctx.db, { application });
  return all.filter(({ direction }) => direction === 'out');
}

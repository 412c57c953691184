import type { TestContext } from 'node:test';
import { type Agreement, agreementLibrary, getAgreement } from '../agreements/index.ts';
import { digestOf, type Sealed, seal } from '../crypto/index.ts';
import { migrations as exchange, listTransactions, type TransactionRecord } from '../exchange/index.ts';
import { migrations as files } from '../files/index.ts';
import { migrations as ledger } from '../ledger/index.ts';
import { migrations as mailbox } from '../mailbox/index.ts';
import { bindSubject, migrations as persons } from '../persons/index.ts';
import { type Evidence, importCsv, loadRegisters, migrations as registers } from '../registers/index.ts';
import { addMilliseconds, type Instant, type Json, type PlainDate } from '../storage/index.ts';
import { freshDb, type ManualClock, manualClock } from '../storage/testing.ts';
import { type FoundedUnion, openTrust, sealRatification, type Trust, migrations as union } from '../union/index.ts';
import { filesOf, testUnion } from '../union/testing.ts';
import { askEvidence } from './ask.ts';
import type { ApplicationsContext } from './context.ts';
import { openDraft, saveAnswers, startDraft } from './drafts.ts';
import { evidenceAnswered } from './evidence-answers.ts';
import { evidenceCards } from './evidence-rows.ts';
import { migrations } from './index.ts';
import { confirmEvidence, rememberPage, submit } from './submit.ts';
import type { Actor, EvidenceCard } from './types.ts';

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
export async function testHome(t: TestContext, other?: Agreement): Promise<TestHome> {
  const agreement = other ?? (await pension());
  const founded = testUnion();
  const clock = manualClock(NOW);
  const db = await freshDb(t, [union, ledger, exchange, persons, files, registers, mailbox, migrations]);
  const trust = await openTrust({ db, clock }, { self: 'kz', files: filesOf(founded) });
  await ratify(trust, founded, agreement);
  const definitions = loadRegisters(`${process.env.COMMONWAY_ROOT}/registers`, 'kz');
  const keys = founded.keys.kz;
  if (keys === undefined) throw new RangeError('no keys of kz');
  const ctx = {
    db,
    clock,
    trust,
    keys,
    ledger: { origin: trust.manifest('kz').ledger.origin, key: keys.ledger },
    agreements: agreementLibrary([agreement]),
    registers: definitions,
  };
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

const PERIODS: Readonly<Record<string, string[][]>> = {
  kz: [
    ['1985-01-01', '2010-12-31'],
    ['2021-01-01', '2022-03-31'],
  ],
  ru: [['2022-04-01', '2024-06-30']],
};

/** What a state's registers would say, good enough for an award. */
const FACTS: Readonly<Record<string, (state: string) => { [fact: string]: Json }>> = {
  identity: (state) => ({
    birthDate: '1962-05-10',
    sex: 'female',
    citizenship: state,
    names: [{ family: 'Сейітова', given: 'Айгерім', script: 'Cyrl' }],
    nationalIds: [{ state, value: 'KZ-T-000101' }],
  }),
  'insured-periods': (state) => ({
    periods: (PERIODS[state] ?? []).map(([from = '', to = '']) => {
      return { state, employer: 'School 12', from, to, kind: 'employment', contributionsPaid: true };
    }),
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

/** Her answers on every page of the form: work in Kazakhstan and Russia. */
const PAGES: readonly [string, { [field: string]: Json }][] = [
  ['work', { statesOfWork: ['kz', 'ru'] }],
  ['numbers', {}],
  ['claim', { kindOfPension: 'old-age', payingStates: ['kz', 'ru'] }],
  ['consent', { consent: true }],
  ['contact', { contactLanguage: 'en' }],
];

/** A draft with every page answered. */
export async function filledDraft({ ctx }: TestHome, who: Actor = actor()): Promise<string> {
  const { id } = await startDraft(ctx, who, { agreement: 'pension', service: 'pension' });
  for (const [page, answers] of PAGES) await fill(ctx, who, id, page, answers);
  return id;
}

/** Answers one page. */
export async function fill(
  ctx: ApplicationsContext,
  who: Actor,
  id: string,
  page: string,
  answers: { [field: string]: Json },
): Promise<void> {
  const { errors } = await saveAnswers(ctx, who, id, page, answers);
  if (Object.keys(errors).length > 0) throw new Error(`${page}: ${JSON.stringify(errors)}`);
}

/** Answers one question as its register would; `change` spoils the evidence before it is signed. */
export async function answerQuestion(
  home: TestHome,
  id: string,
  key: string,
  change: Partial<Evidence> = {},
  who: Actor = actor(),
): Promise<void> {
  const { ctx, founded, agreement } = home;
  const { draft } = await openDraft(ctx, who, id);
  const card = (await evidenceCards(ctx.db, id)).find((one) => one.key === key);
  if (card?.request === undefined) throw new RangeError(`${key} was not asked`);
  const { type, state, request } = card;
  const { reference } = draft;
  const at = ctx.clock.now();
  const sealed = evidenceOf(founded, agreement, { type, state, application: id, reference, request, at }, change);
  await deliverEvidence(home, await transactionOf(home, card.transaction), sealed);
}

/** Brings an answer to the home node, as the exchange would after it has checked who sent it. */
export async function deliverEvidence({ ctx }: TestHome, of: TransactionRecord, body: unknown): Promise<void> {
  await ctx.db.transaction((tx) => evidenceAnswered(ctx, tx, of, body as Json));
}

export async function transactionOf({ ctx }: TestHome, id: string): Promise<TransactionRecord> {
  const [record] = await listTransactions(ctx.db, { id });
  if (record === undefined) throw new RangeError(id);
  return record;
}

/** The card of a question, as her page shows it. */
export async function cardOf({ ctx }: TestHome, id: string, key: string): Promise<EvidenceCard | undefined> {
  return (await evidenceCards(ctx.db, id)).find((one) => one.key === key);
}

/** A draft that is ready to be sent: answered, asked, all evidence there and confirmed. */
export async function readyDraft(home: TestHome): Promise<string> {
  const id = await filledDraft(home);
  await askEvidence(home.ctx, actor(), id);
  for (const key of ['identity/kz', 'insured-periods/kz', 'insured-periods/ru']) await answerQuestion(home, id, key);
  await confirmEvidence(home.ctx, actor(), id);
  return id;
}

/** Sends a draft from the page that she sees now. */
export async function send({ ctx }: TestHome, id: string, who: Actor = actor()): Promise<string> {
  return submit(ctx, who, id, await rememberPage(ctx, who, id, 'page'));
}

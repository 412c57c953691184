import type { TestContext } from 'node:test';
import { type Agreement, agreementLibrary } from '../agreements/index.ts';
import type { SealedApplication } from '../applications/index.ts';
import { evidenceOf, NOW, pension, ratify } from '../applications/testing.ts';
import { digestOf, randomId, type Sealed, seal } from '../crypto/index.ts';
import { migrations as documents } from '../documents/index.ts';
import type { TransactionRecord } from '../exchange/index.ts';
import {
  craftBatch,
  craftingNode,
  craftMessage,
  receiveBatch,
  type TestNet,
  testNet,
  until,
} from '../exchange/testing.ts';
import { migrations as files } from '../files/index.ts';
import type { OfficerAccount, Session } from '../identity/index.ts';
import { migrations as persons } from '../persons/index.ts';
import type { Evidence } from '../registers/index.ts';
import { type Json, migrate } from '../storage/index.ts';
import { type ManualClock, manualClock } from '../storage/testing.ts';
import type { FoundedUnion } from '../union/index.ts';
import { FOUNDED } from '../union/testing.ts';
import type { ClaimBody } from './claim-form.ts';
import type { CasesContext } from './context.ts';
import { claimArrived, migrations, opinionAsked, opinionGiven, opinionOverdue, opinionRefused } from './index.ts';

export { pensionWithOpinion } from './opinions.testing.ts';

const STATES = ['am', 'by', 'kg', 'kz', 'ru'];
/** The code of the claim in the shipped agreement. */
const CLAIM = 'P.PN.01.TRN.002';

/** A deciding state's node, with a real store and a real inbox; the other states only sign. */
export interface TestDecider {
  state: string;
  ctx: CasesContext & { clock: ManualClock };
  founded: FoundedUnion;
  agreement: Agreement;
  /** Delivers a claim as the home node's exchange would, and waits until it was handled. Gives its transaction. */
  deliver(claim: TestClaim): Promise<string>;
  /** What was answered to a transaction, in order: type and body. */
  answers(transaction: string): Promise<{ type: string; body: Json }[]>;
}

export async function testDecider(t: TestContext, state = 'ru', other?: Agreement): Promise<TestDecider> {
  const [decider] = await testDeciders(t, [state], other);
  return decider as TestDecider;
}

/** Nodes of one union with one clock, which reach each other as nodes do. */
export async function testDeciders(t: TestContext, states: string[], other?: Agreement): Promise<TestDecider[]> {
  const clock = manualClock(NOW);
  const clocks = Object.fromEntries(states.map((state) => [state, clock]));
  const net = await testNet(t, STATES, { withStore: states, clocks, foundedAt: FOUNDED });
  const agreement = other ?? (await pension());
  return Promise.all(states.map((state) => startDecider(net, state, agreement, clock)));
}

async function startDecider(
  net: TestNet,
  state: string,
  agreement: Agreement,
  clock: ManualClock,
): Promise<TestDecider> {
  const node = net.node(state);
  await migrate(node.db, [persons, files, documents, migrations]);
  const { keys, trust } = node.ctx;
  await ratify(trust, net.union, agreement);
  const ctx = {
    ...node.ctx,
    clock,
    documents: { key: keys.documents, x5c: keys.documentsChain },
    seal: keys.seal,
    agreements: agreementLibrary([agreement]),
  };
  await node.start({
    transactions: {
      resolve: (_contract, code) => agreement.transactions[code],
      operations: {
        openCase: { onRequest: (tx, transaction, body) => claimArrived(ctx, tx, transaction, body) },
        giveOpinion: {
          onRequest: (tx, transaction, body) => opinionAsked(ctx, tx, transaction, body),
          onResponse: (tx, transaction, body) => opinionGiven(ctx, tx, transaction, body),
          onRefused: (tx, transaction, code) => opinionRefused(ctx, tx, transaction, code),
          onOverdue: async (tx, transaction, timer) => {
            if (timer === 'respond') await opinionOverdue(ctx, tx, transaction);
          },
        },
      },
    },
  });
  return {
    state,
    ctx,
    founded: net.union,
    agreement,
    async deliver({ transaction, body }) {
      const { id, code, pattern, contract, from, fromAgency, toAgency, application } = transaction;
      const sent = { created: clock.now(), expires: '2027-11-22T10:00:00.000Z' };
      const message = craftMessage(
        {
          ...{ from, to: state, type: 'transaction/request', lane: id, ...sent },
          ...(application === undefined ? {} : { application }),
          transaction: { id, code, pattern, contract },
        },
        { agreement: agreement.name, fromAgency, toAgency, body: body as unknown as Json },
      );
      await receiveBatch(ctx, from, craftBatch(craftingNode(net.union, from, clock), state, [message]));
      await until('the claim is handled', async () => {
        const [row] = await ctx.db.query<{ status: string; error: string | null }>(
          'select status, error from exchange_received where id = $1',
          [message.parsed.id],
        );
        if (row?.status === 'dead') throw new Error(row.error ?? 'dead');
        return row?.status === 'handled';
      });
      return id;
    },
    async answers(transaction) {
      const rows = await ctx.db.query<{ type: string; body: Buffer }>(
        'select type, body from exchange_sent where transaction = $1 order by sequence',
        [transaction],
      );
      return rows.map(({ type, body }) => ({ type, body: JSON.parse(body.toString('utf8')) as Json }));
    },
  };
}

/** A claim: the transaction that brings it, and its body. */
export interface TestClaim {
  transaction: TransactionRecord;
  body: ClaimBody;
}

/** What a test changes of a right claim. */
export interface ClaimChange {
  home?: string;
  application?: string;
  /** Changes the evidence before the application is sealed over it. */
  evidence?(pieces: Sealed<Evidence>[], of: { application: string; reference: string }): Sealed<Evidence>[];
  /** Changes the payload before it is sealed. */
  payload?: Partial<SealedApplication> & { [more: string]: Json };
  transaction?: Partial<TransactionRecord>;
}

/** Aigerim's claim to a pension for work in Kazakhstan and Russia, as her home node seals it. */
export function makeClaim(
  { founded, agreement }: Pick<TestDecider, 'founded' | 'agreement'>,
  change: ClaimChange = {},
): TestClaim {
  const home = change.home ?? 'kz';
  const of = { application: change.application ?? randomId(), reference: `reference of ${home}`, home };
  const right = [
    { type: 'identity', state: home },
    { type: 'insured-periods', state: 'kz' },
    { type: 'insured-periods', state: 'ru' },
  ].map((piece) => evidenceOf(founded, agreement, { ...piece, ...of }));
  const evidence = change.evidence?.(right, of) ?? right;
  const keys = founded.keys[home];
  if (keys === undefined) throw new RangeError(`no keys of ${home}`);
  const payload = {
    id: of.application,
    reference: of.reference,
    home,
    agreement: agreement.name,
    contract: agreement.contractDigest,
    service: 'pension',
    answers: {
      statesOfWork: ['kz', 'ru'],
      kindOfPension: 'old-age',
      payingStates: ['kz', 'ru'],
      consent: true,
      contactLanguage: 'en',
    },
    actor: { reference: of.reference, assurance: 'substantial' as const, mandate: null, language: 'en' },
    page: 'a'.repeat(64),
    filedAt: NOW,
    filedOn: NOW.slice(0, 10),
    evidence: evidence.map((sealed) => digestOf(sealed as unknown as Json)),
    waived: [],
    unanswered: [],
    deciders: ['kz', 'ru'],
    ...change.payload,
  };
  return {
    transaction: {
      id: randomId(),
      direction: 'in',
      code: CLAIM,
      pattern: 'requestResponse',
      operation: 'openCase',
      agreement: agreement.name,
      contract: agreement.contractDigest,
      from: home,
      to: 'ru',
      fromAgency: `${home}.portal`,
      toAgency: 'ru.pension-fund',
      application: of.application,
      lane: of.application,
      status: 'received',
      standing: 'received',
      requestMessage: randomId(),
      requestDigest: 'b'.repeat(64),
      begunAt: NOW,
      ...change.transaction,
    },
    body: { application: seal('application', payload, [keys.messages]), evidence },
  };
}

/** An officer's session, by default an examiner of the deciding fund. */
export function officer(id: string, change: Partial<OfficerAccount> = {}): Session {
  const agency = change.agency ?? 'ru.pension-fund';
  return {
    id: `session of ${id}`,
    account: {
      kind: 'officer',
      id,
      state: agency.split('.')[0] ?? '',
      agency,
      name: id,
      grants: [{ agency, role: 'examiner', service: '*' }],
      ...change,
    },
    method: 'development',
    assurance: 'substantial',
    createdAt: NOW,
    seenAt: NOW,
    expiresAt: '2026-11-22T22:00:00.000Z',
  };
}

/** A person's session. */
export function person(id: string): Session {
  return { ...officer(id), account: { kind: 'person', id, state: 'ru', localId: 'RU-T-000101', name: id } };
}

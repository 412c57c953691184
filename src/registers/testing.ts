import type { TestContext } from 'node:test';
import { digestOf, type SigningKey, seal } from '../crypto/index.ts';
import { migrations as ledgerMigrations } from '../ledger/index.ts';
import { migrations as personsMigrations } from '../persons/index.ts';
import type { Instant, Json } from '../storage/index.ts';
import { freshDb, type ManualClock, manualClock } from '../storage/testing.ts';
import type { FoundedUnion } from '../union/index.ts';
import { type TestView, testUnion, testView } from '../union/testing.ts';
import type { EvidenceContext } from './context.ts';
import { loadRegisters } from './definition/load.ts';
import type {
  Assurance,
  EvidenceQuery,
  EvidenceTerms,
  OrganisationSubject,
  PersonSubject,
} from './evidence/evidence.ts';
import registers from './sql/001-registers.sql';

export const registersMigrations = { room: 'registers', files: [{ name: '001-registers', sql: registers }] };

/** The folder of the shipped definitions. */
export const DEFINITIONS = `${process.env.COMMONWAY_ROOT}/registers`;

export const CONTRACT = 'c'.repeat(64);

/** A node of one state with its registers, over a database of its own. */
export interface TestNode extends EvidenceContext {
  trust: TestView;
  clock: ManualClock;
  messagesKey: SigningKey;
}

/** A state that only asks, and stores nothing. */
export type TestHome = Pick<TestNode, 'trust' | 'clock' | 'messagesKey' | 'ledger' | 'agencyKeys'>;

/** Nodes and homes of one union, all at one moment. */
export async function testStates<N extends string, H extends string = never>(
  t: TestContext,
  states: { nodes: readonly N[]; homes?: readonly H[] },
): Promise<Record<N, TestNode> & Record<H, TestHome>> {
  const union = testUnion();
  const homes = (states.homes ?? []).map((state) => [state, testHome(union, state)]);
  const nodes = states.nodes.map(async (state) => {
    const db = await freshDb(t, [ledgerMigrations, personsMigrations, registersMigrations]);
    return [state, { ...testHome(union, state), db, registers: loadRegisters(DEFINITIONS, state) }];
  });
  return Object.fromEntries([...homes, ...(await Promise.all(nodes))]);
}

function testHome(union: FoundedUnion, state: string): TestHome {
  const clock = manualClock('2026-03-02T09:00:00.000Z');
  const keys = union.keys[state];
  if (keys === undefined) throw new Error(`no keys of ${state}`);
  return {
    clock,
    trust: testView(union, state, clock),
    ledger: { origin: `commonway/test/${state}`, key: keys.ledger },
    agencyKeys: keys.agencies,
    messagesKey: keys.messages,
  };
}

/** What an agreement would say of the pension funds' evidence. */
export const PERIODS: EvidenceTerms = {
  type: 'insured-periods',
  schema: {
    type: 'object',
    properties: {
      periods: {
        type: 'array',
        items: {
          type: 'object',
          properties: { state: {}, employer: {}, from: {}, to: {}, kind: {}, contributionsPaid: {} },
        },
      },
    },
  },
  schemaDigest: 'd'.repeat(64),
  purpose: 'pension',
  ground: { kind: 'law', article: 'art-7' },
  maxAge: 'P30D',
};

/** A question as a home node asks it, signed. */
export function ask(
  home: Pick<TestHome, 'trust' | 'clock' | 'messagesKey'>,
  subject: Omit<PersonSubject, 'home'> | Omit<OrganisationSubject, 'home'>,
  change: { query?: Partial<EvidenceQuery>; assurance?: Assurance; at?: Instant } = {},
): EvidenceQuery {
  const query: Omit<EvidenceQuery, 'assertion'> = {
    type: PERIODS.type,
    agreement: CONTRACT,
    application: 'application-1',
    purpose: PERIODS.purpose,
    ground: PERIODS.ground,
    subject: { ...subject, home: home.trust.self },
    ...change.query,
  };
  const assertion = seal(
    'assertion',
    {
      subject: query.subject.reference,
      home: home.trust.self,
      assurance: change.assurance ?? ('substantial' as const),
      at: change.at ?? home.clock.now(),
      purpose: query.purpose,
      requestDigest: digestOf(query as unknown as Json),
      consent: query.ground.consent ?? null,
    },
    [home.messagesKey],
  );
  return { ...query, assertion };
}

import type { TestContext } from 'node:test';
import { digestOf, type SigningKey, seal } from '../crypto/index.ts';
import { migrations as ledgerMigrations } from '../ledger/index.ts';
import { migrations as personsMigrations } from '../persons/index.ts';
import type { Instant, Json } from '../storage/index.ts';
import { freshDb, type ManualClock, manualClock } from '../storage/testing.ts';
import { type FoundedUnion, openTrust, type Trust, migrations as unionMigrations } from '../union/index.ts';
import { filesOf, testUnion } from '../union/testing.ts';
import type { EvidenceContext } from './context.ts';
import { loadRegisters } from './definition/load.ts';
import type { Assurance, EvidenceQuery, EvidenceTerms } from './evidence/evidence.ts';
import registers from './sql/001-registers.sql';

export const registersMigrations = { room: 'registers', files: [{ name: '001-registers', sql: registers }] };

/** The folder of the shipped definitions. */
export const DEFINITIONS = `${process.env.COMMONWAY_ROOT}/registers`;

export const CONTRACT = 'c'.repeat(64);

/** A node of one state with its registers, over a database of its own. */
export interface TestNode extends EvidenceContext {
  trust: Trust;
  clock: ManualClock;
  messagesKey: SigningKey;
}

/** Nodes of some states of one union, all at one moment. */
export async function testNodes(
  t: TestContext,
  states: readonly string[],
  at: Instant = '2026-03-02T09:00:00.000Z',
): Promise<TestNode[]> {
  const union = testUnion();
  return Promise.all(states.map((state) => testNode(t, union, state, at)));
}

async function testNode(t: TestContext, union: FoundedUnion, state: string, at: Instant): Promise<TestNode> {
  const clock = manualClock(at);
  const db = await freshDb(t, [ledgerMigrations, unionMigrations, personsMigrations, registersMigrations]);
  const trust = await openTrust({ db, clock }, { self: state, files: filesOf(union) });
  const keys = union.keys[state];
  if (keys === undefined) throw new Error(`no keys of ${state}`);
  return {
    db,
    clock,
    trust,
    ledger: { origin: `commonway/test/${state}`, key: keys.ledger },
    registers: loadRegisters(DEFINITIONS, state),
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
  home: Pick<TestNode, 'trust' | 'clock' | 'messagesKey'>,
  subject: Omit<EvidenceQuery['subject'], 'home'>,
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

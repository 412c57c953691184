import type { TestContext } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { migrations as exchange } from '../exchange/index.ts';
import { addCheckpoint, inclusion, migrations as ledger, startSequencer, startWitnessing } from '../ledger/index.ts';
import type { Clock, Db, Instant } from '../storage/index.ts';
import { freshDb } from '../storage/testing.ts';
import {
  type Anchor,
  anchorOf,
  type FoundedUnion,
  foundUnion,
  type NodeKeys,
  openTrust,
  migrations as union,
} from '../union/index.ts';
import type { DocumentsContext } from './context.ts';
import { migrations } from './rows.ts';
import type { DocumentRequest } from './types.ts';

/** A union of three invented states; two witness each. Not a demonstration, unless said: it is judged by the verifier's clock. */
export function testUnion(name = 'test', demo = false, states = ['aa', 'bb', 'kz']): FoundedUnion {
  const founder = (state: string) => ({
    state,
    name: state.toUpperCase(),
    portal: `http://${state}.localhost:8000`,
    exchangePort: 7000,
    agencies: [{ id: `${state}.pension-fund`, name: { en: `Pension Fund of ${state}` }, roles: ['pensionAuthority'] }],
  });
  return foundUnion({
    name,
    demo,
    states: states.map(founder),
    at: '2026-01-01T00:00:00.000Z',
    expires: '2036-01-01T00:00:00.000Z',
  });
}

export const START: Instant = '2026-11-22T10:00:00.000Z';

/** A node that issues documents, with its clock in the test's hand. */
export interface TestNode extends DocumentsContext {
  anchors: Anchor[];
  keys: NodeKeys;
  clock: Clock & { set(at: Instant): void };
}

/** One state's node over a fresh database. */
export async function testNode(t: TestContext, founded: FoundedUnion, self = 'kz'): Promise<TestNode> {
  const db = await freshDb(t, [union, ledger, exchange, migrations]);
  let now = START;
  const clock = {
    now: () => now,
    set(at: Instant) {
      now = at;
    },
  };
  const files = { charters: [founded.charter], manifests: founded.manifests, ratifications: [] };
  const trust = await openTrust({ db, clock }, { self, files });
  const keys = founded.keys[self];
  if (!keys) throw new RangeError(`no keys of ${self}`);
  return {
    db,
    clock,
    trust,
    keys,
    ledger: { origin: trust.manifest(self).ledger.origin, key: keys.ledger },
    documents: { key: keys.documents, x5c: keys.documentsChain },
    seal: keys.seal,
    anchors: [anchorOf(founded.charter.payload)],
  };
}

/** Lets the ledger take in what was logged, and the other states witness it. */
export async function witness(t: TestContext, ctx: TestNode, founded: FoundedUnion, leaf: string): Promise<void> {
  const others = ctx.trust.states().filter((state) => state !== ctx.trust.self);
  const duties = new Map(
    await Promise.all(others.map(async (state) => [state, await dutyOf(t, ctx, founded, state)] as const)),
  );
  const sequencer = startSequencer(ctx);
  const witnessing = startWitnessing({
    ...ctx,
    peers: () => others.map((name) => ({ name, key: ctx.trust.currentKey(name, 'witness') })),
    submit: (peer, body) => duties.get(peer.name)?.(body) ?? Promise.reject(new RangeError(peer.name)),
  });
  try {
    while (!(await isWitnessed(ctx, leaf, others.length))) await pause(20);
  } finally {
    await Promise.all([sequencer.stop(), witnessing.stop()]);
  }
}

async function dutyOf(t: TestContext, ctx: TestNode, founded: FoundedUnion, state: string) {
  const db: Db = await freshDb(t, [ledger]);
  const key = founded.keys[state]?.witness;
  if (!key) throw new RangeError(`no keys of ${state}`);
  return (body: string) =>
    addCheckpoint({ db, clock: ctx.clock, witness: { name: state, key } }, body, () => [ctx.ledger.key.public]);
}

async function isWitnessed(ctx: TestNode, leaf: string, count: number): Promise<boolean> {
  const proof = await inclusion(ctx, leaf);
  return proof !== undefined && proof.checkpoint.split('\n\n')[1]?.trim().split('\n').length === count + 1;
}

/** A pension decision of an invented person. */
export function request(changes: Partial<DocumentRequest> = {}): DocumentRequest {
  return {
    key: 'case-1',
    type: 'pension-decision',
    vct: 'urn:commonway:pension:decision:1',
    agency: 'kz.pension-fund',
    holder: { home: 'aa', reference: 'r-1' },
    case: 'case-1',
    claims: { name: 'Әйгерім', months: 143, outcome: 'granted', periods: [{ state: 'kg', months: 12 }] },
    validFor: 'P10Y',
    ...changes,
  };
}

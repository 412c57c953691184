import type { TestContext } from 'node:test';
import type { Clock, Db, Instant } from '../storage/index.ts';
import { freshDb } from '../storage/testing.ts';
import { type FoundedUnion, type Founder, foundUnion } from './found.ts';
import { migrations } from './store.ts';
import { openTrust, type Trust, type UnionFiles } from './trust.ts';
import { type TrustView, viewOf } from './view.ts';

/** The moment at which the unions of tests are founded. */
export const FOUNDED: Instant = '2026-01-01T00:00:00.000Z';

/** A founder with the usual agencies. */
function founder(state: string, exchangePort = 7000): Founder {
  const agency = (id: string, ...roles: string[]) => ({
    id: `${state}.${id}`,
    name: { en: `${id} of ${state}` },
    roles,
  });
  return {
    state,
    name: state.toUpperCase(),
    portal: `http://${state}.localhost:8000`,
    exchangePort,
    agencies: [
      agency('pension-fund', 'pensionRegister', 'pensionAuthority'),
      agency('population', 'populationRegister'),
      agency('companies', 'companyRegister'),
      agency('portal', 'homePortal'),
    ],
  };
}

/** A union of invented states, founded at `FOUNDED`, by default the five of the shipped seeds. */
export function testUnion(
  states: string[] = ['am', 'by', 'kg', 'kz', 'ru'],
  options: { name?: string; at?: Instant; expires?: Instant; ports?: Record<string, number>; approvers?: boolean } = {},
): FoundedUnion {
  return foundUnion({
    name: options.name ?? 'test',
    demo: true,
    states: states.map((state) => founder(state, options.ports?.[state])),
    at: options.at ?? FOUNDED,
    approvers: options.approvers ?? false,
    expires: options.expires ?? '2036-01-01T00:00:00.000Z',
  });
}

/** The files that every node of a fresh union is given. */
export function filesOf(union: FoundedUnion): UnionFiles {
  return { charters: [union.charter], manifests: union.manifests, ratifications: [] };
}

/** A fresh database with a trust store of one state over it. */
export async function testTrust(
  t: TestContext,
  union: FoundedUnion,
  self: string,
  clock: Clock,
): Promise<{ db: Db; trust: Trust }> {
  const db = await freshDb(t, [migrations]);
  return { db, trust: await openTrust({ db, clock }, { self, files: filesOf(union) }) };
}

/** What a state of a test's union knows at the founding, without a store. */
export type TestView = TrustView & Pick<Trust, 'self' | 'refresh'>;

export function testView(union: FoundedUnion, self: string, clock: Clock): TestView {
  const parts = {
    chain: [union.charter.payload],
    charters: [union.charter],
    manifests: new Map(union.manifests.map((sealed) => [sealed.payload.state, sealed])),
    ratifications: [],
    now: () => clock.now(),
  };
  const own = { self, refresh: async () => undefined };
  return Object.defineProperties(own, Object.getOwnPropertyDescriptors(viewOf(() => parts))) as TestView;
}

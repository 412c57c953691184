import type { TestContext } from 'node:test';
import { type Sealed, type SigningKey, seal } from '../../crypto/index.ts';
import { migrations as ledger } from '../../ledger/index.ts';
import type { Db, Instant } from '../../storage/index.ts';
import { freshDb, type ManualClock, manualClock } from '../../storage/testing.ts';
import {
  type FoundedUnion,
  openTrust,
  type Ratification,
  sealRatification,
  type Trust,
  migrations as union,
} from '../../union/index.ts';
import { testUnion, filesOf as trustFiles } from '../../union/testing.ts';
import { edit, filesOf } from '../testing-files.ts';
import type { Agreement } from '../types.ts';
import { type Edition, editionOf, openEdition } from './edition.ts';
import { migrations } from './edition-rows.ts';
import type { PublishingContext } from './take.ts';

export const NOW: Instant = '2026-03-02T06:00:00.000Z';
export const TODAY = '2026-03-02';

/** A node of a two-state union that can publish: real store, real ledger, each state with its second person. */
export interface TestPublisher {
  ctx: PublishingContext & { clock: ManualClock };
  founded: FoundedUnion;
  db: Db;
}

/** A state's node, by default Kazakhstan's, in a union with Kyrgyzstan. */
export async function testPublisher(
  t: TestContext,
  { founded = twoStates(), self = 'kz' }: { founded?: FoundedUnion; self?: string } = {},
): Promise<TestPublisher> {
  const clock = manualClock(NOW);
  const db = await freshDb(t, [ledger, union, migrations]);
  const trust = await openTrust({ db, clock }, { self, files: trustFiles(founded) });
  const key = founded.keys[self]?.ledger;
  if (key === undefined) throw new RangeError(`no keys of ${self}`);
  return { ctx: { db, clock, trust, ledger: { origin: trust.manifest(self).ledger.origin, key } }, founded, db };
}

const twoStates = () => testUnion(['kg', 'kz'], { approvers: true });

/** The agreement of the fixtures, changed where a test wants. */
export function parking(change: (files: Map<string, Uint8Array>) => void = () => undefined): Map<string, Uint8Array> {
  const files = filesOf('src/agreements/fixtures/good');
  change(files);
  return files;
}

/** Another contract, with the number that it is given. */
export const numbered = (version: string) => (files: Map<string, Uint8Array>) =>
  edit(files, 'agreement.yaml', 'version: 1.0.0', `version: ${version}`);

/** An agency's key and the second person's, of a state. */
export function signers({ keys, approvers }: FoundedUnion, state = 'kz'): { agency: SigningKey; approver: SigningKey } {
  const [agency, approver] = [keys[state]?.agencies[`${state}.portal`], approvers[state]];
  if (agency === undefined || approver === undefined) throw new RangeError(`no keys of ${state}`);
  return { agency, approver };
}

/** An edition of the files, published by a state's portal agency with both signatures. */
export function publishedBy(
  founded: FoundedUnion,
  files: Map<string, Uint8Array>,
  { state = 'kz', issued = NOW, keys }: { state?: string; issued?: Instant; keys?: SigningKey[] } = {},
): Sealed<Edition> {
  const { agency, approver } = signers(founded, state);
  const edition = editionOf(files, { state, agency: `${state}.portal`, issued, follows: null });
  return seal('agreement', edition, keys ?? [agency, approver]);
}

/** A state ratifies what an edition holds, with both persons' keys. */
export async function ratifyAt(
  trust: Trust,
  founded: FoundedUnion,
  edition: Edition,
  word: Partial<Ratification> & { state: string },
): Promise<void> {
  const [key, approver] = [founded.keys[word.state]?.ratification, founded.approvers[word.state]];
  if (key === undefined || approver === undefined) throw new RangeError(`no keys of ${word.state}`);
  const { agreement, contract, annexes, texts } = edition;
  const own = { agreement, contract, annex: annexes[word.state] ?? '', texts, from: '2026-01-01', issued: NOW };
  await trust.learnRatification(sealRatification({ ...own, ...word }, key, approver));
}

export const agreementIn = ({ payload }: Sealed<Edition>): Agreement => openEdition(payload);

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { editionOf, getAgreement, readAgreementFiles, takeEdition } from '../../agreements/index.ts';
import { type SigningKey, seal } from '../../crypto/index.ts';
import type { NodeStore } from '../../node/index.ts';
import { Failure } from '../../storage/index.ts';
import { readKeyFile, readNodeKeys, sealRatification } from '../../union/index.ts';
import { openStateStore } from './state-store.ts';
import { places, type UnionFile } from './union-folder.ts';

/**
 * Publishes each shipped agreement that the union has no version of, and ratifies it in the name of every party, with both persons'
 * keys: a demonstration must have something to show. In a union of sovereign states each does this for itself, and so does this one with
 * every later version: see `./commonway publish`.
 */
export async function publishShipped(input: {
  folder: string;
  root: string;
  file: UnionFile;
  /** By state. */
  urls: Readonly<Record<string, string>>;
  onProgress(line: string): void;
}): Promise<void> {
  const { folder, file, urls } = input;
  const names = readdirSync(join(input.root, 'agreements'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  const stores: NodeStore[] = [];
  try {
    for (const { state } of file.states) {
      stores.push(await openStateStore(folder, file, state, urls[state] ?? ''));
      // The first state tells: what it has, with all words on it, the others are brought by the exchange.
      if (stores.length === 1 && (await unknownIn(stores[0], names)).length === 0) return;
    }
    for (const name of await unknownIn(stores[0], names)) {
      input.onProgress(`publishing agreements/${name}`);
      // The first state last, so that a stop half way is made good by the next start.
      await publishOne(folder, join(input.root, 'agreements', name), [...stores].reverse());
    }
  } finally {
    for (const { db } of stores) await db.close();
  }
}

async function unknownIn(store: NodeStore | undefined, names: readonly string[]): Promise<string[]> {
  const rows =
    (await store?.db.query<{ agreement: string }>('select distinct agreement from agreement_editions')) ?? [];
  return names.filter((name) => !rows.some(({ agreement }) => agreement === name));
}

/** The second person's key; none in a union that was founded before there were any. */
function approverKeys(folder: string, state: string): SigningKey[] {
  const { approvers } = places(folder);
  return existsSync(join(approvers, `${state}.key.json`)) ? [readKeyFile(approvers, state)] : [];
}

async function publishOne(folder: string, source: string, stores: readonly NodeStore[]): Promise<void> {
  const at = places(folder);
  const agreement = await getAgreement(source);
  const [state = ''] = agreement.parties;
  const { agencies } = readNodeKeys(at.keys(state));
  const [service] = Object.values(agreement.services);
  const agency = agreement.annexes[state]?.roles[service?.decidedBy.role ?? ''];
  const key = agency === undefined ? undefined : agencies[agency];
  if (agency === undefined || key === undefined) {
    throw new Failure('AGREEMENT_PUBLISHER_UNFIT', { agency: agency ?? state, agreement: agreement.name });
  }
  const issued = (stores[0] as NodeStore).clock.now();
  const edition = editionOf(readAgreementFiles(source), { state, agency, issued, follows: null });
  const sealed = seal('agreement', edition, [key, ...approverKeys(folder, state)]);
  const words = agreement.parties.map((party) =>
    sealRatification(
      {
        state: party,
        agreement: agreement.name,
        contract: agreement.contractDigest,
        annex: agreement.annexes[party]?.digest ?? '',
        texts: agreement.textsDigest,
        from: agreement.inForce,
        issued,
      },
      readNodeKeys(at.keys(party)).ratification,
      ...approverKeys(folder, party),
    ),
  );
  for (const store of stores) {
    for (const word of words) await store.trust.learnRatification(word);
    await takeEdition(store, sealed);
  }
}

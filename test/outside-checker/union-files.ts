import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { digestOf, type Value } from './canonical.ts';
import { type ListedKey, type Signed, signersOf } from './signatures.ts';

export interface Charter {
  union: string;
  version: number;
  threshold: number;
  states: { state: string; name: string; root: ListedKey }[];
}

export interface Manifest {
  state: string;
  charter: string;
  endpoints: { exchange: { host: string; port: number }; portal: string };
  certificates: { fingerprint: string; pem: string }[];
  keys: { purpose: string; key: ListedKey }[];
  ledger: { origin: string };
  agencies: { id: string; keys: { key: ListedKey }[] }[];
}

/** Whom an outsider believes: the anchor, what it says of the charter, what the charter says of the states. */
export interface Known {
  charter: Signed<Charter>;
  manifests: Record<string, Signed<Manifest>>;
  keys(state: string, purpose: string): ListedKey[];
  agencyKeys(agency: string): ListedKey[];
}

/** Verifies charter and manifests from an anchor file downwards. */
export function knowUnion(anchorFile: string, charter: Signed<Charter>, manifests: readonly Signed<Manifest>[]): Known {
  const anchor = JSON.parse(readFileSync(anchorFile, 'utf8')) as { union: string; version: number; digest: string };
  const { union, version, states, threshold } = charter.payload;
  const digest = digestOf(charter.payload as unknown as Value);
  assert.deepEqual(anchor, { union, version, digest }, 'the pinned anchor names this charter');
  const roots = states.map(({ root }) => root);
  assert.equal(threshold, 4);
  assert.ok(new Set(signersOf(charter, roots)).size >= threshold, 'enough roots signed the charter');
  const byState: Record<string, Signed<Manifest>> = {};
  for (const manifest of manifests) {
    const { state } = manifest.payload;
    const root = states.find((one) => one.state === state)?.root;
    assert.ok(root !== undefined, state);
    assert.deepEqual(signersOf(manifest, [root]), [root.id], `the root of ${state} signed its manifest`);
    assert.equal(manifest.payload.charter, digest);
    byState[state] = manifest;
  }
  assert.equal(Object.keys(byState).length, states.length);
  const manifestOf = (state: string) => (byState[state] as Signed<Manifest>).payload;
  return {
    charter,
    manifests: byState,
    keys: (state, purpose) =>
      manifestOf(state)
        .keys.filter((one) => one.purpose === purpose)
        .map(({ key }) => key),
    agencyKeys(agency) {
      const found = manifestOf(agency.split('.')[0] ?? '').agencies.find(({ id }) => id === agency);
      return found?.keys.map(({ key }) => key) ?? [];
    },
  };
}

/** Charter and manifests as they lie in a state's folder. */
export function readTrustFolder(folder: string): { charter: Signed<Charter>; manifests: Signed<Manifest>[] } {
  const read = <P>(part: string) =>
    readdirSync(join(folder, part)).map(
      (name) => JSON.parse(readFileSync(join(folder, part, name), 'utf8')) as Signed<P>,
    );
  const [charter] = read<Charter>('charters');
  assert.ok(charter !== undefined);
  return { charter, manifests: read<Manifest>('manifests') };
}

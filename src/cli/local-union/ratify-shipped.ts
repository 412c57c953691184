import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type Agreement, getAgreement } from '../../agreements/index.ts';
import { digestHex, digestOf } from '../../crypto/index.ts';
import type { Clock, Instant } from '../../storage/index.ts';
import {
  type Ratification,
  readNodeKeys,
  readUnionFolder,
  sealRatification,
  writeUnionFolder,
} from '../../union/index.ts';
import { places, writeWhole } from './union-folder.ts';

/**
 * Ratifies, in the name of each party, every shipped agreement that she has not ratified in this wording, and gives the word to all.
 * In a union of sovereign states each does this for itself on her console.
 *
 * @param program names the version that reads the agreements: while neither it nor a file changes, nothing is read
 */
export async function ratifyShipped(
  folder: string,
  root: string,
  states: readonly string[],
  clock: Clock,
  program: string,
): Promise<void> {
  const version = versionOf(root, program);
  const note = places(folder).ratified;
  if (existsSync(note) && readFileSync(note, 'utf8') === version) return;
  const agreements = await shippedAgreements(root);
  const at = places(folder);
  for (const state of states) {
    const { manifests, ratifications } = readUnionFolder(at.trust(state));
    const known = ratifications.map((sealed) => sealed.payload).filter((one) => one.state === state);
    const wanted = agreements.flatMap((agreement) => wantedRatification(agreement, state, clock.now()));
    const missing = wanted.filter(
      (want) =>
        !known.some((one) => one.contract === want.contract && one.annex === want.annex && one.from <= want.from),
    );
    if (missing.length === 0) continue;
    const { ratification } = readNodeKeys(at.keys(state));
    const sealed = missing.map((want) => sealRatification(want, ratification));
    // With the manifest that lists the key, which the reader's node may not have heard of.
    const own = manifests.filter(({ payload }) => payload.state === state);
    for (const reader of states) writeUnionFolder(at.trust(reader), { manifests: own, ratifications: sealed });
  }
  writeWhole(note, version);
}

/** One digest of all that the agreements' own digests come from. */
function versionOf(root: string, program: string): string {
  const folder = join(root, 'agreements');
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  return digestOf([basename(dirname(program)), ...files.map((file) => [file, digestHex(readFileSync(file))])]);
}

function wantedRatification(agreement: Agreement, state: string, issued: Instant): Ratification[] {
  const annex = agreement.annexes[state];
  if (annex === undefined || !agreement.parties.includes(state)) return [];
  const { name, contractDigest, inForce } = agreement;
  return [{ state, agreement: name, contract: contractDigest, annex: annex.digest, from: inForce, issued }];
}

/** The agreements below `agreements/`. @throws Failure AGREEMENT_NOT_LOADED */
async function shippedAgreements(root: string): Promise<Agreement[]> {
  const folder = join(root, 'agreements');
  const names = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return Promise.all(names.map(({ name }) => getAgreement(join(folder, name))));
}

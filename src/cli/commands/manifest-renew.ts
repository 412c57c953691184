import { join } from 'node:path';
import type { Sealed } from '../../crypto/index.ts';
import { Failure, shiftedClock } from '../../storage/index.ts';
import {
  beginKeyRenewal,
  charterDigest,
  dropNextTls,
  findNextTls,
  finishKeyRenewal,
  type Manifest,
  openVersionSigner,
  readKeyFile,
  readNodeKeys,
  readUnionFolder,
  replaceLostKeys,
  writeNextTls,
  writeNodeKeys,
  writeUnionFolder,
} from '../../union/index.ts';
import { type Command, textOf } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { restartNode } from '../local-union/restart-node.ts';
import { getUnionFile, places } from '../local-union/union-folder.ts';
import { FOLDER, unionFolder } from './union-options.ts';

/** `./commonway manifest renew --state STATE [--finish]` */
export const manifestRenew: Command = {
  name: 'manifest renew',
  summary: "renews a state's keys by its own root alone; nobody else is asked",
  details: [
    'First a version of its manifest with new keys and a second TLS certificate beside the old ones. Its node begins to use the keys,',
    'and brings the others the manifest. When they have it, --finish makes a version without the old ones and goes over to the new',
    'certificate. With --lost there is no overlap: one other node has to be given the manifest by hand. What old keys signed in their time stays valid. A node that runs under ./commonway up is started again.',
  ].join('\n'),
  options: {
    ...FOLDER,
    state: { type: 'string', value: 'STATE', summary: 'e.g. kz' },
    lost: { type: 'boolean', summary: 'ends every old key at once: they are lost, or somebody else has them' },
    finish: { type: 'boolean', summary: 'ends the overlap that was begun before' },
    json: { type: 'boolean', summary: 'prints what was done as one JSON object' },
  },
  async run(around, typed) {
    const state = textOf(typed, 'state');
    if (state === undefined)
      throw new Failure('CLI_ARGUMENT_MISSING', { command: 'manifest renew', argument: '--state' });
    const folder = unionFolder(around, typed);
    const file = getUnionFile(folder);
    const states = file.states.map((one) => one.state);
    if (!states.includes(state)) throw new Failure('CLI_STATE_UNKNOWN', { state, states: states.join(', ') });
    const at = shiftedClock(file.clockOffsetMs).now();
    const finish = typed.options.finish === true;
    const lost = typed.options.lost === true;
    const work = lost ? replaceLost : finish ? finishRenewal : beginRenewal;
    const { version } = work(folder, state, at);
    const restarted = await restartNode(folder, state);
    if (typed.options.json === true) around.out(JSON.stringify({ state, version, finished: finish, restarted }));
    else for (const line of linesOf({ state, version, finish, lost, restarted })) around.out(line);
    return EXIT.ok;
  },
};

function beginRenewal(folder: string, state: string, at: string): Manifest {
  const { trust, keys, signer, root, manifest, name, charter } = openState(folder, state);
  if (findNextTls(keys) !== undefined)
    throw new Failure('CLI_RENEWAL_BEGUN', { state, version: manifest.payload.version });
  const begun = beginKeyRenewal({ manifest, name, keys: readNodeKeys(keys), root, signer, at, charter });
  writeUnionFolder(trust, { manifests: [begun.manifest] });
  // A stop between these leaves keys that the manifest lists beside the new ones: nothing is lost, and it can be begun again.
  writeNodeKeys(keys, begun.keys);
  writeNextTls(keys, begun.nextTls);
  return begun.manifest.payload;
}

function replaceLost(folder: string, state: string, at: string): Manifest {
  const { trust, keys, signer, root, manifest, name, charter } = openState(folder, state);
  const replaced = replaceLostKeys({ manifest, name, root, signer, at, charter });
  writeUnionFolder(trust, { manifests: [replaced.manifest] });
  writeNodeKeys(keys, replaced.keys);
  dropNextTls(keys);
  return replaced.manifest.payload;
}

function finishRenewal(folder: string, state: string, at: string): Manifest {
  const { trust, keys, signer, manifest } = openState(folder, state);
  const nextTls = findNextTls(keys);
  if (nextTls === undefined) throw new Failure('CLI_RENEWAL_NONE', { state });
  const finished = finishKeyRenewal({ manifest, signer, at, nextTls });
  writeNodeKeys(keys, { ...readNodeKeys(keys), tls: nextTls });
  writeUnionFolder(trust, { manifests: [finished] });
  dropNextTls(keys);
  return finished.payload;
}

/** A state's folders, its root, and the newest manifest that it was given. */
function openState(folder: string, state: string) {
  const at = places(folder);
  const trust = at.trust(state);
  const { charters, manifests } = readUnionFolder(trust);
  const own = manifests.filter(({ payload }) => payload.state === state);
  const [manifest] = own.sort((one, other) => other.payload.version - one.payload.version);
  if (manifest === undefined) throw new Failure('UNION_MANIFEST_MISSING', { state });
  const root = readKeyFile(at.roots, state);
  const name = charters.at(-1)?.payload.states.find((one) => one.state === state)?.name ?? state;
  const signer = openVersionSigner(join(at.roots, 'signed'), root);
  const newest = charters.at(-1)?.payload;
  if (newest === undefined) throw new Failure('UNION_CHARTER_MISSING');
  const charter = charterDigest(newest);
  return { trust, keys: at.keys(state), signer, root, manifest: manifest as Sealed<Manifest>, name, charter };
}

function linesOf(done: {
  state: string;
  version: number;
  finish: boolean;
  lost: boolean;
  restarted: boolean;
}): string[] {
  const { state, version, finish, lost, restarted } = done;
  return [
    finish || lost
      ? `Version ${version} of the manifest of ${state}: the old keys and the old certificate have ended.`
      : `Version ${version} of the manifest of ${state}: new keys and a second certificate stand beside the old ones.`,
    restarted
      ? `The node of ${state} was started again and uses them.`
      : `The node of ${state} will use them when it is started.`,
    ...(lost
      ? [
          `Give ${state}.${version}.json of its trust/manifests to another node: ./commonway trust take FILE --state OTHER`,
        ]
      : []),
    ...(finish || lost ? [] : [`When the other states have it: ./commonway manifest renew --state ${state} --finish`]),
  ];
}

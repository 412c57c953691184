/** Union: whom to trust, from the reader's own pinned anchor down to an agency's key. Floor 1. */
export { pinAnchor, readAnchors } from './anchors.ts';
export { type Anchor, anchorOf, type Charter, charterDigest, charterState } from './charter.ts';
export { NOT_USABLE, unionFailures } from './failures.ts';
export { readUnionFolder, writeUnionFolder } from './folder.ts';
export { type FoundedUnion, type Founder, firstManifestOf, foundUnion } from './found.ts';
export { helloQuery, makeHello, parseHelloQuery, takeHello, whatWeHave } from './hello.ts';
export type { Manifest } from './manifest.ts';
export {
  dropNextTls,
  findNextTls,
  type NodeKeys,
  readKeyFile,
  readNodeKeys,
  tlsOf,
  writeKeyFile,
  writeNextTls,
  writeNodeKeys,
} from './node-keys.ts';
export {
  assembleProposal,
  type CharterDifference,
  type CharterProposal,
  charterDifference,
  proposalBytes,
  proposeCharter,
  readCharterEntry,
  readProposal,
  signProposal,
} from './propose.ts';
export { type Ratification, ratificationDigest, sealRatification } from './ratification.ts';
export { renewManifest } from './renew.ts';
export { beginKeyRenewal, finishKeyRenewal, replaceLostKeys } from './renew-keys.ts';
export { type FileKind, type OpenedFile, openFile, sealFile } from './sealed-file.ts';
export { openVersionSigner } from './signer.ts';
export { listAlarms, migrations, raiseAlarm } from './store.ts';
export { openTrust, type Trust, type UnionFiles, type UnionRecord } from './trust.ts';
export { type TrustView, validKeys } from './view.ts';

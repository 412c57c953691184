/** Union: whom to trust, from the reader's own pinned anchor down to an agency's key. Floor 1. */
export { pinAnchor, readAnchors } from './anchors.ts';
export {
  type Anchor,
  anchorOf,
  type Charter,
  charterDigest,
  charterState,
  isExpired,
  sealCharter,
  usualThreshold,
  verifyCharterChain,
} from './charter.ts';
export { NOT_USABLE, type UnionFailureCode, unionFailures } from './failures.ts';
export { readUnionFolder, writeUnionFolder } from './folder.ts';
export { type FoundedUnion, type Founder, foundUnion } from './found.ts';
export {
  type Hello,
  type HelloOutcome,
  type HelloQuery,
  helloQuery,
  makeHello,
  parseHelloQuery,
  takeHello,
  whatWeHave,
} from './hello.ts';
export { type Agency, type Manifest, manifestDigest, type Purpose, verifyManifest } from './manifest.ts';
export { type NodeKeys, readKeyFile, readNodeKeys, tlsOf, writeKeyFile, writeNodeKeys } from './node-keys.ts';
export { type Ratification, ratificationDigest, sealRatification } from './ratification.ts';
export { type ManifestChanges, renewManifest } from './renew.ts';
export { FILE_KINDS, type FileKind, type OpenedFile, openFile, sealFile } from './sealed-file.ts';
export { assembleCharter, openVersionSigner, type VersionSigner } from './signer.ts';
export { type Alarm, listAlarms, migrations, raiseAlarm } from './store.ts';
export { openTrust, type Trust, type TrustOptions, type UnionFiles, type UnionRecord } from './trust.ts';
export type { TrustView } from './view.ts';

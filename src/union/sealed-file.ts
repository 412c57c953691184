import Type from 'typebox';
import { Value } from 'typebox/value';
import {
  canonicalJson,
  fromBase64Url,
  type Sealed,
  type SigningKey,
  signBytes,
  toBase64Url,
  verifyBytes,
} from '../crypto/index.ts';
import { Failure, type Instant, isFailure, type Json } from '../storage/index.ts';
import { type Anchor, type Charter, isExpired, verifyCharterChain } from './charter.ts';
import { type Manifest, verifyManifest } from './manifest.ts';
import { demandShape, exactly, instant, isMoment, oneOf, stateCode } from './shapes.ts';
import { type TrustView, viewOf } from './view.ts';

const FILE_KINDS = [
  'document',
  'evidence',
  'decision',
  'transaction',
  'receipt',
  'call',
  'proof',
  'complaint',
  'bundle',
] as const;
export type FileKind = (typeof FILE_KINDS)[number];

const FORMAT = 1;
const DOMAIN = 'commonway/file/1';
/** In characters: beyond it a wrong file is called wrong, and not searched for the place. */
const LONGEST_EXPLAINED = 200_000;

const fileShape = exactly({
  commonway: Type.Literal(FORMAT),
  kind: oneOf(FILE_KINDS),
  sealedBy: exactly({ state: stateCode, key: Type.String({ maxLength: 64 }) }),
  sealedAt: instant,
  content: Type.Unsafe<Json>(Type.Any()),
  charters: Type.Array(Type.Unsafe<Sealed<Charter>>(Type.Object({})), { minItems: 1, maxItems: 1000 }),
  manifests: Type.Array(Type.Unsafe<Sealed<Manifest>>(Type.Object({})), { minItems: 1, maxItems: 64 }),
  signature: Type.String({ maxLength: 200 }),
});

/** A file that was opened: everything in it stands under the reader's own anchor. */
export interface OpenedFile {
  kind: FileKind;
  content: Json;
  sealedBy: { state: string; key: string };
  /** By the sealing node's clock. */
  sealedAt: Instant;
  /** The union as the file shows it; keys are asked as of `sealedAt` where no other time is given. */
  trust: TrustView;
  /** The version that the file's charter ends with, and whether that has expired by now: to be said, not to be refused. */
  charterVersion: number;
  charterExpired: boolean;
}

/**
 * Seals content for somebody outside: one canonical JSON text (RFC 8785) with all that is needed to check it offline, signed as a
 * whole by the node's `seal` key. There is no byte in it that could be changed, added or dropped.
 * @returns the file's bytes
 * @throws Failure CRYPTO_JSON where the content has no canonical form
 * @example writeFileSync('receipt.json', sealFile({ trust, key: keys.seal, clock }, 'receipt', receipt))
 */
export function sealFile(
  ctx: { trust: TrustView & { self: string }; key: SigningKey; clock: { now(): Instant } },
  kind: FileKind,
  content: Json,
): Buffer {
  const { trust, key } = ctx;
  const manifests = trust.states().flatMap((state) => {
    try {
      return [trust.sealedManifest(state)];
    } catch {
      return [];
    }
  });
  const body = {
    commonway: FORMAT,
    kind,
    sealedBy: { state: trust.self, key: key.public.id },
    sealedAt: ctx.clock.now(),
    content,
    charters: trust.charters as unknown as Json,
    manifests: manifests as unknown as Json,
  };
  const signature = toBase64Url(signBytes(key, DOMAIN, Buffer.from(canonicalJson(body))));
  return Buffer.from(canonicalJson({ ...body, signature }));
}

/**
 * Opens a sealed file against the reader's pinned anchors. The charter chain in the file must hold one of them; from there on charters
 * verify manifests and manifests the seal. Nothing in the file is believed before that.
 * @param now only says whether the charter has expired by now
 * @throws Failure UNION_ANCHOR_MISSING and UNION_FILE_VERSION (see `NOT_USABLE`: nothing to judge the file by), else
 *   UNION_FILE_FORM, UNION_FILE_SEAL, UNION_ANCHOR_MISMATCH, UNION_CHARTER_*, UNION_MANIFEST_*, UNION_KEY_* : the file is not valid
 * @example const { kind, content, trust } = openFile(readFileSync(path), readAnchors(home), systemClock.now())
 */
export function openFile(bytes: Uint8Array, anchors: Anchor[], now: Instant): OpenedFile {
  const file = parseFile(bytes);
  if (anchors.length === 0) throw new Failure('UNION_ANCHOR_MISSING');
  const chain = chainUnder(file.charters, anchors);
  const manifests = new Map<string, Sealed<Manifest>>();
  for (const sealed of file.manifests) {
    const { state } = verifyManifest(chain, sealed);
    if (manifests.has(state)) throw new Failure('UNION_FILE_FORM', { reason: 'it has two manifests of one state' });
    manifests.set(state, sealed);
  }
  const { sealedBy, sealedAt } = file;
  const parts = { chain, charters: file.charters, manifests, ratifications: [], now: () => sealedAt };
  const trust = viewOf(() => parts);
  const key = trust.key(sealedBy.state, 'seal', sealedBy.key, sealedAt);
  const { signature, ...body } = file;
  if (!verifyBytes(key, DOMAIN, Buffer.from(canonicalJson(body as unknown as Json)), signatureBytes(signature))) {
    throw new Failure('UNION_FILE_SEAL');
  }
  const newest = chain[chain.length - 1] as Charter;
  return {
    kind: file.kind,
    content: file.content,
    sealedBy,
    sealedAt,
    trust,
    charterVersion: newest.version,
    charterExpired: isExpired(newest, now),
  };
}

function parseFile(bytes: Uint8Array): Type.Static<typeof fileShape> {
  let text: string;
  let value: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    value = JSON.parse(text);
  } catch {
    throw new Failure('UNION_FILE_FORM', { reason: 'it is not JSON in UTF-8' });
  }
  const format = (value as { commonway?: unknown } | null)?.commonway;
  if (typeof format === 'number' && Number.isInteger(format) && format > FORMAT) {
    throw new Failure('UNION_FILE_VERSION', { version: format });
  }
  // Saying where a large file is wrong takes far longer than finding that it is: strangers send files too.
  if (text.length > LONGEST_EXPLAINED && !Value.Check(fileShape, value)) {
    throw new Failure('UNION_FILE_FORM', { reason: 'it has not the form of a file' });
  }
  const file = demandShape(fileShape, value, 'UNION_FILE_FORM');
  if (!isMoment(file.sealedAt)) throw new Failure('UNION_FILE_FORM', { reason: 'its time does not exist' });
  if (canonicalJson(file as unknown as Json) !== text) {
    throw new Failure('UNION_FILE_FORM', { reason: 'its bytes are not the canonical ones' });
  }
  return file;
}

function signatureBytes(text: string): Buffer {
  try {
    return fromBase64Url(text);
  } catch (error) {
    throw new Failure('UNION_FILE_SEAL', {}, { cause: error });
  }
}

/** The chain under whichever anchor it holds. A chain that is wrong in itself is called so, whatever the anchors are. */
function chainUnder(charters: Sealed<Charter>[], anchors: Anchor[]): Charter[] {
  let mismatch: Failure | undefined;
  for (const anchor of anchors) {
    try {
      return verifyCharterChain(charters, anchor);
    } catch (error) {
      if (!isFailure(error, 'UNION_ANCHOR_MISMATCH')) throw error;
      mismatch = error;
    }
  }
  throw mismatch as Failure;
}

import Type from 'typebox';
import { digestHex, parseSealed, type Sealed, sealedBytes } from '../crypto/index.ts';
import { describeError, Failure, type Json, type StoreContext } from '../storage/index.ts';
import type { Manifest } from './manifest.ts';
import { type Ratification, ratificationDigest } from './ratification.ts';
import { demandShape, digest, exactly, stateCode, unionName, version } from './shapes.ts';
import { raiseAlarm, storedManifests, storedRatifications } from './store.ts';
import type { Trust } from './trust.ts';

/** Versions of the exchange protocol that this program speaks; see docs/protocol.md. */
const PROTOCOLS: readonly number[] = [1];

/** Members that a later version adds are passed over: nothing in them is believed, and nothing signed is. */
const helloShape = Type.Object({
  union: unionName,
  state: stateCode,
  /** Versions of the exchange protocol that it speaks. */
  protocols: Type.Array(Type.Integer({ minimum: 1 }), { minItems: 1, maxItems: 16 }),
  charter: exactly({ version, digest }),
  versions: Type.Record(stateCode, version),
  ratified: digest,
  /** Its clock when it answered. Nothing is judged by it: it shows an operator that two clocks drift apart. */
  now: Type.Optional(Type.String({ maxLength: 40 })),
  manifests: Type.Array(Type.Unsafe<Sealed<Manifest>>(Type.Object({})), { maxItems: 1000 }),
  ratifications: Type.Array(Type.Unsafe<Sealed<Ratification>>(Type.Object({})), { maxItems: 10_000 }),
});

/**
 * What a node tells a peer of the union: its charter's version and digest, the newest manifest version it knows of each state, and
 * whatever of that the asker lacks. Manifests bear their state's own signature, so a third node may bring them: a renewed one
 * spreads even to a peer that could no longer connect to its owner.
 */
type Hello = Type.Static<typeof helloShape>;

/** What the asker has: as the query of `GET /union/hello`. */
interface HelloQuery {
  versions: Record<string, number>;
  ratified: string;
}

/** What we have, to be sent with the question. @example ask(peer, `/union/hello?${helloQuery(await whatWeHave(ctx, trust))}`) */
export async function whatWeHave(ctx: StoreContext, trust: Trust): Promise<HelloQuery> {
  const versions: Record<string, number> = {};
  for (const state of trust.states()) {
    try {
      versions[state] = trust.manifest(state).version;
    } catch {
      // Not known yet: asked for from its first version on.
    }
  }
  return { versions, ratified: ratifiedDigest(await storedRatifications(ctx.db)) };
}

/** `have=am:1,by:3&ratified=<digest>` */
export function helloQuery({ versions, ratified }: HelloQuery): string {
  const have = Object.entries(versions)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([state, known]) => `${state}:${known}`);
  return `have=${have.join(',')}&ratified=${ratified}`;
}

/** Reads the query of a hello; what it does not understand counts as not known to the asker. */
export function parseHelloQuery(query: URLSearchParams): HelloQuery {
  const versions: Record<string, number> = {};
  for (const part of (query.get('have') ?? '').slice(0, 4096).split(',')) {
    const found = /^([a-z][a-z0-9-]{0,31}):([0-9]{1,9})$/.exec(part);
    if (found) versions[found[1] as string] = Number(found[2]);
  }
  return { versions, ratified: query.get('ratified') ?? '' };
}

/** The answer to a peer's hello. */
export async function makeHello(ctx: StoreContext, trust: Trust, asked: HelloQuery): Promise<Hello> {
  const have = await whatWeHave(ctx, trust);
  const manifests: Sealed<Manifest>[] = [];
  for (const [state, known] of Object.entries(have.versions)) {
    const after = asked.versions[state] ?? 0;
    if (after < known) manifests.push(...(await storedManifests(ctx.db, state, after)));
  }
  const ratifications = asked.ratified === have.ratified ? [] : await storedRatifications(ctx.db);
  const charter = { version: trust.charter.version, digest: trust.charterDigest };
  return {
    union: trust.charter.union,
    state: trust.self,
    protocols: [...PROTOCOLS],
    charter,
    ...have,
    now: ctx.clock.now(),
    manifests,
    ratifications,
  };
}

/** What came of a peer's hello. */
interface HelloOutcome {
  charter: 'same' | 'older' | 'newer' | 'fork';
  learned: number;
  /** The peer knows less than we do: it will ask, or be asked to. */
  peerBehind: boolean;
  /** What its clock said; NaN where it did not say. */
  theirTime: number;
}

/**
 * Takes over what a peer told, checking each part by itself: a part that is refused raises an alarm and spoils no other.
 * @throws Failure UNION_CHARTER_FORM for an answer that is no hello of this peer in this union
 */
export async function takeHello(ctx: StoreContext, trust: Trust, peer: string, answer: Json): Promise<HelloOutcome> {
  const hello = demandShape(helloShape, answer, 'UNION_CHARTER_FORM');
  if (hello.state !== peer || hello.union !== trust.charter.union) {
    throw new Failure('UNION_CHARTER_FORM', { reason: 'the hello is of another state or union' });
  }
  if (!hello.protocols.some((one) => PROTOCOLS.includes(one))) {
    const detail = { theirs: hello.protocols, ours: [...PROTOCOLS] };
    await raiseAlarm(ctx.db, { kind: 'protocol-none', peer, cause: hello.protocols.join(), detail }, ctx.clock.now());
  }
  const charter = await trust.compareCharter(peer, hello.charter);
  const theirTime = Date.parse(hello.now ?? '');
  if (charter === 'fork') return { charter, learned: 0, peerBehind: false, theirTime };
  let learned = 0;
  const attempt = async (cause: string, work: () => Promise<boolean>): Promise<void> => {
    try {
      if (await work()) learned++;
    } catch (error) {
      const detail = { reason: describeError(error) };
      await raiseAlarm(ctx.db, { kind: 'hello-refused', peer, cause, detail }, ctx.clock.now());
    }
  };
  for (const manifest of hello.manifests) {
    await attempt('manifest', () => trust.learnManifest(checked(manifest, 'manifest'), peer));
  }
  for (const ratification of hello.ratifications) {
    await attempt('ratification', () => trust.learnRatification(checked(ratification, 'ratification')));
  }
  const behind = trust.states().some((state) => (hello.versions[state] ?? 0) < versionOf(trust, state));
  return { charter, learned, peerBehind: behind, theirTime };
}

/** From JSON inside a hello back to the strict form. */
function checked<P>(value: Sealed<P>, kind: string): Sealed<P> {
  return parseSealed<P>(sealedBytes(value), kind);
}

function versionOf(trust: Trust, state: string): number {
  try {
    return trust.manifest(state).version;
  } catch {
    return 0;
  }
}

function ratifiedDigest(all: Sealed<Ratification>[]): string {
  const digests = all.map((sealed) => ratificationDigest(sealed.payload)).sort();
  return digestHex(digests.join('\n'));
}

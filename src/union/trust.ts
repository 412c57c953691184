import type { Sealed } from '../crypto/index.ts';
import { Failure, isFailure, type Json, type StoreContext, type Tx } from '../storage/index.ts';
import { type Anchor, anchorOf, type Charter, charterDigest, verifyCharterChain } from './charter.ts';
import { demandManifestSuccession, type Manifest, manifestDigest, verifyManifest } from './manifest.ts';
import {
  demandRatification,
  demandRatifier,
  type Ratification,
  type Ratifiers,
  ratificationDigest,
} from './ratification.ts';
import { sortManifests, standingOf } from './standing.ts';
import {
  findVersionDigest,
  newestManifests,
  raiseAlarm,
  storedCharters,
  storedRatifications,
  storeRatification,
  storeState,
  storeVersion,
} from './store.ts';
import { type TrustParts, type TrustView, validKeys, viewOf } from './view.ts';

/** What an operator gives a node: the files of its union folder. */
export interface UnionFiles {
  charters: Sealed<Charter>[];
  manifests: Sealed<Manifest>[];
  ratifications: Sealed<Ratification>[];
}

/** What goes into the ledger when a version or ratification is learned. */
export interface UnionRecord {
  kind: 'charter' | 'manifest' | 'ratification';
  content: { [key: string]: Json };
}

interface TrustOptions {
  /** This node's state. */
  self: string;
  files: UnionFiles;
  /** The union to accept on the first start; without it the first charter of the files, which the operator put there. */
  anchor?: Anchor;
  /** Called in the transaction that stores something new; `node/` appends a ledger leaf here. */
  record?(tx: Tx, record: UnionRecord): Promise<void>;
}

/** A node's own, durable knowledge of its union. It only ever grows. */
export interface Trust extends TrustView {
  readonly self: string;
  /**
   * Takes over a manifest version that follows the newest known one, wherever it came from: its state's root signed it.
   * @returns whether it was new
   * @throws Failure UNION_MANIFEST_FORGED, _SKIPPED, _TWO_CONTENTS (with an alarm), _CHARTER, _FORM
   */
  learnManifest(sealed: Sealed<Manifest>, from?: string): Promise<boolean>;
  /** @throws Failure UNION_RATIFICATION_FORGED, _ALONE, _FORM */
  learnRatification(sealed: Sealed<Ratification>): Promise<boolean>;
  /**
   * Compares a peer's charter with ours: `older` and `same` are versions we know; `newer` is one that we were not given yet
   * (an alarm, and work goes on); `fork` is another content of a version we have (an alarm; nothing it says can be believed).
   */
  compareCharter(
    peer: string,
    theirs: { version: number; digest: string },
  ): Promise<'same' | 'older' | 'newer' | 'fork'>;
  /**
   * Takes over what an operator has put into the union folder since the start: charter versions first, then manifests and ratifications.
   * Nothing is taken of files whose charters do not hold; a manifest or ratification that does not hold spoils no other.
   * @returns how much was new
   * @throws Failure UNION_CHARTER_*, UNION_ANCHOR_MISMATCH; the first failure of a manifest or ratification, after the others were taken
   */
  take(files: UnionFiles): Promise<number>;
  /** Looks whether another process of this node has learned something, and takes it over. */
  refresh(): Promise<void>;
}

/**
 * Opens the trust store: verifies the files against what was stored before, stores what is new, and stops with a clear failure
 * where the files are forged, rolled back, under-signed or skip a version. An expired charter is no failure: see `expired()`.
 * @throws Failure UNION_CHARTER_*, UNION_MANIFEST_*, UNION_RATIFICATION_*, UNION_ANCHOR_MISMATCH
 * @example const trust = await openTrust({ db, clock }, { self: 'kz', files: readUnionFolder(folder) })
 */
export async function openTrust(ctx: StoreContext, options: TrustOptions): Promise<Trust> {
  const { db, clock } = ctx;
  const { self, files } = options;
  await storeCharters(ctx, options);
  let loaded = await load(ctx);
  let state = await storeState(db);
  const view = viewOf(() => loaded);
  view.root(self);

  const reload = async (): Promise<void> => {
    state = await storeState(db);
    loaded = await load(ctx);
  };
  const record = async (tx: Tx, kind: UnionRecord['kind'], content: UnionRecord['content']): Promise<void> => {
    await options.record?.(tx, { kind, content });
  };
  const learnManifest = async (sealed: Sealed<Manifest>, from = self): Promise<boolean> => {
    const manifest = verifyManifest([...loaded.chain], sealed, { inForce: false });
    const digest = manifestDigest(manifest);
    const known = await findVersionDigest(db, 'manifest', manifest.state, manifest.version);
    if (known === digest) return false;
    if (known !== undefined) throw await twoContents(ctx, manifest, from, known);
    const newest = loaded.manifests.get(manifest.state)?.payload;
    const last = newest ?? loaded.former?.get(manifest.state)?.manifest.payload;
    // From before the first version that we were given: it can neither be placed nor change anything.
    if (last && manifest.version < last.version) return false;
    verifyManifest([...loaded.chain], sealed);
    if (newest) demandManifestSuccession(newest, manifest);
    const fresh = await db.transaction(async (tx) => {
      if (!(await storeVersion(tx, sealed, clock.now()))) return false;
      await record(tx, 'manifest', { state: manifest.state, version: manifest.version, digest });
      return true;
    });
    await reload();
    // Another process stored this version at the same moment; the content it stored decides.
    if (!fresh) return learnManifest(sealed, from);
    return true;
  };
  const learnRatification = async (sealed: Sealed<Ratification>): Promise<boolean> => {
    const ratification = demandRatification(sealed.payload);
    demandRatifier(sealed, validRatifiers(view, ratification));
    const fresh = await db.transaction(async (tx) => {
      if (!(await storeRatification(tx, sealed, clock.now()))) return false;
      const { state: by, agreement, contract } = ratification;
      await record(tx, 'ratification', { state: by, agreement, contract, digest: ratificationDigest(ratification) });
      return true;
    });
    if (fresh) await reload();
    return fresh;
  };

  /** One of a state that left is history: it is no reason to stop, and changes nothing. One that is forged is called so by `learnManifest`. */
  const isInForce = (sealed: Sealed<Manifest>): boolean => {
    try {
      return standingOf(loaded.chain, sealed).until === undefined;
    } catch {
      return true;
    }
  };
  let chainLength = loaded.chain.length;

  for (const sealed of inOrder(files.manifests)) if (isInForce(sealed)) await learnManifest(sealed);
  demandOwnManifest(view, self, files);
  for (const sealed of files.ratifications) await learnRatification(sealed);

  return Object.defineProperties(
    {
      self,
      learnManifest,
      learnRatification,
      async compareCharter(peer: string, theirs: { version: number; digest: string }) {
        if (theirs.digest === view.charterDigest && theirs.version === view.charter.version) return 'same' as const;
        const ours = loaded.chain.find((charter) => charter.version === theirs.version);
        if (ours && charterDigest(ours) === theirs.digest) return 'older' as const;
        // From before the first version that we were given: nothing here could contradict it.
        if (theirs.version < (loaded.chain[0] as Charter).version) return 'older' as const;
        const outcome = ours ? ('fork' as const) : ('newer' as const);
        const detail = { version: theirs.version, theirs: theirs.digest, ours: ours ? charterDigest(ours) : null };
        await raiseAlarm(db, { kind: `charter-${outcome}`, peer, cause: theirs.digest, detail }, clock.now());
        return outcome;
      },
      async take(given: UnionFiles) {
        const before = await storeState(db);
        await storeCharters(ctx, { ...options, files: given });
        if ((await storeState(db)) !== before) await reload();
        let learned = loaded.chain.length - chainLength;
        chainLength = loaded.chain.length;
        const refused: unknown[] = [];
        const attempt = async (work: () => Promise<boolean>): Promise<void> => {
          try {
            if (await work()) learned++;
          } catch (error) {
            refused.push(error);
          }
        };
        for (const sealed of inOrder(given.manifests)) {
          if (isInForce(sealed)) await attempt(() => learnManifest(sealed));
        }
        for (const sealed of given.ratifications) await attempt(() => learnRatification(sealed));
        if (refused.length > 0) throw refused[0];
        return learned;
      },
      async refresh() {
        if ((await storeState(db)) !== state) await reload();
      },
    },
    Object.getOwnPropertyDescriptors(view),
  ) as Trust;
}

/** The charter files against the stored versions: what is stored decides, the files may only add to it. */
async function storeCharters(ctx: StoreContext, options: TrustOptions): Promise<void> {
  const { charters } = options.files;
  const stored = (await storedCharters(ctx.db)).map((sealed) => sealed.payload);
  const first = charters[0]?.payload;
  if (!first) throw new Failure('UNION_CHARTER_MISSING');
  // The files are first checked by themselves: a forged one is to be called forged. Then they are held against what we know.
  const whole = verifyCharterChain(charters, options.anchor ?? anchorOf(first));
  const chain = await untilWeLeft(ctx, whole, options.self);
  const known = stored[stored.length - 1];
  const newest = chain[chain.length - 1] as Charter;
  for (const charter of chain) {
    const ours = stored.find((candidate) => candidate.version === charter.version);
    if (!ours || charterDigest(ours) === charterDigest(charter)) continue;
    if (ours.union !== charter.union || ours.version === 1)
      throw new Failure('UNION_ANCHOR_MISMATCH', { union: charter.union });
    throw new Failure('UNION_CHARTER_TWO_CONTENTS', { version: charter.version });
  }
  if (known) {
    if (newest.version < known.version) {
      throw new Failure('UNION_CHARTER_ROLLED_BACK', { known: known.version, found: newest.version });
    }
    if (!chain.some((charter) => charter.version === known.version)) {
      throw new Failure('UNION_CHARTER_SKIPPED', { known: known.version, found: first.version });
    }
  }
  await ctx.db.transaction(async (tx) => {
    for (const sealed of charters.slice(0, chain.length)) {
      if (!(await storeVersion(tx, sealed, ctx.clock.now()))) continue;
      const { version } = sealed.payload;
      await options.record?.(tx, { kind: 'charter', content: { version, digest: charterDigest(sealed.payload) } });
    }
  });
}

/**
 * A charter that has no place for this state is not ours: the union goes on without us, and we under the last one that names us, with all
 * that we hold and decide ourselves. An alarm tells the operator; nothing stops.
 */
async function untilWeLeft(ctx: StoreContext, chain: Charter[], self: string): Promise<Charter[]> {
  const last = chain.findLastIndex((charter) => charter.states.some(({ state }) => state === self));
  const without = chain[last + 1];
  if (last === -1 || without === undefined) return chain;
  const alarm = { kind: 'charter-without-us', peer: self, cause: charterDigest(without) };
  await raiseAlarm(ctx.db, { ...alarm, detail: { version: without.version } }, ctx.clock.now());
  return chain.slice(0, last + 1);
}

/** Reads the store, and verifies again what is in force: a changed row of the database must not become a key. */
async function load(ctx: StoreContext): Promise<TrustParts> {
  const charters = await storedCharters(ctx.db);
  const chain = verifyCharterChain(charters, anchorOf((charters[0] as Sealed<Charter>).payload));
  const { manifests, former } = sortManifests(
    chain,
    (await newestManifests(ctx.db)).filter((sealed) => isVerified(chain, sealed)),
  );
  const now = () => ctx.clock.now();
  const unratified = { chain, charters, manifests, former, ratifications: [], now };
  const view = viewOf(() => unratified);
  const ratifications = (await storedRatifications(ctx.db)).filter((sealed) => isRatified(view, sealed));
  return { ...unratified, ratifications: ratifications.map((sealed) => sealed.payload) };
}

function isVerified(chain: readonly Charter[], sealed: Sealed<Manifest>): boolean {
  try {
    standingOf(chain, sealed);
    return true;
  } catch (error) {
    if (!isFailure(error, 'UNION_STATE_UNKNOWN', 'UNION_MANIFEST_FORGED')) throw error;
    return false;
  }
}

function isRatified(view: TrustView, sealed: Sealed<Ratification>): boolean {
  try {
    demandRatifier(sealed, validRatifiers(view, sealed.payload));
    return true;
  } catch {
    return false;
  }
}

function validRatifiers(view: TrustView, { state, issued }: Ratification): Ratifiers {
  return {
    ratification: validKeys(view, state, 'ratification', issued),
    approval: validKeys(view, state, 'approval', issued),
    // By the list of all times: whoever dates a word back before there was a second person gains nothing.
    two: view.keys(state, 'approval').length > 0,
  };
}

async function twoContents(ctx: StoreContext, manifest: Manifest, from: string, known: string): Promise<Failure> {
  const { state, version } = manifest;
  const digest = manifestDigest(manifest);
  // Both are signed by the state's root: the sealed object that came is itself the proof.
  const detail = { state, version, ours: known, theirs: digest, from };
  await raiseAlarm(ctx.db, { kind: 'manifest-fork', peer: state, cause: digest, detail }, ctx.clock.now());
  return new Failure('UNION_MANIFEST_TWO_CONTENTS', { state, version });
}

function demandOwnManifest(view: TrustView, self: string, files: UnionFiles): void {
  const known = view.manifest(self).version;
  const given = Math.max(
    0,
    ...files.manifests.filter(({ payload }) => payload.state === self).map(({ payload }) => payload.version),
  );
  if (given === 0) throw new Failure('UNION_MANIFEST_MISSING', { state: self });
  // Peers' newer versions come by themselves; its own can only have been set back, and with it perhaps the keys.
  if (given < known) throw new Failure('UNION_MANIFEST_ROLLED_BACK', { known, found: given });
}

function inOrder(manifests: Sealed<Manifest>[]): Sealed<Manifest>[] {
  return [...manifests].sort((a, b) => a.payload.version - b.payload.version);
}

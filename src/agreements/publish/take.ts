import type { Sealed } from '../../crypto/index.ts';
import { appendLeaf, type LedgerContext } from '../../ledger/index.ts';
import { addMilliseconds, Failure, type Tx } from '../../storage/index.ts';
import type { Trust } from '../../union/index.ts';
import type { Agreement } from '../types.ts';
import { demandDigests, demandForm, type Edition, editionDigest } from './edition.ts';
import { countEditionsSince, findEdition, insertEdition } from './edition-rows.ts';
import { demandPart, demandPublished } from './publishers.ts';

/** What keeping published versions needs: the store, this node's ledger, whom it trusts. */
export interface PublishingContext extends LedgerContext {
  trust: Trust;
}

const DAY_MS = 86_400_000;
/** Editions taken from one state in a day: more is no publishing but an attempt to fill a disk. */
const A_DAY = 50;

/**
 * Takes an edition over for good, wherever it came from: its publisher and the second person signed it, and its digests are those of its
 * files. What it means is another matter: nothing runs by it before the parties ratify it.
 * @returns whether it was new
 * @throws Failure AGREEMENT_EDITION_*, AGREEMENT_PUBLISHER_UNFIT, AGREEMENT_NOT_LOADED, UNION_*
 */
export async function takeEdition(ctx: PublishingContext, sealed: Sealed<Edition>): Promise<boolean> {
  const agreement = demandWhole(ctx, sealed);
  if ((await findEdition(ctx.db, editionDigest(sealed.payload))) !== undefined) return false;
  const { state } = sealed.payload;
  const since = addMilliseconds(ctx.clock.now(), -DAY_MS);
  if ((await countEditionsSince(ctx.db, state, since)) >= A_DAY) {
    throw new Failure('AGREEMENT_EDITION_TOO_MANY', { state, agreement: agreement.name });
  }
  return ctx.db.transaction((tx) => storeEdition(tx, ctx, sealed));
}

/** All that must hold of an edition before it is kept. Gives the agreement in it. */
export function demandWhole(ctx: PublishingContext, sealed: Sealed<Edition>): Agreement {
  demandForm(sealed);
  // Its files are read only when those have signed who may: what a stranger sends costs no more than its form.
  demandPublished(ctx, sealed);
  const agreement = demandDigests(sealed.payload);
  demandPart(agreement.annexes, sealed.payload);
  return agreement;
}

/** Stores an edition that was checked, with its leaf in the ledger. */
export async function storeEdition(tx: Tx, ctx: PublishingContext, sealed: Sealed<Edition>): Promise<boolean> {
  if (!(await insertEdition(tx, sealed, ctx.clock.now()))) return false;
  const { agreement, version, contract, state, agency } = sealed.payload;
  const content = { agreement, version, contract, state, agency, digest: editionDigest(sealed.payload) };
  await appendLeaf(tx, ctx, { kind: 'agreement', content });
  return true;
}

import { countersign, parseSealed, type Sealed, type SigningKey, sealedBytes } from '../../crypto/index.ts';
import { Failure, type Instant, type Queryable } from '../../storage/index.ts';
import { type Ratification, ratificationDigest } from '../../union/index.ts';
import { type Edition, editionDigest } from './edition.ts';
import { demandAgency } from './publishers.ts';
import { demandWhole, type PublishingContext, storeEdition } from './take.ts';

/** What one person has signed and a second has not approved yet. */
export interface Prepared {
  id: string;
  kind: 'edition' | 'ratification';
  agreement: string;
  preparedBy: string;
  preparedAt: Instant;
}

interface PreparedRow {
  id: string;
  kind: Prepared['kind'];
  agreement: string;
  sealed: Buffer;
  prepared_by: string;
  prepared_at: Instant;
}

/**
 * Keeps an edition that its agency has signed until a second person approves it. Preparing the same again changes nothing.
 * @returns the id under which it is approved
 * @throws Failure AGREEMENT_EDITION_FORGED, AGREEMENT_PUBLISHER_UNFIT
 */
export async function prepareEdition(ctx: PublishingContext, sealed: Sealed<Edition>, by: string): Promise<string> {
  demandAgency(ctx, sealed);
  const id = editionDigest(sealed.payload);
  await insert(ctx, { id, kind: 'edition', agreement: sealed.payload.agreement, sealed: sealedBytes(sealed), by });
  return id;
}

/** The same for a state's word on a contract, signed by its ratification key. */
export async function prepareRatification(
  ctx: PublishingContext,
  sealed: Sealed<Ratification>,
  by: string,
): Promise<string> {
  const id = ratificationDigest(sealed.payload);
  await insert(ctx, { id, kind: 'ratification', agreement: sealed.payload.agreement, sealed: sealedBytes(sealed), by });
  return id;
}

async function insert(
  { db, clock }: PublishingContext,
  { id, kind, agreement, sealed, by }: { id: string; kind: string; agreement: string; sealed: Buffer; by: string },
): Promise<void> {
  await db.query(
    `insert into agreement_prepared (id, kind, agreement, sealed, prepared_by, prepared_at) values ($1, $2, $3, $4, $5, $6)
     on conflict do nothing`,
    [id, kind, agreement, sealed, by, clock.now()],
  );
}

/** What waits for a second person, the oldest first. */
export async function listPrepared(db: Queryable): Promise<Prepared[]> {
  const rows = await db.query<PreparedRow>('select * from agreement_prepared order by prepared_at, id');
  return rows.map(toPrepared);
}

const toPrepared = ({ id, kind, agreement, prepared_by, prepared_at }: PreparedRow): Prepared => ({
  ...{ id, kind, agreement },
  preparedBy: prepared_by,
  preparedAt: prepared_at,
});

/** What was prepared under an id, or the beginning of one. @throws Failure AGREEMENT_PREPARED_NONE, AGREEMENT_PREPARED_MANY */
export async function findPrepared(db: Queryable, start: string): Promise<Prepared & { sealed: Buffer }> {
  const rows = await db.query<PreparedRow>('select * from agreement_prepared where starts_with(id, $1) limit 2', [
    start,
  ]);
  const [row] = rows;
  if (row === undefined || start === '') throw new Failure('AGREEMENT_PREPARED_NONE', { id: start.slice(0, 64) });
  if (rows.length > 1) throw new Failure('AGREEMENT_PREPARED_MANY', { id: start.slice(0, 64) });
  return { ...toPrepared(row), sealed: row.sealed };
}

/**
 * The second person's approval. He adds the signature of his own key; with it the edition is published in one transaction, or the
 * ratification given, which is one word however often it is given. Whoever is killed in between has done nothing that cannot be done again.
 *
 * @throws Failure AGREEMENT_SAME_PERSON where the first would approve himself, AGREEMENT_PREPARED_NONE, AGREEMENT_APPROVER_UNFIT for a
 *   key that the manifest does not list as a second person's, and those of what is approved
 */
export async function approve(
  ctx: PublishingContext,
  input: { id: string; by: string; key: SigningKey },
): Promise<Prepared> {
  const found = await findPrepared(ctx.db, input.id);
  if (sameName(found.preparedBy, input.by)) throw new Failure('AGREEMENT_SAME_PERSON', { name: input.by });
  const { self } = ctx.trust;
  if (!ctx.trust.keys(self, 'approval').some(({ id }) => id === input.key.public.id)) {
    throw new Failure('AGREEMENT_APPROVER_UNFIT', { state: self });
  }
  if (found.kind === 'ratification') {
    const sealed = countersign(parseSealed<Ratification>(found.sealed, 'ratification'), input.key);
    // Learned first: given twice it is one word, and what is still called prepared is cleared away by doing it again.
    await ctx.trust.learnRatification(sealed);
    await ctx.db.query('delete from agreement_prepared where id = $1', [found.id]);
    return found;
  }
  const sealed = countersign(parseSealed<Edition>(found.sealed, 'agreement'), input.key);
  demandWhole(ctx, sealed);
  await ctx.db.transaction(async (tx) => {
    const [row] = await tx.query('delete from agreement_prepared where id = $1 returning id', [found.id]);
    if (row === undefined) throw new Failure('AGREEMENT_PREPARED_NONE', { id: found.id });
    await storeEdition(tx, ctx, sealed);
  });
  return found;
}

/** Throws away what was prepared: its first signature alone means nothing. */
export async function dropPrepared(db: Queryable, start: string): Promise<Prepared> {
  const { sealed: _, ...found } = await findPrepared(db, start);
  await db.query('delete from agreement_prepared where id = $1', [found.id]);
  return found;
}

/** A name typed otherwise is the same name. */
const sameName = (a: string, b: string): boolean => plain(a) === plain(b);
const plain = (name: string): string => name.normalize('NFKC').trim().replace(/\s+/g, ' ').toLowerCase();

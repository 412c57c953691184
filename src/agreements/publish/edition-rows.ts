import { parseSealed, type Sealed, sealedBytes } from '../../crypto/index.ts';
import type { Instant, Migrations, Queryable, Tx } from '../../storage/index.ts';
import { type Edition, editionDigest } from './edition.ts';
import sql from './sql/001-agreements.sql';

/** The tables of this room. */
export const migrations: Migrations = { room: 'agreements', files: [{ name: '001-agreements', sql }] };

/** Stores an edition whole, or finds it stored: never a part. Gives whether it was new. */
export async function insertEdition(tx: Tx, sealed: Sealed<Edition>, at: Instant): Promise<boolean> {
  const { agreement, contract, state, issued } = sealed.payload;
  const rows = await tx.query(
    `insert into agreement_editions (digest, agreement, contract, state, issued, sealed, taken_at)
     values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing returning 1`,
    [editionDigest(sealed.payload), agreement, contract, state, issued, sealedBytes(sealed), at],
  );
  return rows.length > 0;
}

/** The names of all editions that this node has, in the order in which it took them. */
export async function listEditions(db: Queryable): Promise<string[]> {
  const rows = await db.query<{ digest: string }>('select digest from agreement_editions order by place');
  return rows.map(({ digest }) => digest);
}

export async function findEdition(db: Queryable, digest: string): Promise<Sealed<Edition> | undefined> {
  const [row] = await db.query<{ sealed: Buffer }>('select sealed from agreement_editions where digest = $1', [digest]);
  return row && parseSealed<Edition>(row.sealed, 'agreement');
}

/** How many editions of a state this node took since a moment. */
export async function countEditionsSince(db: Queryable, state: string, since: Instant): Promise<number> {
  const [row] = await db.query<{ count: number }>(
    'select count(*)::int as count from agreement_editions where state = $1 and taken_at > $2',
    [state, since],
  );
  return row?.count ?? 0;
}

/** An edition without its files, under its name. */
export type EditionHead = Omit<Edition, 'files'> & { digest: string };

/** The editions of an agreement, or of all, the first taken first. */
export async function editionHeads(db: Queryable, agreement?: string): Promise<EditionHead[]> {
  const rows = await db.query<{ digest: string; sealed: Buffer }>(
    'select digest, sealed from agreement_editions where $1::text is null or agreement = $1 order by place',
    [agreement ?? null],
  );
  return rows.map(({ digest, sealed }) => {
    const { files: _, ...head } = parseSealed<Edition>(sealed, 'agreement').payload;
    return { ...head, digest };
  });
}

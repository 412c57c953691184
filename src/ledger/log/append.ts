import { digestOf, randomBytes, randomId, toBase64Url } from '../../crypto/index.ts';
import type { Json, Tx } from '../../storage/index.ts';
import type { LedgerContext } from '../context.ts';
import { nodeProofCrypto } from '../node-proof-crypto.ts';
import { type LeafKind, leafData } from '../proof/index.ts';
import { openLog } from './log-row.ts';
import { announce } from './wake.ts';

export interface NewLeaf {
  kind: LeafKind;
  /** What is logged. Only its salted digest is kept. */
  content: Json;
  /** A UUID; made where it is left out. A second leaf of one id is refused by the database. */
  id?: string;
}

/** The leaf as its owner must remember it: the salt opens it, together with kind and content. */
export interface AppendedLeaf {
  id: string;
  /** 32 bytes, base64url. */
  salt: string;
  /** Hex SHA-256 of the content's canonical JSON. */
  contentDigest: string;
}

const INSERT = `
  with log as (select log from ledger_log where origin = $1),
  leaf as (select * from unnest($2::uuid[], $3::text[], $4::bytea[], $5::bytea[], $6::bytea[])
    as leaf (id, kind, salt, digest, data)),
  opening as (insert into ledger_opening (log, id, kind, salt, content_digest)
    select log, id, kind, salt, digest from log, leaf)
  insert into ledger_pending (log, id, data) select log, id, data from log, leaf returning log`;

/**
 * Logs something in the caller's transaction: with it or not at all. Takes no lock that another appender waits for; the
 * sequencer gives the leaf its index within 250 ms of the commit.
 * @throws Failure CRYPTO_JSON where the content has no canonical form
 * @example const { id, salt } = await appendLeaf(tx, ctx, { kind: 'access', content: { at, agency, fields } })
 */
export async function appendLeaf(tx: Tx, ctx: LedgerContext, leaf: NewLeaf): Promise<AppendedLeaf> {
  const [appended] = await appendLeaves(tx, ctx, [leaf]);
  return appended as AppendedLeaf;
}

/** Logs several things in one statement; the answers are in the order of the leaves. */
export async function appendLeaves(tx: Tx, ctx: LedgerContext, leaves: readonly NewLeaf[]): Promise<AppendedLeaf[]> {
  if (leaves.length === 0) return [];
  const rows = leaves.map(({ kind, content, id = randomId() }) => {
    const salt = randomBytes(32);
    const contentDigest = digestOf(content);
    const opening = { kind, salt: toBase64Url(salt), contentDigest };
    return { id, kind, salt, contentDigest, data: leafData(nodeProofCrypto, opening) as Buffer };
  });
  const values = [
    ctx.ledger.origin,
    rows.map(({ id }) => id),
    rows.map(({ kind }) => kind),
    rows.map(({ salt }) => salt),
    rows.map(({ contentDigest }) => Buffer.from(contentDigest, 'hex')),
    rows.map(({ data }) => data),
  ];
  const inserted = await tx.query(INSERT, values);
  if (inserted.length === 0) {
    // The very first leaf of a log: its row is made on the way. Only then two appenders may wait for one another.
    await openLog(tx, ctx);
    await tx.query(INSERT, values);
  }
  tx.afterCommit(() => announce(ctx.db, 'appended', ctx.ledger.origin));
  return rows.map(({ id, salt, contentDigest }) => ({ id, salt: toBase64Url(salt), contentDigest }));
}

/**
 * Deletes what opens a leaf. The tree and all proofs of other leaves stay; nobody can tell any more what this leaf was.
 * @example await eraseLeaf(tx, ctx, entry.leaf)
 */
export async function eraseLeaf(tx: Tx, ctx: LedgerContext, id: string): Promise<void> {
  await tx.query('delete from ledger_opening where log = (select log from ledger_log where origin = $1) and id = $2', [
    ctx.ledger.origin,
    id,
  ]);
}

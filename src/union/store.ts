import { parseSealed, type Sealed, sealedBytes } from '../crypto/index.ts';
import { type Instant, type Json, json, type Migrations, type Queryable, type Tx } from '../storage/index.ts';
import { type Charter, charterDigest } from './charter.ts';
import { type Manifest, manifestDigest } from './manifest.ts';
import { type Ratification, ratificationDigest } from './ratification.ts';
import sql from './sql/001-union.sql';

/** The tables of this room. */
export const migrations: Migrations = { room: 'union', files: [{ name: '001-union', sql }] };

type Kind = 'charter' | 'manifest';

/** The digest that is stored for a version, if that version is known. */
export async function findVersionDigest(
  db: Queryable,
  kind: Kind,
  subject: string,
  version: number,
): Promise<string | undefined> {
  const [row] = await db.query<{ digest: string }>(
    'select digest from union_version where kind = $1 and subject = $2 and version = $3',
    [kind, subject, version],
  );
  return row?.digest;
}

/** Every charter version that is stored, oldest first. */
export async function storedCharters(db: Queryable): Promise<Sealed<Charter>[]> {
  const rows = await db.query<{ sealed: Buffer }>(
    `select sealed from union_version where kind = 'charter' order by version`,
  );
  return rows.map((row) => parseSealed<Charter>(row.sealed, 'charter'));
}

/** The manifests of a state after a version, oldest first. */
export async function storedManifests(db: Queryable, state: string, after: number): Promise<Sealed<Manifest>[]> {
  const rows = await db.query<{ sealed: Buffer }>(
    `select sealed from union_version where kind = 'manifest' and subject = $1 and version > $2 order by version limit 100`,
    [state, after],
  );
  return rows.map((row) => parseSealed<Manifest>(row.sealed, 'manifest'));
}

/** The newest stored manifest of each state. */
export async function newestManifests(db: Queryable): Promise<Sealed<Manifest>[]> {
  const rows = await db.query<{ sealed: Buffer }>(
    `select distinct on (subject) sealed from union_version where kind = 'manifest' order by subject, version desc`,
  );
  return rows.map((row) => parseSealed<Manifest>(row.sealed, 'manifest'));
}

export async function storedRatifications(db: Queryable): Promise<Sealed<Ratification>[]> {
  const rows = await db.query<{ sealed: Buffer }>('select sealed from union_ratification order by learned_at, digest');
  return rows.map((row) => parseSealed<Ratification>(row.sealed, 'ratification'));
}

/** Stores a version. Gives false when that version is there already (with whatever content). */
export async function storeVersion(tx: Tx, sealed: Sealed<Charter> | Sealed<Manifest>, at: Instant): Promise<boolean> {
  const { payload } = sealed;
  const isCharter = sealed.kind === 'charter';
  const subject = isCharter ? payload.union : (payload as Manifest).state;
  const digest = isCharter ? charterDigest(payload as Charter) : manifestDigest(payload as Manifest);
  const rows = await tx.query(
    `insert into union_version (kind, subject, version, digest, sealed, learned_at) values ($1, $2, $3, $4, $5, $6)
     on conflict do nothing returning 1`,
    [sealed.kind, subject, payload.version, digest, sealedBytes(sealed as Sealed<unknown>), at],
  );
  return rows.length > 0;
}

/** Stores a ratification. Gives false when it is there already. */
export async function storeRatification(tx: Tx, sealed: Sealed<Ratification>, at: Instant): Promise<boolean> {
  const { state, agreement } = sealed.payload;
  const rows = await tx.query(
    `insert into union_ratification (digest, state, agreement, sealed, learned_at) values ($1, $2, $3, $4, $5)
     on conflict do nothing returning 1`,
    [ratificationDigest(sealed.payload), state, agreement, sealedBytes(sealed), at],
  );
  return rows.length > 0;
}

/** A short text that differs whenever something was learned, also by another process of this node. */
export async function storeState(db: Queryable): Promise<string> {
  const [row] = await db.query<{ state: string }>(
    `select (select count(*) from union_version) || ' ' || (select count(*) from union_ratification) as state`,
  );
  return row?.state ?? '';
}

/** Something that only an operator can settle. */
interface Alarm {
  /** charter-fork, charter-newer, manifest-fork, hello-refused; other rooms add theirs. */
  kind: string;
  peer: string;
  /** What makes it the same alarm when it comes again, e.g. the digest that differs. */
  cause: string;
  detail: { [key: string]: Json };
  firstAt: Instant;
  lastAt: Instant;
  times: number;
}

/** Causes of one kind with one peer that are kept apart: a peer can make up as many as it likes. */
const MOST_CAUSES = 200;
const OTHER_CAUSES = 'others';

/** Raises an alarm, or counts it again. */
export async function raiseAlarm(
  db: Queryable,
  alarm: Pick<Alarm, 'kind' | 'peer' | 'cause' | 'detail'>,
  at: Instant,
): Promise<void> {
  await db.query(
    `insert into union_alarm (kind, peer, cause, detail, first_at, last_at)
     select $1, $2, case
         when exists (select from union_alarm where kind = $1 and peer = $2 and cause = $3) then $3
         when (select count(*) from (select from union_alarm where kind = $1 and peer = $2 limit $6) as known) < $6 then $3
         else $7 end, $4::jsonb, $5, $5
     on conflict (kind, peer, cause) do update set last_at = excluded.last_at, times = union_alarm.times + 1`,
    [alarm.kind, alarm.peer, alarm.cause, json(alarm.detail), at, MOST_CAUSES, OTHER_CAUSES],
  );
}

/** All alarms, latest first. */
export async function listAlarms(db: Queryable): Promise<Alarm[]> {
  return db.query<Alarm>(
    `select kind, peer, cause, detail, first_at as "firstAt", last_at as "lastAt", times
     from union_alarm order by last_at desc limit 1000`,
  );
}

import { randomId } from '../crypto/index.ts';
import { Failure, type Instant, type Queryable, type StoreContext, type Tx } from '../storage/index.ts';

/** What a person allows: one agency, one purpose, under one article, for one application where it is for one. */
export interface NewConsent {
  subject: string;
  agency: string;
  purpose: string;
  article: string;
  application?: string;
  until?: Instant;
}

export interface Consent extends NewConsent {
  id: string;
  givenAt: Instant;
  withdrawnAt?: Instant;
}

/**
 * Records a consent. The same one given twice is one as long as it stands.
 * @returns its id, which goes into the ground of the question
 */
export async function giveConsent(tx: Tx, ctx: StoreContext, consent: NewConsent): Promise<string> {
  const now = ctx.clock.now();
  const { subject, agency, purpose, article, application, until } = consent;
  const [standing] = await tx.query<{ id: string }>(
    `select id from person_consents
     where subject = $1 and agency = $2 and purpose = $3 and article = $4 and application is not distinct from $5
       and until is not distinct from $6::timestamptz and withdrawn_at is null and (until is null or until > $7)`,
    [subject, agency, purpose, article, application ?? null, until ?? null, now],
  );
  if (standing !== undefined) return standing.id;
  const id = randomId();
  await tx.query(
    `insert into person_consents (subject, id, agency, purpose, article, application, given_at, until)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [subject, id, agency, purpose, article, application ?? null, now, until ?? null],
  );
  return id;
}

/** A consent that stands now: given by this person, not withdrawn, not over. */
export async function findConsent(
  q: Queryable,
  ctx: StoreContext,
  of: { subject: string; id: string },
): Promise<Consent | undefined> {
  const consents = await listConsents(q, of.subject);
  const now = ctx.clock.now();
  return consents.find(
    ({ id, withdrawnAt, until }) => id === of.id && withdrawnAt === undefined && (until === undefined || until > now),
  );
}

/** Withdraws a consent from now on; what was done under it stays. Twice is once. @throws Failure PERSONS_CONSENT_UNKNOWN */
export async function withdrawConsent(tx: Tx, ctx: StoreContext, of: { subject: string; id: string }): Promise<void> {
  const rows = await tx.query(
    'update person_consents set withdrawn_at = coalesce(withdrawn_at, $3) where subject = $1 and id = $2 returning 1',
    [of.subject, of.id, ctx.clock.now()],
  );
  if (rows.length === 0) throw new Failure('PERSONS_CONSENT_UNKNOWN');
}

/** All consents of a person, newest first, withdrawn ones too. */
export async function listConsents(q: Queryable, subject: string): Promise<Consent[]> {
  const rows = await q.query<{ [column in keyof Consent]: string | null }>(
    `select id, subject, agency, purpose, article, application, until, given_at as "givenAt", withdrawn_at as "withdrawnAt"
     from person_consents where subject = $1 order by given_at desc, id desc`,
    [subject],
  );
  return rows.map((row) => withoutNulls(row) as unknown as Consent);
}

function withoutNulls(row: object): object {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null));
}

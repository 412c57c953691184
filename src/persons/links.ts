import { randomId } from '../crypto/index.ts';
import { Failure, type Instant, json, type Queryable, type StoreContext, type Tx } from '../storage/index.ts';

/** Why the number is believed to be hers: she gave it and that state's register confirmed it, by evidence of this id. */
export interface LinkProof {
  kind: 'register';
  evidence: string;
}

/** A person's number in another state. */
export interface PersonLink {
  id: string;
  subject: string;
  state: string;
  number: string;
  proof: LinkProof;
  consent?: string;
  madeAt: Instant;
  revokedAt?: Instant;
}

/**
 * Links a person to her number in another state. Linking the same number twice is linking it once.
 * @returns the link's id
 */
export async function makeLink(
  tx: Tx,
  ctx: StoreContext,
  link: { subject: string; state: string; number: string; proof: LinkProof; consent?: string },
): Promise<string> {
  await tx.query(
    `insert into person_links (subject, id, state, number, proof, consent, made_at) values ($1, $2, $3, $4, $5::jsonb, $6, $7)
     on conflict (subject, state, number) where revoked_at is null do nothing`,
    [link.subject, randomId(), link.state, link.number, json(link.proof), link.consent ?? null, ctx.clock.now()],
  );
  const standing = await findLinks(tx, link.subject, link.state);
  return standing.find(({ number }) => number === link.number)?.id ?? '';
}

/** The links of a person that stand, in one state or in all. */
export async function findLinks(q: Queryable, subject: string, state?: string): Promise<PersonLink[]> {
  const links = await listLinks(q, subject);
  return links.filter((link) => link.revokedAt === undefined && (state === undefined || link.state === state));
}

/** Revokes a link: the number is not used from now on. Twice is once. @throws Failure PERSONS_LINK_UNKNOWN */
export async function revokeLink(tx: Tx, ctx: StoreContext, of: { subject: string; id: string }): Promise<void> {
  const rows = await tx.query(
    'update person_links set revoked_at = coalesce(revoked_at, $3) where subject = $1 and id = $2 returning 1',
    [of.subject, of.id, ctx.clock.now()],
  );
  if (rows.length === 0) throw new Failure('PERSONS_LINK_UNKNOWN');
}

interface LinkRow extends Omit<PersonLink, 'consent' | 'revokedAt'> {
  consent: string | null;
  revokedAt: Instant | null;
}

/** All links of a person, newest first, revoked ones too. */
export async function listLinks(q: Queryable, subject: string): Promise<PersonLink[]> {
  const rows = await q.query<LinkRow>(
    `select id, subject, state, number, proof, consent, made_at as "madeAt", revoked_at as "revokedAt"
     from person_links where subject = $1 order by made_at desc, id desc`,
    [subject],
  );
  return rows.map(({ consent, revokedAt, ...link }) => ({
    ...link,
    ...(consent === null ? {} : { consent }),
    ...(revokedAt === null ? {} : { revokedAt }),
  }));
}

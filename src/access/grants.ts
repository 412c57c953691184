import { randomId } from '../crypto/index.ts';
import { addMilliseconds, Failure, type Instant, type Json, json } from '../storage/index.ts';
import { recordChange } from './change.ts';
import type { AccessContext } from './context.ts';
import { demandAgencyName, demandGroupName } from './groups.ts';
import { parseServiceName, parseSystemName, type ServiceId, serviceName } from './names.ts';
import { pathPattern } from './pattern.ts';
import { demandOwnAgency } from './systems.ts';

/** Why the data may be asked for: an article of an agreement that both states have ratified, or a ground stated in words. */
export type Purpose = { agreement: string; article: string } | { ground: string };

/** How much may be asked for in a window of time; windows follow one another without a gap, counted from 1970. */
export interface Quota {
  calls?: number;
  /** Of requests and answers together. */
  bytes?: number;
  windowSeconds: number;
}

/** Whom a grant is for. */
export interface Subject {
  kind: 'agency' | 'system' | 'group';
  name: string;
}

/** The right to call. */
export interface Grant extends ServiceId {
  id: string;
  subject: Subject;
  /** Upper case, or `*`. */
  method: string;
  /** `pathPattern` */
  path: string;
  purpose: Purpose;
  expires: Instant;
  quota: Quota | null;
  /** JSON pointers (RFC 6901) of what of a JSON answer goes through, `*` for each element of a list; null: all of it. */
  fields: string[] | null;
  /** Whether each message is to bear a signature of its own (`message`) or is one of a signed batch. */
  mode: 'batch' | 'message';
  grantedBy: string;
  grantedAt: Instant;
  revokedAt: Instant | null;
}

export interface NewGrant {
  subject: Subject;
  /** `kz.population/register/life-events` */
  service: string;
  method?: string;
  path?: string;
  purpose: Purpose;
  expires: Instant;
  quota?: Quota;
  fields?: readonly string[];
  mode?: Grant['mode'];
  /** The agency that owns the service, or `operator`. */
  by: string;
}

const METHODS = ['*', 'DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT', 'TRACE'];
const LONGEST_MS = 10 * 366 * 86_400_000;

/**
 * Grants the right to call a service of this state, or some endpoints of it. It is logged in the ledger with who gave it and why.
 * @throws Failure ACCESS_NAME, ACCESS_AGENCY_FOREIGN, ACCESS_SERVICE_UNKNOWN, ACCESS_PATTERN, ACCESS_PURPOSE, ACCESS_EXPIRY, ACCESS_LIMIT
 * @example
 * await addGrant(ctx, { subject: { kind: 'agency', name: 'by.pension-fund' }, service: 'kz.population/register/life-events',
 *   method: 'GET', path: '/persons/*', purpose: { agreement: 'pension', article: '12' }, expires, by: 'operator' })
 */
export async function addGrant(ctx: AccessContext, input: NewGrant): Promise<Grant> {
  const grant = demandGrant(ctx, input);
  const about = serviceName(grant);
  await ctx.db.transaction(async (tx) => {
    const known = await tx.query('select 1 from access_service where agency = $1 and system = $2 and code = $3', [
      grant.agency,
      grant.system,
      grant.service,
    ]);
    if (known.length === 0) throw new Failure('ACCESS_SERVICE_UNKNOWN', { service: about });
    await tx.query(
      `insert into access_grant (id, subject_kind, subject, agency, system, service, method, path, purpose, expires, calls, bytes,
         window_seconds, fields, mode, granted_by, granted_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9::jsonb, $10, $11, $12, $13, $14::jsonb, $15, $16, $17)`,
      [
        grant.id,
        grant.subject.kind,
        grant.subject.name,
        grant.agency,
        grant.system,
        grant.service,
        grant.method,
        grant.path,
        json(grant.purpose),
        grant.expires,
        grant.quota?.calls ?? null,
        grant.quota?.bytes ?? null,
        grant.quota?.windowSeconds ?? null,
        grant.fields === null ? null : json(grant.fields),
        grant.mode,
        grant.grantedBy,
        grant.grantedAt,
      ],
    );
    const { grantedAt, grantedBy, revokedAt, ...content } = grant;
    await recordChange(tx, ctx, {
      by: grantedBy,
      kind: 'grant',
      about,
      content: content as unknown as { [key: string]: Json },
    });
  });
  return grant;
}

/**
 * Ends a grant at once, for every process.
 * @param owner the agency whose service it is for: another's grant is as if it were not there
 * @throws Failure ACCESS_GRANT_UNKNOWN
 */
export async function revokeGrant(
  ctx: AccessContext,
  id: string,
  ground: string,
  by: string,
  owner?: string,
): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    const [gone] = await tx.query<{ agency: string; system: string; service: string }>(
      `update access_grant set revoked_at = $2
       where id::text = $1 and revoked_at is null and ($3::text is null or agency = $3) returning agency, system, service`,
      [id, ctx.clock.now(), owner ?? null],
    );
    if (gone === undefined) throw new Failure('ACCESS_GRANT_UNKNOWN', { grant: id.slice(0, 64) });
    await recordChange(tx, ctx, {
      by,
      kind: 'grant-revoked',
      about: serviceName(gone),
      content: { grant: id, ground },
    });
  });
}

interface GrantRow {
  id: string;
  subject_kind: Subject['kind'];
  subject: string;
  agency: string;
  system: string;
  service: string;
  method: string;
  path: string;
  purpose: Purpose;
  expires: Instant;
  calls: number | null;
  bytes: number | null;
  window_seconds: number | null;
  fields: string[] | null;
  mode: Grant['mode'];
  granted_by: string;
  granted_at: Instant;
  revoked_at: Instant | null;
}

/** Every grant, also those that ended, the newest first; of one agency's services where it is named. */
export async function listGrants({ db }: Pick<AccessContext, 'db'>, agency?: string): Promise<Grant[]> {
  const rows = await db.query<GrantRow>(
    'select * from access_grant where $1::text is null or agency = $1 order by granted_at desc, id desc limit 10000',
    [agency ?? null],
  );
  return rows.map(grantOf);
}

/** A row as a grant. */
export function grantOf(row: GrantRow): Grant {
  const { id, agency, system, service, method, path, purpose, expires, fields, mode } = row;
  const quota =
    row.window_seconds === null
      ? null
      : {
          windowSeconds: row.window_seconds,
          ...(row.calls !== null && { calls: Number(row.calls) }),
          ...(row.bytes !== null && { bytes: Number(row.bytes) }),
        };
  const subject = { kind: row.subject_kind, name: row.subject };
  const given = { grantedBy: row.granted_by, grantedAt: row.granted_at, revokedAt: row.revoked_at };
  return { id, subject, agency, system, service, method, path, purpose, expires, quota, fields, mode, ...given };
}

function demandGrant(ctx: AccessContext, input: NewGrant): Grant {
  const service = parseServiceName(input.service);
  demandOwnAgency(ctx, service.agency);
  demandSubject(input.subject);
  const method = input.method ?? '*';
  const path = input.path ?? '/**';
  if (!METHODS.includes(method))
    throw new Failure('ACCESS_PATTERN', { pattern: method.slice(0, 20), reason: 'no such method' });
  pathPattern(path);
  demandPurpose(ctx, input.purpose);
  const now = ctx.clock.now();
  const inForm =
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(input.expires) && !Number.isNaN(Date.parse(input.expires));
  if (!inForm || input.expires <= now || input.expires > addMilliseconds(now, LONGEST_MS))
    throw new Failure('ACCESS_EXPIRY');
  demandQuota(input.quota);
  for (const field of input.fields ?? []) {
    if (!field.startsWith('/'))
      throw new Failure('ACCESS_PATTERN', { pattern: field.slice(0, 100), reason: 'a field begins with a slash' });
  }
  return {
    id: randomId(),
    subject: input.subject,
    ...service,
    method,
    path,
    purpose: input.purpose,
    expires: input.expires,
    quota: input.quota ?? null,
    fields: input.fields === undefined ? null : [...input.fields],
    mode: input.mode ?? 'batch',
    grantedBy: input.by,
    grantedAt: now,
    revokedAt: null,
  };
}

function demandSubject({ kind, name }: Subject): void {
  if (kind === 'agency') demandAgencyName(name);
  else if (kind === 'system') parseSystemName(name);
  else demandGroupName(name);
}

function demandPurpose({ trust, clock }: AccessContext, purpose: Purpose): void {
  const unfit = (reason: string) => new Failure('ACCESS_PURPOSE', { reason });
  if ('ground' in purpose) {
    if (purpose.ground.trim().length < 3 || purpose.ground.length > 500)
      throw unfit('a ground has 3 to 500 characters');
    return;
  }
  if (purpose.article.trim() === '' || purpose.article.length > 60) throw unfit('it names no article');
  if (trust.ratified(trust.self, purpose.agreement, clock.now().slice(0, 10)) === undefined)
    throw unfit('this state has not ratified the agreement');
}

function demandQuota(quota: Quota | undefined): void {
  if (quota === undefined) return;
  const unfit = (reason: string) => new Failure('ACCESS_LIMIT', { reason });
  const { calls, bytes, windowSeconds } = quota;
  if (calls === undefined && bytes === undefined) throw unfit('it limits neither calls nor bytes');
  for (const number of [calls ?? 1, bytes ?? 1, windowSeconds]) {
    if (!Number.isSafeInteger(number) || number < 1) throw unfit('it needs whole numbers above zero');
  }
  if (windowSeconds > 366 * 86_400) throw unfit('a window lasts a year at most');
}

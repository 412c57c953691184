import { randomId } from '../crypto/index.ts';
import { addMilliseconds, Failure, type Instant, isFailure } from '../storage/index.ts';
import type { AccessContext } from './context.ts';
import type { Wanted } from './decide.ts';
import { serviceName, systemName } from './names.ts';

/** Why a call was refused. */
export type DenialReason = 'no-grant' | 'other-endpoint' | 'no-endpoint' | 'expired' | 'not-ratified' | 'quota';

const KEPT_MS = 90 * 86_400_000;

/** What is missing, for each reason; nothing of what lies behind. */
const MISSING: Readonly<Record<DenialReason, string>> = {
  'no-grant': 'There is no grant for this caller to this service.',
  'other-endpoint': 'The grants of this caller are for other methods or paths of this service.',
  'no-endpoint': 'A grant covers this method and path, but the service does not offer them.',
  expired: 'The grant for this call has expired.',
  'not-ratified': 'The grant for this call rests on an agreement that is not in force between the two states today.',
  quota: 'The quota of the grant for this call is used up for now.',
};

/** A refusal as its caller, or the owner of the service, may read it. */
export interface Denial {
  id: string;
  at: Instant;
  caller: string;
  service: string;
  method: string;
  reason: DenialReason;
  /** What is missing, in a sentence. */
  missing: string;
  /** The agency to ask. */
  askAgency: string;
}

/** Refusals of one kind within this time are one record: who tries a thousand times a second is told one id. */
const TOGETHER_MS = 60_000;

/**
 * Keeps a refusal for 90 days. Path and query are not kept: they may name a person. So may the code of a service that nobody published, and
 * there are as many of those as a caller can think of: of such a service only the agency is kept.
 * @returns the id that explains it
 */
export async function recordDenial(
  ctx: AccessContext,
  wanted: Wanted,
  reason: DenialReason,
  isPublished: boolean,
): Promise<string> {
  const at = ctx.clock.now();
  const caller = systemName(wanted.caller).slice(0, 130);
  const service = isPublished ? serviceName(wanted.service) : knownAgency(ctx, wanted.service.agency);
  const [known] = await ctx.db.query<{ id: string }>(
    `select id from access_denial
     where at > $5 and at <= $6 and caller = $1 and service = $2 and method = $3 and reason = $4 limit 1`,
    [caller, service, wanted.method, reason, addMilliseconds(at, -TOGETHER_MS), at],
  );
  if (known !== undefined) return known.id;
  const id = randomId();
  await ctx.db.query(
    `with old as (delete from access_denial where id in (select id from access_denial where at < $7 order by at limit 10))
     insert into access_denial (id, at, caller, service, method, reason) values ($1, $2, $3, $4, $5, $6)`,
    [id, at, caller, service, wanted.method, reason, addMilliseconds(at, -KEPT_MS)],
  );
  return id;
}

function knownAgency({ trust }: AccessContext, agency: string): string {
  try {
    return trust.agency(trust.self, agency).id;
  } catch (error) {
    if (!isFailure(error, 'UNION_AGENCY_UNKNOWN')) throw error;
    return trust.self;
  }
}

/**
 * Why a call was refused. Told to the caller and to the agency that owns the service; for anybody else there is no such refusal.
 * @param reader an agency, or undefined for an operator of the node
 * @throws Failure ACCESS_DENIAL_UNKNOWN
 */
export async function whyDenied(
  { db }: Pick<AccessContext, 'db'>,
  id: string,
  reader: string | undefined,
): Promise<Denial> {
  const [row] = await db.query<Omit<Denial, 'missing' | 'askAgency'>>(
    'select id, at, caller, service, method, reason from access_denial where id::text = $1',
    [id],
  );
  const [askAgency = ''] = row?.service.split('/') ?? [];
  const mayRead =
    row !== undefined && (reader === undefined || reader === askAgency || row.caller.startsWith(`${reader}/`));
  if (!mayRead) throw new Failure('ACCESS_DENIAL_UNKNOWN', { denial: id.slice(0, 64) });
  return { ...row, missing: MISSING[row.reason], askAgency };
}

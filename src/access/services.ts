import { digestHex } from '../crypto/index.ts';
import { Failure, json } from '../storage/index.ts';
import { recordChange } from './change.ts';
import { readContract } from './conformance/contract.ts';
import type { AccessContext } from './context.ts';
import { parseServiceName, type ServiceId, serviceName } from './names.ts';
import { type Endpoint, type OpenApi, readOpenApi } from './openapi.ts';
import { pathPattern } from './pattern.ts';
import { readPersonPlaces } from './person-places.ts';
import { canServe } from './service-host.ts';
import { demandOwnAgency } from './systems.ts';

/** What an agency's system offers to be called, and where it stands. */
export interface Service extends ServiceId {
  /** REST and OPENAPI are called; to MESSAGES is sent, to EVENTS subscribed: see `openChannel`. */
  kind: 'REST' | 'OPENAPI' | 'MESSAGES' | 'EVENTS';
  /** Without a slash at its end: the canonical path is put behind it. Shown to nobody who calls. */
  url: string;
  endpoints: Endpoint[];
  /** Why it is switched off; null: it is on. */
  disabled: string | null;
  /** Where its calls name the persons they concern: `readPersonPlaces`. Null: it never said, and nobody may call it. */
  persons: string[] | null;
  /** How far its calls are held against its OpenAPI document; null: not at all. */
  conformance: Conformance | null;
  /** The digest of the document where calls are held against it. */
  description: string | null;
}

/** What becomes of calls that are not as the document says: nothing, they are counted, or they are refused. */
export interface Conformance {
  requests: Holding;
  answers: Holding;
}

export const HOLDINGS = ['off', 'report', 'refuse'] as const;
export type Holding = (typeof HOLDINGS)[number];

export interface NewService {
  /** `kz.population/register/life-events` */
  name: string;
  url: string;
  /** The text of an OpenAPI 3 document, JSON or YAML. Without one the service is of the kind REST and everything below its address. */
  openapi?: string;
  /** Whom its calls concern, as `readPersonPlaces` reads it; left out: what the OpenAPI document says in `x-commonway-persons`. */
  persons?: readonly string[];
  /** Whether calls are held against the OpenAPI document; left out: not. */
  conformance?: Conformance;
  by: string;
}

/**
 * Publishes a service, or a new version of one. Nobody may call it until somebody is granted it.
 * @throws Failure ACCESS_NAME, ACCESS_AGENCY_FOREIGN, UNION_AGENCY_UNKNOWN, ACCESS_SERVICE_TAKEN, ACCESS_URL, ACCESS_OPENAPI, ACCESS_PATTERN,
 *   ACCESS_PERSONS where it does not say whether its calls concern persons, ACCESS_CONFORMANCE without a document to hold calls against
 * @example
 * await publishService(ctx, { name: 'kz.population/register/life-events', url: 'http://10.0.0.7/api',
 *   persons: ['path:/persons/{person}/life-events'], by: 'operator' })
 */
export async function publishService(ctx: AccessContext, input: NewService): Promise<Service> {
  const id = parseServiceName(input.name);
  demandOwnAgency(ctx, id.agency);
  const read = input.openapi === undefined ? undefined : readOpenApi(input.openapi);
  const service: Service = {
    ...id,
    kind: read === undefined ? 'REST' : 'OPENAPI',
    url: demandUrl(input.url),
    endpoints: read?.endpoints ?? [{ method: '*', path: '/**' }],
    disabled: null,
    persons: [...(input.persons ?? read?.persons ?? [])],
    ...held(input.conformance, read?.document),
  };
  readPersonPlaces(service.persons ?? []);
  for (const { path } of service.endpoints) pathPattern(path);
  await ctx.db.transaction(async (tx) => {
    const kept = await tx.query(
      `insert into access_service (agency, system, code, kind, url, endpoints, openapi, persons, conformance, digest)
       values ($1, $2, $3, $4, $5, $6::jsonb, $7::jsonb, $8::jsonb, $9::jsonb, $10)
       on conflict (agency, system, code) do update set kind = excluded.kind, url = excluded.url,
         endpoints = excluded.endpoints, openapi = excluded.openapi, persons = excluded.persons,
         conformance = excluded.conformance, digest = excluded.digest,
         disabled = null
         where access_service.kind in ('REST', 'OPENAPI')
       returning 1`,
      [
        id.agency,
        id.system,
        id.service,
        service.kind,
        service.url,
        json(service.endpoints),
        read === undefined ? null : json(read.document),
        json(service.persons),
        service.conformance === null ? null : json(service.conformance),
        service.description,
      ],
    );
    // A channel that systems send to does not become something that is called.
    if (kept.length === 0) throw new Failure('ACCESS_SERVICE_TAKEN', { service: input.name });
    const { kind, url, endpoints, persons, conformance } = service;
    const content = {
      kind,
      url,
      endpoints: endpoints.length,
      persons,
      ...(conformance === null ? {} : { conformance: { ...conformance } }),
    };
    await recordChange(tx, ctx, { by: input.by, kind: 'service', about: serviceName(id), content });
  });
  return service;
}

/** What calls are to be held against; a document that cannot be is refused now, not at the first call. */
function held(
  conformance: Conformance | undefined,
  document: OpenApi['document'] | undefined,
): Pick<Service, 'conformance' | 'description'> {
  const wanted = conformance ?? { requests: 'off', answers: 'off' };
  if (wanted.requests === 'off' && wanted.answers === 'off') return { conformance: null, description: null };
  if (document === undefined) throw new Failure('ACCESS_CONFORMANCE');
  readContract(document);
  return { conformance: wanted, description: digestHex(json(document)) };
}

/**
 * Switches a service off with a notice for those who call it, or on again (null).
 * @throws Failure ACCESS_SERVICE_UNKNOWN
 */
export async function disableService(
  ctx: AccessContext,
  name: string,
  notice: string | null,
  by: string,
): Promise<void> {
  const { agency, system, service } = parseServiceName(name);
  await ctx.db.transaction(async (tx) => {
    const found = await tx.query(
      'update access_service set disabled = $4 where agency = $1 and system = $2 and code = $3 returning 1',
      [agency, system, service, notice],
    );
    if (found.length === 0) throw new Failure('ACCESS_SERVICE_UNKNOWN', { service: name });
    await recordChange(tx, ctx, { by, kind: 'service-disabled', about: name, content: { notice } });
  });
}

/** The OpenAPI document of a service; undefined where it has none. */
export async function findOpenApi(
  { db }: Pick<AccessContext, 'db'>,
  { agency, system, service }: ServiceId,
): Promise<unknown> {
  const [row] = await db.query<{ openapi: unknown }>(
    'select openapi from access_service where agency = $1 and system = $2 and code = $3',
    [agency, system, service],
  );
  return row?.openapi ?? undefined;
}

function demandUrl(text: string): string {
  const unfit = (reason: string) => new Failure('ACCESS_URL', { reason });
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw unfit('it is not an absolute URL');
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw unfit('it is neither http nor https');
  if (url.username || url.password || url.search || url.hash) throw unfit('it has a user, a query or a fragment');
  if (!canServe(url.hostname)) throw unfit('no service stands at such an address');
  return url.href.replace(/\/$/, '');
}

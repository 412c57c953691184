import { Failure, json } from '../storage/index.ts';
import { recordChange } from './change.ts';
import type { AccessContext } from './context.ts';
import { parseServiceName, serviceName } from './names.ts';
import type { Service } from './services.ts';
import { demandOwnAgency } from './systems.ts';

/** What is done at a channel or a topic. Grants name it as their method; their path is a slash and the type of a message or event. */
const VERBS = { MESSAGES: 'SEND', EVENTS: 'SUBSCRIBE' } as const;

/**
 * Offers a channel, to which other systems send durable messages, or a topic, to whose events they subscribe. Nobody may before a grant.
 * Offering it again changes nothing.
 * @throws Failure ACCESS_NAME, ACCESS_AGENCY_FOREIGN, UNION_AGENCY_UNKNOWN, ACCESS_SERVICE_TAKEN
 * @example await openChannel(ctx, { name: 'kz.population/register/claims', kind: 'MESSAGES', by: 'kz.population' })
 */
export async function openChannel(
  ctx: AccessContext,
  { name, kind, by }: { name: string; kind: keyof typeof VERBS; by: string },
): Promise<Service> {
  const id = parseServiceName(name);
  demandOwnAgency(ctx, id.agency);
  const service: Service = { ...id, kind, url: '', endpoints: [{ method: VERBS[kind], path: '/**' }], disabled: null };
  await ctx.db.transaction(async (tx) => {
    const made = await tx.query(
      `insert into access_service (agency, system, code, kind, url, endpoints) values ($1, $2, $3, $4, '', $5::jsonb)
       on conflict do nothing returning 1`,
      [id.agency, id.system, id.service, kind, json(service.endpoints)],
    );
    if (made.length > 0) {
      await recordChange(tx, ctx, { by, kind: 'service', about: serviceName(id), content: { kind } });
      return;
    }
    const same = await tx.query(
      'select 1 from access_service where agency = $1 and system = $2 and code = $3 and kind = $4',
      [id.agency, id.system, id.service, kind],
    );
    if (same.length === 0) throw new Failure('ACCESS_SERVICE_TAKEN', { service: name });
  });
  return service;
}

/** Whether a service is called with request and answer, not sent to or subscribed to. */
export const isCalled = ({ kind }: Pick<Service, 'kind'>): boolean => kind === 'REST' || kind === 'OPENAPI';

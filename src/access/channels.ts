import { Failure, json } from '../storage/index.ts';
import { recordChange } from './change.ts';
import type { AccessContext } from './context.ts';
import { parseServiceName, serviceName } from './names.ts';
import { readPersonPlaces } from './person-places.ts';
import type { Service } from './services.ts';
import { demandOwnAgency } from './systems.ts';

/** What is done at a channel or a topic. Grants name it as their method; their path is a slash and the type of a message or event. */
const VERBS = { MESSAGES: 'SEND', EVENTS: 'SUBSCRIBE' } as const;

/**
 * Offers a channel, to which other systems send durable messages, or a topic, to whose events they subscribe. Nobody may before a grant.
 * Offering it again changes at most where its messages name persons.
 * @param persons `none`, `none:/ping` (a type), or `body:/person/code` in the JSON of each message: `readPersonPlaces`
 * @throws Failure ACCESS_NAME, ACCESS_AGENCY_FOREIGN, UNION_AGENCY_UNKNOWN, ACCESS_PERSONS, ACCESS_SERVICE_TAKEN
 * @example
 * await openChannel(ctx, { name: 'kz.population/register/claims', kind: 'MESSAGES', persons: ['body:/person'], by: 'kz.population' })
 */
export async function openChannel(
  ctx: AccessContext,
  { name, kind, persons, by }: { name: string; kind: keyof typeof VERBS; persons: readonly string[]; by: string },
): Promise<Service> {
  const id = parseServiceName(name);
  demandOwnAgency(ctx, id.agency);
  const unfit = readPersonPlaces(persons).find((place) => place.in !== 'none' && place.in !== 'body');
  if (unfit !== undefined) throw new Failure('ACCESS_PERSONS', { reason: 'a message has nothing but its content' });
  const endpoints = [{ method: VERBS[kind], path: '/**' }];
  const service: Service = {
    ...id,
    kind,
    url: '',
    endpoints,
    disabled: null,
    persons: [...persons],
    conformance: null,
    description: null,
  };
  await ctx.db.transaction(async (tx) => {
    const made = await tx.query(
      `insert into access_service as s (agency, system, code, kind, url, endpoints, persons)
       values ($1, $2, $3, $4, '', $5::jsonb, $6::jsonb)
       on conflict (agency, system, code) do update set persons = excluded.persons
         where s.kind = excluded.kind and s.persons is distinct from excluded.persons
       returning 1`,
      [id.agency, id.system, id.service, kind, json(service.endpoints), json(persons)],
    );
    if (made.length > 0) {
      const content = { kind, persons: [...persons] };
      await recordChange(tx, ctx, { by, kind: 'service', about: serviceName(id), content });
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

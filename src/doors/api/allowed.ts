import Type from 'typebox';
import { Value } from 'typebox/value';
import {
  listAllowed,
  parseSystemName,
  type Service,
  type SystemId,
  serviceName,
  stateOfAgency,
  systemName,
} from '../../access/index.ts';
import type { PeerRoutes } from '../../exchange/index.ts';
import { Failure } from '../../storage/index.ts';
import { Offered } from './offered.ts';
import type { ApiContext } from './operation.ts';

const PATH = '/access/allowed';
const PATIENCE_MS = 10_000;
const Answer = Type.Object({ services: Type.Array(Offered) });

/** What systems of other states may use here, for their nodes: each asks for its own state's systems alone. */
export function allowedRoutes(ctx: Omit<ApiContext, 'ask'>): PeerRoutes {
  return {
    [`GET ${PATH}`]: async ({ peer, query }) => {
      const caller = parseSystemName(query.get('caller') ?? '');
      const provider = parseSystemName(query.get('system') ?? '');
      if (stateOfAgency(caller.agency) !== peer)
        throw new Failure('ACCESS_AGENCY_FOREIGN', { agency: caller.agency, state: peer });
      const services = (await listAllowed(ctx, caller, provider)).map(offered);
      return { status: 200, type: 'application/json', body: JSON.stringify({ services }) };
    },
  };
}

/**
 * What a system may use at another system, asked of the node that decides on it.
 * @throws Failure MESSAGES_RECEIVER_UNKNOWN where there is no such state, DOORS_API_PEER where its node does not answer
 */
export async function findAllowed(ctx: ApiContext, caller: SystemId, provider: SystemId): Promise<Offered[]> {
  const state = stateOfAgency(provider.agency);
  if (state === ctx.trust.self) return (await listAllowed(ctx, caller, provider)).map(offered);
  if (!ctx.trust.states().includes(state)) return [];
  const query = new URLSearchParams({ caller: systemName(caller), system: systemName(provider) });
  const answer = await ctx
    .ask(state, { method: 'GET', path: `${PATH}?${query}`, timeoutMs: PATIENCE_MS })
    .catch(() => undefined);
  const read = answer?.status === 200 ? (JSON.parse(answer.body.toString('utf8')) as unknown) : undefined;
  if (!Value.Check(Answer, read)) throw new Failure('DOORS_API_PEER', { state });
  return read.services;
}

/** A service as its callers see it. */
export const offered = (service: Service): Offered => ({
  service: serviceName(service),
  kind: service.kind,
  endpoints: service.endpoints.map(({ method, path }) => ({ method, path })),
});

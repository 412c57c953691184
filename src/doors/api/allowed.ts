import Type from 'typebox';
import { Value } from 'typebox/value';
import {
  listAllowed,
  parseServiceName,
  parseSystemName,
  type Service,
  type ServiceId,
  type SystemId,
  serviceName,
  stateOfAgency,
  systemName,
} from '../../access/index.ts';
import type { PeerRoutes } from '../../exchange/index.ts';
import { describeTopic, type Topic } from '../../messages/index.ts';
import { Failure, isFailure } from '../../storage/index.ts';
import { AnyTopic } from './event-schemas.ts';
import { Offered } from './offered.ts';
import type { ApiContext } from './operation.ts';
import { nullable } from './schemas.ts';

const PATH = '/access/allowed';
const TOPIC_PATH = '/access/topic';
const PATIENCE_MS = 10_000;
const Answer = Type.Object({ services: Type.Array(Offered) });
const TopicAnswer = Type.Object({ topic: nullable(AnyTopic) });

/** What systems of other states may use here, for their nodes: each asks for its own state's systems alone. */
export function allowedRoutes(ctx: Omit<ApiContext, 'ask'>): PeerRoutes {
  return {
    [`GET ${PATH}`]: async ({ peer, query }) => {
      const caller = parseSystemName(query.get('caller') ?? '');
      const provider = parseSystemName(query.get('system') ?? '');
      demandOf(peer, caller);
      const services = (await listAllowed(ctx, caller, provider)).map(offered);
      return { status: 200, type: 'application/json', body: JSON.stringify({ services }) };
    },
    [`GET ${TOPIC_PATH}`]: async ({ peer, query }) => {
      const caller = parseSystemName(query.get('caller') ?? '');
      demandOf(peer, caller);
      const topic = await describeTopic(ctx, caller, parseServiceName(query.get('topic') ?? '')).catch(noTopic);
      return { status: 200, type: 'application/json', body: JSON.stringify({ topic }) };
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
  const read = await askNode(ctx, state, `${PATH}?${query}`);
  if (!Value.Check(Answer, read)) throw new Failure('DOORS_API_PEER', { state });
  return read.services;
}

/**
 * What is said of a topic of any state, asked of its node, for a system that may have some of its events.
 * @throws Failure MESSAGES_TOPIC_UNKNOWN, for one that it is not granted as well, DOORS_API_PEER
 */
export async function findTopic(ctx: ApiContext, caller: SystemId, topic: ServiceId): Promise<Topic> {
  const state = stateOfAgency(topic.agency);
  if (state === ctx.trust.self) return describeTopic(ctx, caller, topic);
  const unknown = new Failure('MESSAGES_TOPIC_UNKNOWN', { system: systemName(topic), topic: topic.service });
  if (!ctx.trust.states().includes(state)) throw unknown;
  const query = new URLSearchParams({ caller: systemName(caller), topic: serviceName(topic) });
  const read = await askNode(ctx, state, `${TOPIC_PATH}?${query}`);
  if (!Value.Check(TopicAnswer, read)) throw new Failure('DOORS_API_PEER', { state });
  if (read.topic === null) throw unknown;
  return read.topic as Topic;
}

async function askNode({ ask }: ApiContext, state: string, path: string): Promise<unknown> {
  const answer = await ask(state, { method: 'GET', path, timeoutMs: PATIENCE_MS }).catch(() => undefined);
  return answer?.status === 200 ? (JSON.parse(answer.body.toString('utf8')) as unknown) : undefined;
}

/** A node asks for systems of its own state. @throws Failure ACCESS_AGENCY_FOREIGN */
function demandOf(peer: string, { agency }: SystemId): void {
  if (stateOfAgency(agency) !== peer) throw new Failure('ACCESS_AGENCY_FOREIGN', { agency, state: peer });
}

function noTopic(error: unknown): null {
  if (isFailure(error, 'MESSAGES_TOPIC_UNKNOWN')) return null;
  throw error;
}

/** A service as its callers see it. */
export const offered = (service: Service): Offered => ({
  service: serviceName(service),
  kind: service.kind,
  endpoints: service.endpoints.map(({ method, path }) => ({ method, path })),
});

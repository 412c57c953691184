import Type from 'typebox';
import {
  addGrant,
  type Denial,
  type Grant,
  HOLDINGS,
  listGrants,
  type NewGrant,
  parseSystemName,
  publishService,
  revokeGrant,
  serviceName,
  systemName,
  whyDenied,
} from '../../access/index.ts';
import { findSentRefusal, findSubscriptionRefusal, type Reason } from '../../messages/index.ts';
import { Failure, isFailure } from '../../storage/index.ts';
import { findAllowed, offered } from './allowed.ts';
import { demandElsewhere } from './elsewhere.ts';
import { Offered } from './offered.ts';
import { type ApiContext, type Operation, operation } from './operation.ts';
import {
  Address,
  Agency,
  closed,
  Id,
  LocalName,
  listOf,
  Moment,
  nullable,
  Persons,
  SystemName,
  text,
  whole,
} from './schemas.ts';

const Quota = closed({
  calls: Type.Optional(whole(1, Number.MAX_SAFE_INTEGER)),
  bytes: Type.Optional(whole(1, Number.MAX_SAFE_INTEGER)),
  windowSeconds: whole(1, 366 * 86_400),
});
/** One of two: a ratified agreement and its article, or a ground in words. */
const AnyPurpose = Type.Union([closed({ agreement: text(100), article: text(60) }), closed({ ground: text(500) })]);
const AnySubject = closed({
  kind: Type.Enum(['agency', 'system', 'group']),
  name: Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._/-]*$', maxLength: 165 }),
});
const Pointers = listOf(Type.String({ pattern: '^/', maxLength: 300 }), 200);
const Method = Type.String({
  pattern: '^(\\*|[A-Z]+)$',
  maxLength: 20,
  description: 'SEND for channels, SUBSCRIBE for topics; default: all.',
});
const Path = Type.String({ pattern: '^(/.*)?$', maxLength: 500, description: '`*` is one segment, `**` any number.' });
const AnyGrant = closed({
  id: Id,
  subject: AnySubject,
  service: Address,
  method: Method,
  path: Path,
  purpose: AnyPurpose,
  expires: Moment,
  quota: nullable(Quota),
  fields: nullable(Pointers),
  mode: Type.Enum(['batch', 'message']),
  grantedBy: text(165),
  grantedAt: Moment,
  revokedAt: nullable(Moment),
});
const NewGrantBody = closed({
  subject: AnySubject,
  service: Address,
  method: Type.Optional(Method),
  path: Type.Optional(Path),
  purpose: AnyPurpose,
  expires: Moment,
  quota: Type.Optional(Quota),
  fields: Type.Optional(Pointers),
});
const AnyDenial = closed({
  id: Id,
  at: Moment,
  caller: SystemName,
  service: Address,
  method: Method,
  reason: text(60),
  missing: text(500, 'What is missing, in a sentence.'),
  askAgency: Agency,
});

/** What is offered, who may use it, and why somebody was refused. */
export const accessOperations: readonly Operation[] = [
  operation({
    id: 'publishService',
    method: 'PUT',
    path: '/services/{system}/{service}',
    tag: 'access',
    administrator: true,
    summary: 'Publish a service of a system of your agency from its OpenAPI document',
    description:
      'Only the operations in the document can be called, and nobody may call any before a grant. `persons` says where calls name whom they are about; left out, the document says it in `x-commonway-persons`. `conformance` says what becomes of requests and answers that are not as the document says: they are counted (`report`) or refused (`refuse`); left out: `off`.',
    parameters: {
      system: { in: 'path', required: true, schema: LocalName },
      service: { in: 'path', required: true, schema: LocalName },
    },
    body: closed({
      address: Type.String({ format: 'uri', maxLength: 500, description: 'Where it stands. No caller sees it.' }),
      openapi: Type.Optional(text(2_000_000, 'OpenAPI 3, JSON or YAML.')),
      persons: Type.Optional(Persons),
      conformance: Type.Optional(closed({ requests: Type.Enum([...HOLDINGS]), answers: Type.Enum([...HOLDINGS]) })),
    }),
    answers: { 200: { description: 'It is offered.', schema: Offered } },
    refusals: [409],
    async handle(ctx, { caller, parameters: { system = '', service = '' }, body }) {
      demandElsewhere(body.address);
      const published = await publishService(ctx, {
        name: serviceName({ agency: caller.agency, system, service }),
        url: body.address,
        by: systemName(caller),
        ...(body.openapi !== undefined && { openapi: body.openapi }),
        ...(body.persons !== undefined && { persons: body.persons }),
        ...(body.conformance !== undefined && { conformance: body.conformance }),
      });
      return { status: 200, body: offered(published) };
    },
  }),
  operation({
    id: 'listAllowed',
    method: 'GET',
    path: '/allowed',
    tag: 'access',
    summary: 'List what your system may call, or send to, at a system of any state',
    description: "The node of the system's state is asked: it decides.",
    parameters: { system: { in: 'query', required: true, schema: SystemName } },
    answers: { 200: { description: 'What it may use now.', schema: closed({ services: listOf(Offered, 10_000) }) } },
    async handle(ctx, { caller, parameters: { system = '' } }) {
      return { status: 200, body: { services: await findAllowed(ctx, caller, parseSystemName(system)) } };
    },
  }),
  operation({
    id: 'addGrant',
    method: 'POST',
    path: '/grants',
    tag: 'access',
    administrator: true,
    summary: 'Grant a service, a channel or a topic of your agency',
    body: NewGrantBody,
    answers: { 201: { description: 'It holds from now on.', schema: AnyGrant } },
    refusals: [403, 404],
    async handle(ctx, { caller, body }) {
      demandOwn(caller.agency, body.service);
      const grant = await addGrant(ctx, { ...(body as Omit<NewGrant, 'by'>), by: systemName(caller) });
      return { status: 201, body: granted(grant) };
    },
  }),
  operation({
    id: 'listGrants',
    method: 'GET',
    path: '/grants',
    tag: 'access',
    administrator: true,
    summary: 'List the grants that your agency gave, also those that ended',
    answers: { 200: { description: 'The newest first.', schema: closed({ grants: listOf(AnyGrant, 10_000) }) } },
    async handle(ctx, { caller }) {
      return { status: 200, body: { grants: (await listGrants(ctx, caller.agency)).map(granted) } };
    },
  }),
  operation({
    id: 'revokeGrant',
    method: 'POST',
    path: '/grants/{id}/revocation',
    tag: 'access',
    administrator: true,
    summary: 'End a grant of your agency at once',
    parameters: { id: { in: 'path', required: true, schema: Id } },
    body: closed({ ground: text(500, 'Why.') }),
    answers: { 200: { description: 'It has ended.', schema: AnyGrant } },
    refusals: [404],
    async handle(ctx, { caller, parameters: { id = '' }, body }) {
      const own = async () => (await listGrants(ctx, caller.agency)).find((grant) => grant.id === id);
      if ((await own()) === undefined) throw new Failure('ACCESS_GRANT_UNKNOWN', { grant: id });
      await revokeGrant(ctx, id, body.ground, systemName(caller));
      return { status: 200, body: granted((await own()) as Grant) };
    },
  }),
  operation({
    id: 'whyDenied',
    method: 'GET',
    path: '/denials/{id}',
    tag: 'access',
    summary: 'Ask why a call, a message or a subscription of yours was refused',
    description:
      'Told to who was refused and to the agency that owns what he wanted; to anybody else there is no such refusal.',
    parameters: { id: { in: 'path', required: true, schema: Id } },
    answers: { 200: { description: 'What is missing, and whom to ask.', schema: AnyDenial } },
    refusals: [404],
    async handle(ctx, { caller, parameters: { id = '' } }) {
      return { status: 200, body: await denialOf(ctx, caller, id) };
    },
  }),
];

/** A refusal of this node; or one of another state's that came back with a message of the caller. */
async function denialOf(ctx: ApiContext, caller: Parameters<typeof findSentRefusal>[1], id: string): Promise<Denial> {
  try {
    return await whyDenied(ctx, id, caller.agency);
  } catch (error) {
    if (!isFailure(error, 'ACCESS_DENIAL_UNKNOWN')) throw error;
    const sent = await findSentRefusal(ctx.db, caller, id);
    if (sent !== undefined)
      return toldOf(id, caller, { ...sent, service: sent.channel, at: sent.statusAt, method: 'SEND' });
    const wanted = await findSubscriptionRefusal(ctx.db, caller, id);
    if (wanted === undefined) throw error;
    return toldOf(id, caller, { ...wanted, service: wanted.topic, at: wanted.changedAt, method: 'SUBSCRIBE' });
  }
}

function toldOf(
  id: string,
  caller: Parameters<typeof systemName>[0],
  { service, method, at, reason }: Pick<Denial, 'service' | 'method' | 'at'> & { reason: Reason },
): Denial {
  const { code, detail = '', askAgency = '' } = reason;
  const who = { caller: systemName(caller), service, method };
  return { id, at, ...who, reason: code as Denial['reason'], missing: detail, askAgency };
}

/** An administrator grants what is its own agency's. @throws Failure DOORS_API_NOT_ADMINISTRATOR */
function demandOwn(agency: string, service: string): void {
  const [owner = ''] = service.split('/');
  if (owner !== agency) throw new Failure('DOORS_API_NOT_ADMINISTRATOR', { agency: owner });
}

function granted({ agency, system, service, ...grant }: Grant): unknown {
  return { ...grant, service: serviceName({ agency, system, service }) };
}

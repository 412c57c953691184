import Type, { type TObject, type TProperties, type TSchema } from 'typebox';
import { MESSAGE_LIMITS } from '../../messages/index.ts';

/** The shapes of the API: what handlers are held against, and what the OpenAPI document says. Every one is closed and bounded. */

export const closed = <P extends TProperties>(properties: P): TObject<P> =>
  Type.Object(properties, { additionalProperties: false });
export const nullable = <S extends TSchema>(schema: S) => Type.Union([schema, Type.Null()]);
export const listOf = <S extends TSchema>(schema: S, maxItems: number) => Type.Array(schema, { maxItems });
export const text = (maxLength: number, description?: string) =>
  Type.String({ maxLength, pattern: '^[^\\u0000]*$', ...(description !== undefined && { description }) });
export const whole = (minimum: number, maximum: number, description?: string) =>
  Type.Integer({ minimum, maximum, format: 'int64', ...(description !== undefined && { description }) });

export const Id = Type.String({
  pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$',
  maxLength: 36,
  description: 'A UUID in lower case.',
});
export const Moment = Type.String({
  format: 'date-time',
  maxLength: 24,
  description: 'UTC with milliseconds (RFC 3339).',
});
export const Agency = Type.String({
  pattern: '^[a-z][a-z0-9-]*\\.[a-z0-9.-]+$',
  maxLength: 100,
  description: '`kz.population`',
});
export const SystemName = Type.String({
  pattern: '^[a-z][a-z0-9-]*\\.[a-z0-9.-]+/[A-Za-z0-9][A-Za-z0-9._-]{0,63}$',
  maxLength: 165,
  description: '`kz.population/register`',
});
export const LocalName = Type.String({
  pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$',
  maxLength: 64,
  description: 'The last part of an address: `claims`.',
});
export const Address = Type.String({
  pattern: '^[a-z][a-z0-9-]*\\.[a-z0-9.-]+/[A-Za-z0-9][A-Za-z0-9._-]{0,63}/[A-Za-z0-9][A-Za-z0-9._-]{0,63}$',
  maxLength: 230,
  description: '`kz.population/register/claims`',
});
export const TypeName = Type.String({
  pattern: '^[a-z][a-z0-9]*([.-][a-z0-9]+)*$',
  maxLength: 100,
  description: '`claim.filed`; a grant may be for some types only.',
});
export const Key = Type.String({
  pattern: '^[!-~]+$',
  maxLength: 200,
  description: 'Messages of one sender with one key are handed out in the order of their sending.',
});
export const IdempotencyKey = Type.String({
  pattern: '^[!-~]+$',
  maxLength: 100,
  description: 'Sending again with the same key gives the same message; another message under it is refused.',
});
export const MediaType = Type.String({ pattern: '^[!-~ ]+$', maxLength: 200 });
const Code = Type.String({ pattern: '^[A-Z][A-Z0-9_]*$', maxLength: 64, description: 'Stable: docs/errors.md.' });

/** RFC 9457. */
export const Problem = closed({
  type: Type.String({ pattern: '^urn:commonway:error:[A-Z0-9_]+$', maxLength: 100 }),
  title: text(200),
  status: Type.Integer({ minimum: 400, maximum: 599, format: 'int32' }),
  detail: text(2000, 'A sentence in English. Programs read `code`.'),
  code: Code,
  instance: Type.String({
    pattern: '^urn:uuid:[0-9a-f-]{36}$',
    maxLength: 50,
    description: "The node's own reference.",
  }),
  denial: Type.Optional(Id),
});

export const STATUSES = [
  'waiting',
  'received',
  'acknowledged',
  'dead',
  'refused',
  'expired',
  'dropped',
  'resent',
] as const;
export const Status = Type.Enum([...STATUSES], {
  description:
    "waiting: for the receiver's node. received: that node has it, by its signed receipt. acknowledged: the receiving system has it. dead: the receiver gave up. refused: no grant, or a limit. expired: not acknowledged in time. dropped: by an operator there. resent: another message went in its place.",
});

export const Message = closed({
  id: Id,
  idempotencyKey: IdempotencyKey,
  channel: Address,
  type: TypeName,
  key: nullable(Key),
  contentType: MediaType,
  size: whole(0, MESSAGE_LIMITS.contentBytes),
  created: Moment,
  expires: Moment,
  status: Status,
  statusAt: Moment,
  reason: nullable(
    closed({
      code: Code,
      detail: Type.Optional(text(500)),
      denial: Type.Optional(Id),
      askAgency: Type.Optional(Agency),
    }),
  ),
  resentAs: nullable(Id),
});

/** A content: `data` is any JSON value, `dataBase64` bytes of the type `contentType`. */
export const Base64 = Type.String({
  pattern: '^[A-Za-z0-9+/]*={0,2}$',
  maxLength: Math.ceil(MESSAGE_LIMITS.contentBytes / 3) * 4,
});

export const NewMessage = closed({
  channel: Address,
  type: TypeName,
  key: Type.Optional(Key),
  data: Type.Optional(Type.Unknown({ description: 'Any JSON value.' })),
  dataBase64: Type.Optional(Base64),
  contentType: Type.Optional(MediaType),
  expiresInSeconds: Type.Optional(whole(1, MESSAGE_LIMITS.lifeSeconds.most, 'Default: 14 days.')),
});

export const Channel = closed({
  name: LocalName,
  address: Address,
  ready: whole(0, Number.MAX_SAFE_INTEGER),
  leased: whole(0, Number.MAX_SAFE_INTEGER),
  dead: whole(0, Number.MAX_SAFE_INTEGER),
});

export const Lease = closed({
  lease: Id,
  until: Moment,
  messages: listOf(
    closed({
      id: Id,
      sender: SystemName,
      type: TypeName,
      key: nullable(Key),
      created: Moment,
      receivedAt: Moment,
      expires: Moment,
      delivery: whole(1, 1000, '1 for the first time.'),
      contentType: MediaType,
      data: Type.Optional(Type.Unknown({ description: 'Any JSON value.' })),
      dataBase64: Type.Optional(Base64),
    }),
    MESSAGE_LIMITS.pull.messages,
  ),
});

export const Persons = Type.Array(text(310, '`none`, `none:/ping` or `body:/person/code@by`'), {
  minItems: 1,
  maxItems: 20,
});

const Ids = listOf(Id, MESSAGE_LIMITS.pull.messages);
export const Outcomes = closed({
  acknowledged: Type.Optional(Ids),
  rejected: Type.Optional(
    listOf(
      closed({
        id: Id,
        reason: Type.Optional(text(200, 'For sender and operators; no personal data.')),
        retryAfterSeconds: Type.Optional(whole(0, 86_400)),
        final: Type.Optional(Type.Boolean({ description: 'Dead at once.' })),
      }),
      MESSAGE_LIMITS.pull.messages,
    ),
  ),
});

export const Settled = closed({ acknowledged: Ids, rejected: Ids, lost: Ids, early: Ids });

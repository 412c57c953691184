import type { Static } from 'typebox';
import { parseServiceName, systemName } from '../../access/index.ts';
import {
  type Content,
  findSent,
  listSent,
  resendMessage,
  type SentMessage,
  type SentStatus,
  sendMessage,
} from '../../messages/index.ts';
import { Failure, type Json } from '../../storage/index.ts';
import { type Operation, operation } from './operation.ts';
import {
  Address,
  closed,
  Id,
  IdempotencyKey,
  Key,
  listOf,
  Message,
  NewMessage,
  Status,
  TypeName,
  whole,
} from './schemas.ts';

const ID = { id: { in: 'path', required: true, schema: Id } } as const;

/** What a system does with the messages that it sends. */
export const messageOperations: readonly Operation[] = [
  operation({
    id: 'sendMessage',
    method: 'POST',
    path: '/messages',
    tag: 'messages',
    summary: 'Send a message',
    description:
      "It is durable and in the node's ledger when this answers, and is delivered at least once, also to a node that is away for days. Whether you may send it is decided by the owner of the channel: read its status.",
    parameters: { 'Idempotency-Key': { in: 'header', required: true, schema: IdempotencyKey } },
    body: NewMessage,
    answers: {
      201: { description: 'Taken.', schema: Message },
      200: { description: 'It had been taken before under this key.', schema: Message },
    },
    refusals: [409, 413, 422],
    async handle(ctx, { caller, parameters, body }) {
      const { message, isNew } = await sendMessage(ctx, caller, {
        channel: parseServiceName(body.channel),
        type: body.type,
        key: body.key,
        content: contentOf(body),
        expiresInSeconds: body.expiresInSeconds,
        idempotencyKey: parameters['Idempotency-Key'] ?? '',
      });
      return { status: isNew ? 201 : 200, body: message };
    },
  }),
  operation({
    id: 'listMessages',
    method: 'GET',
    path: '/messages',
    tag: 'messages',
    summary: 'Search your messages',
    description: 'The newest first. `before` takes the last id of a page and gives the next one.',
    parameters: {
      status: { in: 'query', schema: Status },
      channel: { in: 'query', schema: Address },
      type: { in: 'query', schema: TypeName },
      key: { in: 'query', schema: Key },
      before: { in: 'query', schema: Id },
      limit: { in: 'query', schema: whole(1, 100, 'Default: 20.') },
    },
    answers: { 200: { description: 'A page.', schema: closed({ messages: listOf(Message, 100) }) } },
    async handle(ctx, { caller, parameters }) {
      const { status, channel, type, key, before, limit } = parameters;
      const query = {
        status: status as SentStatus | undefined,
        channel,
        type,
        key,
        before,
        limit: Number(limit ?? 20),
      };
      return { status: 200, body: { messages: await listSent(ctx.db, caller, query) } };
    },
  }),
  operation({
    id: 'getMessage',
    method: 'GET',
    path: '/messages/{id}',
    tag: 'messages',
    summary: 'See how a message of yours stands',
    parameters: ID,
    answers: { 200: { description: 'The message.', schema: Message } },
    refusals: [404],
    async handle(ctx, { caller, parameters: { id = '' } }) {
      const found = await findSent(ctx.db, caller, { id });
      if (found === undefined) throw new Failure('MESSAGES_UNKNOWN', { message: id, system: systemName(caller) });
      const { requestDigest, lane, ...message } = found;
      return { status: 200, body: message satisfies SentMessage };
    },
  }),
  operation({
    id: 'resendMessage',
    method: 'POST',
    path: '/messages/{id}/resend',
    tag: 'messages',
    summary: 'Send again a message of yours that came to nothing',
    description:
      'A refused or expired one goes as a new message, at the end of its key. A dead one is handed out again at its receiver, in its own place.',
    parameters: ID,
    answers: { 200: { description: 'The message that goes.', schema: Message } },
    refusals: [404, 409],
    async handle(ctx, { caller, parameters: { id = '' } }) {
      const { requestDigest, lane, ...message } = (await resendMessage(ctx, caller, id)) as SentMessage & {
        requestDigest?: Buffer;
        lane?: string;
      };
      return { status: 200, body: message };
    },
  }),
];

/** @throws Failure MESSAGES_CONTENT */
function contentOf({ data, dataBase64, contentType }: Static<typeof NewMessage>): Content {
  if ((data === undefined) === (dataBase64 === undefined))
    throw new Failure('MESSAGES_CONTENT', { reason: 'it has either data or dataBase64' });
  if (dataBase64 === undefined) return { json: data as Json };
  if (contentType === undefined) throw new Failure('MESSAGES_CONTENT', { reason: 'dataBase64 needs a contentType' });
  return { bytes: Buffer.from(dataBase64, 'base64'), contentType };
}

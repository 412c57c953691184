import Type from 'typebox';
import {
  demandChannel,
  listChannels,
  MESSAGE_LIMITS,
  openChannel,
  pullMessages,
  settleMessages,
  unpackContent,
} from '../../messages/index.ts';
import { type Operation, operation } from './operation.ts';
import { Channel, closed, Id, Lease, LocalName, listOf, Outcomes, Persons, Settled, whole } from './schemas.ts';

const CHANNEL = { channel: { in: 'path', required: true, schema: LocalName } } as const;

/** What a system does with the channels in which it receives. */
export const channelOperations: readonly Operation[] = [
  operation({
    id: 'openChannel',
    method: 'PUT',
    path: '/channels/{channel}',
    tag: 'channels',
    summary: 'Open a channel of your system',
    description:
      'Nobody can send to it before your agency grants it: method SEND, path a slash and the type of the message. `persons` says where a message names the persons it is about, so that each sees in her access record that you were given it: `body:/person/code` is a JSON pointer into its data, `none` says that it is about nobody.',
    parameters: CHANNEL,
    body: closed({ persons: Persons }),
    answers: { 200: { description: 'It is open.', schema: Channel } },
    refusals: [409, 422],
    async handle(ctx, { caller, parameters: { channel = '' }, body }) {
      return { status: 200, body: await openChannel(ctx, caller, channel, body.persons) };
    },
  }),
  operation({
    id: 'listChannels',
    method: 'GET',
    path: '/channels',
    tag: 'channels',
    summary: 'List the channels of your system, and how full they are',
    answers: { 200: { description: 'All of them.', schema: closed({ channels: listOf(Channel, 10_000) }) } },
    async handle(ctx, { caller }) {
      return { status: 200, body: { channels: await listChannels(ctx, caller) } };
    },
  }),
  operation({
    id: 'pullMessages',
    method: 'POST',
    path: '/channels/{channel}/leases',
    tag: 'channels',
    summary: 'Take the next messages',
    description:
      'They are yours until the lease ends. What is not acknowledged then is handed out again: expect to see a message twice, by the same id. Of each key the earliest come first.',
    parameters: CHANNEL,
    body: closed({
      max: Type.Optional(whole(1, MESSAGE_LIMITS.pull.messages)),
      leaseSeconds: Type.Optional(whole(1, MESSAGE_LIMITS.leaseSeconds.most, 'Default: 60.')),
      waitSeconds: Type.Optional(whole(0, 25, 'Waits so long for the first one. Default: 0.')),
    }),
    answers: { 200: { description: 'Maybe none.', schema: Lease } },
    refusals: [404],
    async handle(ctx, { caller, parameters: { channel = '' }, body, signal }) {
      const address = await demandChannel(ctx, caller, channel);
      const { max, leaseSeconds, waitSeconds = 0 } = body;
      const lease = await pullMessages(ctx, address, { max, leaseSeconds, waitMs: waitSeconds * 1000, signal });
      const messages = lease.messages.map(({ content, ...message }) => ({
        ...message,
        ...unpackContent({ contentType: message.contentType, bytes: content }),
      }));
      return { status: 200, body: { lease: lease.id, until: lease.until, messages } };
    },
  }),
  operation({
    id: 'settleMessages',
    method: 'POST',
    path: '/channels/{channel}/leases/{lease}/outcomes',
    tag: 'channels',
    summary: 'Acknowledge messages, or reject them',
    description:
      'A rejected message comes again after a pause that grows, and is dead after ten times. `early`: an earlier message of the same key is still open. `lost`: the lease is over and the message with somebody else.',
    parameters: { ...CHANNEL, lease: { in: 'path', required: true, schema: Id } },
    body: Outcomes,
    answers: { 200: { description: 'What was done with each.', schema: Settled } },
    refusals: [404],
    async handle(ctx, { caller, parameters: { channel = '', lease = '' }, body }) {
      const address = await demandChannel(ctx, caller, channel);
      return { status: 200, body: await settleMessages(ctx, address, lease, body) };
    },
  }),
];

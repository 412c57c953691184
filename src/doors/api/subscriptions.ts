import Type from 'typebox';
import { parseServiceName } from '../../access/index.ts';
import {
  getSubscription,
  listSubscriptions,
  MESSAGE_LIMITS,
  pullEvents,
  settleEvents,
  subscribe,
  unsubscribe,
} from '../../messages/index.ts';
import { AnySubscription, EventLease, NewSubscriptionBody, SUBSCRIPTION } from './event-schemas.ts';
import { type Operation, operation } from './operation.ts';
import { closed, Id, IdempotencyKey, listOf, Outcomes, Settled, whole } from './schemas.ts';

/** What a system does with topics that it subscribes to. */
export const subscriptionOperations: readonly Operation[] = [
  operation({
    id: 'subscribe',
    method: 'POST',
    path: '/subscriptions',
    tag: 'topics',
    summary: 'Subscribe to a topic of any state',
    description: 'Whether you may is decided by the owner of the topic, for each event anew: read its status.',
    parameters: { 'Idempotency-Key': { in: 'header', required: true, schema: IdempotencyKey } },
    body: NewSubscriptionBody,
    answers: {
      201: { description: 'It is on its way to the node of the topic.', schema: AnySubscription },
      200: { description: 'It had been asked for before under this key.', schema: AnySubscription },
    },
    refusals: [409, 422],
    async handle(ctx, { caller, parameters, body }) {
      const { subscription, isNew } = await subscribe(ctx, caller, {
        ...body,
        topic: parseServiceName(body.topic),
        idempotencyKey: parameters['Idempotency-Key'] ?? '',
      });
      return { status: isNew ? 201 : 200, body: subscription };
    },
  }),
  operation({
    id: 'listSubscriptions',
    method: 'GET',
    path: '/subscriptions',
    tag: 'topics',
    summary: 'List the subscriptions of your system',
    answers: {
      200: { description: 'The newest first.', schema: closed({ subscriptions: listOf(AnySubscription, 1000) }) },
    },
    async handle(ctx, { caller }) {
      return { status: 200, body: { subscriptions: await listSubscriptions(ctx, caller) } };
    },
  }),
  operation({
    id: 'getSubscription',
    method: 'GET',
    path: '/subscriptions/{subscription}',
    tag: 'topics',
    summary: 'See how a subscription of yours stands',
    parameters: SUBSCRIPTION,
    answers: { 200: { description: 'The subscription.', schema: AnySubscription } },
    refusals: [404],
    async handle(ctx, { caller, parameters: { subscription = '' } }) {
      return { status: 200, body: await getSubscription(ctx, caller, subscription) };
    },
  }),
  operation({
    id: 'unsubscribe',
    method: 'DELETE',
    path: '/subscriptions/{subscription}',
    tag: 'topics',
    summary: 'End a subscription of yours',
    description: 'What you have not acknowledged is dropped.',
    parameters: SUBSCRIPTION,
    answers: { 200: { description: 'It has ended.', schema: AnySubscription } },
    refusals: [404],
    async handle(ctx, { caller, parameters: { subscription = '' } }) {
      return { status: 200, body: await unsubscribe(ctx, caller, subscription) };
    },
  }),
  operation({
    id: 'pullEvents',
    method: 'POST',
    path: '/subscriptions/{subscription}/leases',
    tag: 'topics',
    summary: 'Take the next events',
    description:
      'They are yours until the lease ends. What is not acknowledged then is handed out again: expect to see an event twice, by the same source and id.',
    parameters: SUBSCRIPTION,
    body: closed({
      max: Type.Optional(whole(1, MESSAGE_LIMITS.pull.messages)),
      leaseSeconds: Type.Optional(whole(1, MESSAGE_LIMITS.leaseSeconds.most, 'Default: 60.')),
      waitSeconds: Type.Optional(whole(0, 25, 'Waits so long for the first one. Default: 0.')),
    }),
    answers: { 200: { description: 'Maybe none.', schema: EventLease } },
    refusals: [404, 409],
    async handle(ctx, { caller, parameters: { subscription = '' }, body, signal }) {
      const { max, leaseSeconds, waitSeconds = 0 } = body;
      const options = { max, leaseSeconds, waitMs: waitSeconds * 1000, signal };
      return { status: 200, body: await pullEvents(ctx, caller, subscription, options) };
    },
  }),
  operation({
    id: 'settleEvents',
    method: 'POST',
    path: '/subscriptions/{subscription}/leases/{lease}/outcomes',
    tag: 'topics',
    summary: 'Acknowledge events, or reject them',
    description: 'By the `message` of each. As of messages: a rejected one comes again after a pause that grows.',
    parameters: { ...SUBSCRIPTION, lease: { in: 'path', required: true, schema: Id } },
    body: Outcomes,
    answers: { 200: { description: 'What was done with each.', schema: Settled } },
    refusals: [404, 409],
    async handle(ctx, { caller, parameters: { subscription = '', lease = '' }, body }) {
      return { status: 200, body: await settleEvents(ctx, caller, subscription, lease, body) };
    },
  }),
];

import Type from 'typebox';
import { parseServiceName } from '../../access/index.ts';
import {
  getSubscription,
  listDeadEvents,
  listSubscriptions,
  MESSAGE_LIMITS,
  pullEvents,
  resendEvent,
  settleEvents,
  subscribe,
  unsubscribe,
  webhookKeys,
} from '../../messages/index.ts';
import {
  AnySubscription,
  DeadEvents,
  EventLease,
  NewSubscriptionBody,
  SUBSCRIPTION,
  WebhookKeys,
} from './event-schemas.ts';
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
    description:
      'Whether you may is decided by the owner of the topic, for each event anew: read its status. A `webhook` is asked first whether it wants events (OPTIONS with WebHook-Request-Origin); then each is brought to it, signed, until it answers with 2xx or ten tries have failed.',
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
  operation({
    id: 'listDeadEvents',
    method: 'GET',
    path: '/subscriptions/{subscription}/dead',
    tag: 'topics',
    summary: 'List the events of a subscription that came to nothing',
    parameters: SUBSCRIPTION,
    answers: { 200: { description: 'The oldest first.', schema: DeadEvents } },
    refusals: [404],
    async handle(ctx, { caller, parameters: { subscription = '' } }) {
      return { status: 200, body: { events: await listDeadEvents(ctx, caller, subscription) } };
    },
  }),
  operation({
    id: 'resendEvent',
    method: 'POST',
    path: '/subscriptions/{subscription}/dead/{message}/resend',
    tag: 'topics',
    summary: 'Let a dead event be handed out, or brought, again',
    parameters: { ...SUBSCRIPTION, message: { in: 'path', required: true, schema: Id } },
    answers: { 200: { description: 'Those that are still dead.', schema: DeadEvents } },
    refusals: [404],
    async handle(ctx, { caller, parameters: { subscription = '', message = '' } }) {
      await resendEvent(ctx, caller, subscription, message);
      return { status: 200, body: { events: await listDeadEvents(ctx, caller, subscription) } };
    },
  }),
  operation({
    id: 'listWebhookKeys',
    method: 'GET',
    path: '/webhook-keys',
    tag: 'topics',
    summary: 'List the keys by which this node signs what it brings to webhooks',
    answers: { 200: { description: 'Those that are valid now.', schema: WebhookKeys } },
    handle: async (ctx) => ({ status: 200, body: { keys: webhookKeys(ctx) } }),
  }),
];

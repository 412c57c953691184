import Type from 'typebox';
import { parseServiceName } from '../../access/index.ts';
import type { CloudEvent } from '../../client/index.ts';
import { listTopics, type NewTopic, publishEvents, publishTopic } from '../../messages/index.ts';
import { findTopic } from './allowed.ts';
import { AnyTopic, Event, EventBatch, NewTopicBody, PublishedEvents, TOPIC } from './event-schemas.ts';
import { type Operation, operation } from './operation.ts';
import { Address, closed, listOf } from './schemas.ts';

/** What a system does with topics of its own. */
export const topicOperations: readonly Operation[] = [
  operation({
    id: 'publishTopic',
    method: 'PUT',
    path: '/topics/{topic}',
    tag: 'topics',
    summary: 'Publish a topic of your system, or change what you say of it',
    description:
      'Nobody can subscribe before your agency grants it: method SUBSCRIBE, path a slash and the type of the events. `persons` says where the data of an event name whom it is about, `none` that it is about nobody. `description` is a JSON Schema of the data of every event, or an OpenAPI 3.1 document whose `webhooks` are the types; events are held against it.',
    parameters: TOPIC,
    body: NewTopicBody,
    answers: { 200: { description: 'It is published.', schema: AnyTopic } },
    refusals: [409, 422],
    async handle(ctx, { caller, parameters: { topic = '' }, body }) {
      return { status: 200, body: await publishTopic(ctx, caller, topic, body as NewTopic) };
    },
  }),
  operation({
    id: 'listTopics',
    method: 'GET',
    path: '/topics',
    tag: 'topics',
    summary: 'List the topics of your system',
    answers: { 200: { description: 'All of them.', schema: closed({ topics: listOf(AnyTopic, 10_000) }) } },
    async handle(ctx, { caller }) {
      return { status: 200, body: { topics: await listTopics(ctx, caller) } };
    },
  }),
  operation({
    id: 'describeTopic',
    method: 'GET',
    path: '/allowed/topic',
    tag: 'topics',
    summary: 'Read what is said of a topic of any state that your system may subscribe to',
    description: "The node of the topic's state is asked: to whom no event of it is granted there is no such topic.",
    parameters: { topic: { in: 'query', required: true, schema: Address } },
    answers: { 200: { description: 'The topic.', schema: AnyTopic } },
    refusals: [404],
    async handle(ctx, { caller, parameters: { topic = '' } }) {
      return { status: 200, body: await findTopic(ctx, caller, parseServiceName(topic)) };
    },
  }),
  operation({
    id: 'publishEvents',
    method: 'POST',
    path: '/topics/{topic}/events',
    tag: 'topics',
    summary: 'Publish an event, or several at once',
    description:
      'CloudEvents 1.0, structured or a batch of them. They are durable when this answers: all or none. The same source and id again is the same event. Events with one `partitionkey`, or else one `subject`, reach a subscriber in their order.',
    parameters: TOPIC,
    body: Type.Union([Event, EventBatch]),
    media: { 'application/cloudevents+json': Event, 'application/cloudevents-batch+json': EventBatch },
    answers: {
      201: { description: 'Taken.', schema: PublishedEvents },
      200: { description: 'All of them had been published before.', schema: PublishedEvents },
    },
    refusals: [404, 409, 413, 422],
    async handle(ctx, { caller, parameters: { topic = '' }, body }) {
      const events = await publishEvents(ctx, caller, topic, [body].flat() as CloudEvent[]);
      return { status: events.some(({ isNew }) => isNew) ? 201 : 200, body: { events } };
    },
  }),
];

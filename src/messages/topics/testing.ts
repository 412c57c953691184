import type { TestContext } from 'node:test';
import type { NewGrant } from '../../access/index.ts';
import type { CloudEvent } from '../../client/index.ts';
import { until } from '../../exchange/testing.ts';
import type { Json } from '../../storage/index.ts';
import { type MessagesTest, messagesTest, RECEIVER, SENDER } from '../testing.ts';
import { publishEvents } from './publish.ts';
import { type HandedEvent, pullEvents } from './pull-events.ts';
import { getSubscription, type NewSubscription, type Subscription, subscribe } from './subscriptions.ts';
import { type NewTopic, publishTopic } from './topics.ts';

export const TOPIC = { ...RECEIVER, service: 'moves' };
export const TOPIC_ADDRESS = 'kz.population/register/moves';

export interface TopicsTest extends MessagesTest {
  /** Grants the topic to Belarus's pension fund. */
  grantTopic(more?: Partial<NewGrant>): ReturnType<MessagesTest['grant']>;
  publish(...events: (Partial<CloudEvent> & { data?: Json })[]): Promise<void>;
  /** Subscribes Belarus's system, and waits for the topic's node to say something. */
  subscribe(more?: Partial<NewSubscription>): Promise<Subscription>;
  status(id: string): Promise<Subscription>;
  /** Takes events until so many are there, without acknowledging; their data. */
  take(id: string, count: number): Promise<{ lease: string; events: HandedEvent[]; data: (Json | undefined)[] }>;
}

let number = 0;

/** Two nodes as of `messagesTest`, their clocks moved together; Kazakhstan's population register has a topic that nobody is granted yet. */
export async function topicsTest(t: TestContext, topic: Partial<NewTopic> = {}): Promise<TopicsTest> {
  const net = await messagesTest(t, { together: true });
  await publishTopic(net.kz.ctx, RECEIVER, 'moves', { title: 'Moves of residents', persons: ['none'], ...topic });
  const status = (id: string) => getSubscription(net.by.ctx, SENDER, id);
  return {
    ...net,
    status,
    grantTopic: (more = {}) => net.grant({ service: TOPIC_ADDRESS, method: 'SUBSCRIBE', ...more }),
    async publish(...events) {
      const whole = events.map((event) => ({
        specversion: '1.0' as const,
        id: `event-${++number}`,
        source: '/register',
        type: 'person.moved',
        ...event,
      }));
      await publishEvents(net.kz.ctx, RECEIVER, 'moves', whole);
    },
    async subscribe(more = {}) {
      const wanted = { topic: TOPIC, idempotencyKey: `subscription-${++number}`, ...more };
      const { subscription } = await subscribe(net.by.ctx, SENDER, wanted);
      await until(
        'the node of the topic said something',
        async () => (await status(subscription.id)).status !== 'waiting',
      );
      return status(subscription.id);
    },
    async take(id, count) {
      await until(`${count} events are there`, async () => {
        const rows = await net.by.db.query('select 1 from messages_inbox where channel = $1 and content is not null', [
          `by.pension-fund/registry/${id}`,
        ]);
        return rows.length >= count;
      });
      const { lease, events } = await pullEvents(net.by.ctx, SENDER, id, {});
      return { lease, events, data: events.map(({ event }) => event.data) };
    },
  };
}

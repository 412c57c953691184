import type {
  CloudEvent,
  DeadEvent,
  EventLease,
  NewSubscription,
  NewTopic,
  Published,
  Subscription,
  Topic,
} from './event-types.ts';
import type { Asking } from './http.ts';
import { type ReceiveOptions, receive } from './receive.ts';
import type { Rejected, Settled } from './types.ts';
import type { WebhookKey } from './webhook.ts';

/** What a system does with topics, its own and those of others. */
export interface EventsClient {
  /** Publishes a topic of one's own, or changes what is said of it. */
  publishTopic(name: string, topic: NewTopic): Promise<Topic>;
  /** One's own topics. */
  topics(): Promise<Topic[]>;
  /** Publishes events of a topic of one's own: all or none. */
  publish(topic: string, events: CloudEvent | readonly CloudEvent[]): Promise<Published[]>;
  /** Subscribes to a topic of any state. */
  subscribe(wanted: NewSubscription): Promise<Subscription>;
  subscription(id: string): Promise<Subscription>;
  subscriptions(): Promise<Subscription[]>;
  unsubscribe(id: string): Promise<Subscription>;
  /** Events of a subscription that came to nothing. */
  deadEvents(subscription: string): Promise<DeadEvent[]>;
  /** Lets one be handed out, or brought, again. @returns those that are still dead */
  resendEvent(subscription: string, message: string): Promise<DeadEvent[]>;
  /** The keys by which the node signs what it brings to webhooks. */
  webhookKeys(): Promise<WebhookKey[]>;
  /** Takes the next events. */
  pullEvents(
    subscription: string,
    options?: { max?: number; leaseSeconds?: number; waitSeconds?: number; signal?: AbortSignal },
  ): Promise<EventLease>;
  /** Says what became of them, by the `message` of each. */
  settleEvents(
    subscription: string,
    lease: string,
    outcomes: { acknowledged?: string[]; rejected?: Rejected[] },
  ): Promise<Settled>;
  /**
   * Receives until the signal, as `receive` does messages. An event may come twice, so `handle` remembers `source` and `id` with what it does.
   */
  events(
    subscription: string,
    handle: (event: CloudEvent) => Promise<void>,
    options?: ReceiveOptions<CloudEvent>,
  ): Promise<void>;
}

const BATCH = 'application/cloudevents-batch+json';

export function eventsOf({ ask }: Asking): EventsClient {
  const at = (subscription: string) => `/subscriptions/${encodeURIComponent(subscription)}`;
  const pullEvents: EventsClient['pullEvents'] = (subscription, { signal, ...body } = {}) =>
    ask<EventLease>({ method: 'POST', path: `${at(subscription)}/leases`, body, signal });
  const settleEvents: EventsClient['settleEvents'] = (subscription, lease, outcomes) =>
    ask<Settled>({
      method: 'POST',
      path: `${at(subscription)}/leases/${encodeURIComponent(lease)}/outcomes`,
      body: outcomes,
    });
  return {
    publishTopic: (name, topic) =>
      ask<Topic>({ method: 'PUT', path: `/topics/${encodeURIComponent(name)}`, body: topic }),
    topics: async () => (await ask<{ topics: Topic[] }>({ method: 'GET', path: '/topics' })).topics,
    async publish(topic, events) {
      const path = `/topics/${encodeURIComponent(topic)}/events`;
      const headers = { 'content-type': BATCH };
      const { events: published } = await ask<{ events: Published[] }>({
        method: 'POST',
        path,
        headers,
        body: [events].flat(),
      });
      return published;
    },
    subscribe: ({ idempotencyKey, ...body }) =>
      ask<Subscription>({
        method: 'POST',
        path: '/subscriptions',
        headers: { 'idempotency-key': idempotencyKey },
        body,
      }),
    subscription: (id) => ask<Subscription>({ method: 'GET', path: at(id) }),
    subscriptions: async () =>
      (await ask<{ subscriptions: Subscription[] }>({ method: 'GET', path: '/subscriptions' })).subscriptions,
    unsubscribe: (id) => ask<Subscription>({ method: 'DELETE', path: at(id) }),
    deadEvents: async (id) => (await ask<{ events: DeadEvent[] }>({ method: 'GET', path: `${at(id)}/dead` })).events,
    async resendEvent(id, message) {
      const path = `${at(id)}/dead/${encodeURIComponent(message)}/resend`;
      return (await ask<{ events: DeadEvent[] }>({ method: 'POST', path })).events;
    },
    webhookKeys: async () => (await ask<{ keys: WebhookKey[] }>({ method: 'GET', path: '/webhook-keys' })).keys,
    pullEvents,
    settleEvents,
    events(subscription, handle, options) {
      const pull = async (_: string, asked: Parameters<typeof pullEvents>[1]) => {
        const { lease, events } = await pullEvents(subscription, asked);
        const messages = events.map(({ message, event }) => ({ id: message, key: keyOf(event), sender: '', event }));
        return { lease, messages };
      };
      const { onError, ...more } = options ?? {};
      return receive({ pull, settle: settleEvents }, subscription, ({ event }) => handle(event), {
        ...more,
        ...(onError !== undefined && { onError: (error, { event }) => onError(error, event) }),
      });
    },
  };
}

const keyOf = ({ partitionkey, subject }: CloudEvent): string | null =>
  partitionkey ?? (subject === undefined ? null : `subject ${subject}`);

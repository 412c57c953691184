import type { Json } from './types.ts';

/** An event with the attributes of CloudEvents 1.0. `source` and `id` name it: publishing it again is publishing it once. */
export interface CloudEvent {
  specversion: '1.0';
  id: string;
  /** URI reference. */
  source: string;
  /** `person.moved`; what a grant and a filter are about. */
  type: string;
  subject?: string;
  /** Default: when it is published. */
  time?: string;
  datacontenttype?: string;
  dataschema?: string;
  /** Events with one key reach a subscriber in the order of their publishing. Left out: the subject is the key. */
  partitionkey?: string;
  data?: Json;
  data_base64?: string;
}

/** How a topic describes its events. */
interface Description {
  /** A JSON Schema of the data of every event, or an OpenAPI 3.1 document whose `webhooks` are their types. */
  format: 'json-schema' | 'openapi';
  schema: Json;
}

/** What is said of a topic of one's own. */
export interface NewTopic {
  title: string;
  /** Where the data name the persons they are about: `body:/person/code`; or `none`. */
  persons: readonly string[];
  description?: Description;
  /** How long it holds events; default: 7 days. */
  retentionSeconds?: number;
}

export interface Topic {
  /** `kz.population/register/moves` */
  topic: string;
  title: string;
  description: Description | null;
  retentionSeconds: number;
  persons: string[];
}

/** An event that its topic holds. */
export interface Published {
  id: string;
  source: string;
  position: number;
  isNew: boolean;
}

export interface NewSubscription {
  topic: string;
  /** Prefixes; empty: all. */
  types?: string;
  subject?: string;
  /** `earliest`: with what the topic still holds. */
  starts?: 'now' | 'earliest';
  /** Default: 366 days. */
  expiresInSeconds?: number;
  /** Where the node is to bring the events: `verifyWebhook` is for there. Without it they are pulled. `certificate`: PEM, trusted there. */
  webhook?: { url: string; certificate?: string };
  /** The same key gives the same subscription. */
  idempotencyKey: string;
}

export interface Subscription {
  id: string;
  topic: string;
  types: string;
  subject: string;
  starts: 'now' | 'earliest';
  expires: string;
  status: 'waiting' | 'active' | 'refused' | 'stopped' | 'ended' | 'expired';
  reason: { code: string; detail?: string; denial?: string; askAgency?: string } | null;
  webhook: { url: string; provenAt: string | null; failure: string | null; triedAt: string | null } | null;
  madeAt: string;
  changedAt: string;
}

/** Events that are one's own for a time. */
export interface EventLease {
  lease: string;
  until: string;
  events: {
    /** Of this delivery, for acknowledging. */
    message: string;
    /** 1 for the first time. */
    delivery: number;
    receivedAt: string;
    expires: string;
    event: CloudEvent;
  }[];
}

/** An event of a subscription that came to nothing. */
export interface DeadEvent {
  message: string;
  type: string;
  reason: string;
  deliveries: number;
  receivedAt: string;
  behind: number;
}

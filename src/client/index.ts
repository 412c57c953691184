/** Client: the API of a node for information systems, typed, with nothing but Node's own modules. */
export { type Client, openClient } from './client.ts';
export type {
  CloudEvent,
  EventLease,
  NewSubscription,
  NewTopic,
  Published,
  Subscription,
  Topic,
} from './event-types.ts';
export { Problem } from './problem.ts';
export type { ReceiveOptions } from './receive.ts';
export type {
  Channel,
  ClientOptions,
  Denial,
  Incoming,
  Json,
  Lease,
  Offered,
  Outgoing,
  Rejected,
  Sent,
  Settled,
  Status,
} from './types.ts';

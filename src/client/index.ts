/** Client: the API of a node for information systems, typed, with nothing but Node's own modules. */
export { type Client, openClient } from './client.ts';
export type {
  CloudEvent,
  DeadEvent,
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
  Usage,
} from './types.ts';
export {
  rememberHere,
  type VerifyWebhookOptions,
  verifyWebhook,
  type WebhookKey,
  WebhookRefused,
  type WebhookRequest,
} from './webhook.ts';

/** Messages: durable messages between information systems of any two nodes, ordered by key, pulled and acknowledged. Floor 2. */
import type { Migrations } from '../storage/index.ts';
import sql from './sql/001-messages.sql';
import topics from './sql/002-topics.sql';
import webhooks from './sql/003-webhooks.sql';

export { messageHandlers } from './arrive.ts';
export { type Channel, demandChannel, getChannel, listChannels, openChannel } from './channels.ts';
export { type Content, unpackContent } from './content.ts';
export type { MessagesContext } from './context.ts';
export { type DeadMessage, dropDead, findMessage, listDeadMessages, retryDead } from './dead.ts';
export { messageDelivery } from './delivery.ts';
export { messagesFailures } from './failures.ts';
export { LIMITS as MESSAGE_LIMITS } from './limits.ts';
export { type HandedOut, type Lease, type PullOptions, pullMessages } from './pull.ts';
export { resendByOperator, resendMessage } from './resend.ts';
export { type NewMessage, sendMessage } from './send.ts';
export {
  findSent,
  findSentRefusal,
  listSent,
  type Reason,
  type SentMessage,
  type SentQuery,
  type SentStatus,
} from './sent.ts';
export { type Rejection, type Settled, settleMessages } from './settle.ts';

export { listDeadEvents, resendEvent } from './topics/dead-events.ts';
export { topicJobs } from './topics/jobs.ts';
export { type Published, publishEvents } from './topics/publish.ts';
export { type HandedEvent, pullEvents, settleEvents } from './topics/pull-events.ts';
export type { Description } from './topics/schema.ts';
export { listSubscribers, type Subscriber } from './topics/subscribers.ts';
export {
  findSubscriptionRefusal,
  getSubscription,
  listAllSubscriptions,
  listSubscriptions,
  type NewSubscription,
  type Subscription,
  type SubscriptionStatus,
  subscribe,
  unsubscribe,
} from './topics/subscriptions.ts';
export { describeTopic, listAllTopics, listTopics, type NewTopic, publishTopic, type Topic } from './topics/topics.ts';
export { webhookKeys } from './webhooks/keys.ts';
export { listNetworks, setNetwork } from './webhooks/networks.ts';
export type { NewWebhook, WebhookState } from './webhooks/rows.ts';

/** The tables of this room. */
export const migrations: Migrations = {
  room: 'messages',
  files: [
    { name: '001-messages', sql },
    { name: '002-topics', sql: topics },
    { name: '003-webhooks', sql: webhooks },
  ],
};

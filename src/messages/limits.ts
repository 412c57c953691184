/** What messages between systems may be at most: docs/integrate.md tells them to integrators. */
export const LIMITS = {
  /** Bytes of one content. */
  contentBytes: 4 * 1024 * 1024,
  /** What one system may send in a minute, over all processes of its node. */
  sentInMinute: 12_000,
  /** How long a message may wait for its receiver to acknowledge it. */
  lifeSeconds: { usual: 14 * 86_400, most: 90 * 86_400 },
  /** One pull. */
  pull: { messages: 100, bytes: 8 * 1024 * 1024 },
  /** How long a system has a message for itself. */
  leaseSeconds: { usual: 60, most: 3_600 },
  /** A message that was handed out so often and not acknowledged is dead. */
  deliveries: 10,
  /** One that failed so often comes alone, so that it takes no other with it. */
  deliveriesInCompany: 3,
  /** Pause before a rejected message is handed out again. */
  backOffMs: { first: 1_000, most: 600_000 },
  /** Bytes of one event as structured JSON, and how many are published at once. */
  event: { bytes: 256 * 1024, batch: 100 },
  /** How long a topic holds its events, for those that were away and for new subscribers. */
  retentionSeconds: { usual: 7 * 86_400, most: 90 * 86_400 },
  /** How long a subscription lasts. */
  subscriptionSeconds: { usual: 366 * 86_400, most: 366 * 86_400 },
  /** Webhooks: one try, what is read of an answer, events of one turn, and the pauses of both handshake and events. */
  webhook: { timeoutMs: 10_000, answerBytes: 16 * 1024, turn: 8, backOffSeconds: { first: 5, times: 3, most: 21_600 } },
  /** Of a description of events: its text, and its schemas with every reference put in. */
  schema: { bytes: 200_000, parts: 5_000 },
} as const;

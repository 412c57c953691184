/** What a batch and its messages may be at most. Both sides know these numbers: docs/protocol.md. */
export const LIMITS = {
  /** Messages in a batch. */
  messages: 500,
  /** Bytes of a whole batch frame. One message of the largest kind always fits. */
  batchBytes: 16 * 1024 * 1024,
  /** Bytes of one message's body. */
  bodyBytes: 8 * 1024 * 1024,
  /** Bytes of one message's head. */
  headBytes: 8 * 1024,
  /** How long a batch may be on its way. */
  batchLifeMs: 5 * 60_000,
  /** How far two clocks may differ. */
  skewMs: 60_000,
  /** Seconds within which the receiver promises to have the message in its ledger. */
  promiseSeconds: 60,
  /** How long a message waits for its receiver unless the sender says otherwise. */
  messageLifeMs: 90 * 86_400_000,
} as const;

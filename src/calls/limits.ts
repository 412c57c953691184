/** What a call and its parts may be at most. Both sides know these numbers: docs/protocol.md. */
export const LIMITS = {
  /** Entries of one batch. */
  entries: 512,
  /** Bytes of a frame with a batch; a single entry of the largest kind always fits. */
  batchBytes: 4 * 1024 * 1024,
  /** Bytes of one entry's head. */
  headBytes: 128 * 1024,
  /** A body up to this size travels inside its batch, larger ones in chunks. */
  wholeBytes: 64 * 1024,
  chunkBytes: 64 * 1024,
  /** Bytes of one body that may be on their way without having been taken. */
  windowBytes: 512 * 1024,
  /** How long a batch may be on its way, and how far two clocks may differ. */
  batchLifeMs: 5 * 60_000,
  skewMs: 60_000,
  /** Calls of one connection that are served at once; more wait in it. */
  serving: 1_000,
  /** Batches of one connection that came and wait for the disk; more wait in it. */
  batches: 32,
  /** Connections that one state may have open to a node. */
  connections: 64,
} as const;

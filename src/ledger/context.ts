import type { SigningKey } from '../crypto/index.ts';
import type { Queryable, StoreContext } from '../storage/index.ts';

/** A node's own log: its name `commonway/<union>/<state>` and the Ed25519 key that signs its checkpoints. */
export interface LedgerContext extends StoreContext {
  ledger: { origin: string; key: SigningKey };
}

/** What reading takes: a database or a transaction, and the log's name. A `LedgerContext` is one. */
export interface LedgerReader {
  db: Queryable;
  ledger: { origin: string };
}

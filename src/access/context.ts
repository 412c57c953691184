import type { LedgerContext } from '../ledger/index.ts';
import type { Trust } from '../union/index.ts';

/** What deciding and configuring need: the store, this node's ledger, and whose agencies there are. */
export interface AccessContext extends LedgerContext {
  trust: Pick<Trust, 'self' | 'agency' | 'ratified' | 'states'>;
}

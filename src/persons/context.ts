import type { LedgerContext } from '../ledger/index.ts';
import type { TrustView } from '../union/index.ts';

/** What this room works with: the store, this state's ledger, and whose node it is. */
export interface PersonsContext extends LedgerContext {
  trust: { self: string } & Pick<TrustView, 'keys' | 'states'>;
}

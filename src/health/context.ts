import type { LedgerReader } from '../ledger/index.ts';
import type { Migrations, StoreContext } from '../storage/index.ts';
import type { Trust } from '../union/index.ts';

/** What a look at a node's health needs; it changes nothing. */
export interface HealthContext extends StoreContext {
  ledger: LedgerReader['ledger'];
  trust: Pick<
    Trust,
    'self' | 'charter' | 'charterDigest' | 'expired' | 'members' | 'manifest' | 'states' | 'witnessQuorum'
  >;
  /** What only the process knows; what is left out is not looked at. */
  health?: HealthSources;
}

export interface HealthSources {
  /** The node's own folder: the free space of its disk is looked at. */
  folder?: string;
  /** Every room's migrations, as this program has them. */
  migrations?: readonly Migrations[];
  /** The job of the nightly deletion. */
  retention?: string;
}

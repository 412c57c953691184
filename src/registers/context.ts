import type { AgreementLibrary } from '../agreements/index.ts';
import type { SigningKey } from '../crypto/index.ts';
import type { ExchangeContext } from '../exchange/index.ts';
import type { PersonsContext } from '../persons/index.ts';
import type { TrustView } from '../union/index.ts';
import type { RegisterSet } from './definition/load.ts';

/** What work on a register's rows takes: the store, the ledger for the record of it, and the registers. */
export interface RecordContext extends PersonsContext {
  registers: RegisterSet;
}

/** What answering questions takes besides: whom to believe, and the agencies' keys by agency id. */
export interface EvidenceContext extends RecordContext {
  trust: PersonsContext['trust'] & Pick<TrustView, 'key'>;
  agencyKeys: Readonly<Record<string, SigningKey>>;
}

/** The same where questions arrive by the exchange, under agreements. */
export interface RegistersContext extends ExchangeContext, Pick<EvidenceContext, 'registers' | 'agencyKeys'> {
  agreements: AgreementLibrary;
}

import type { AgreementLibrary } from '../agreements/index.ts';
import type { SigningKey } from '../crypto/index.ts';
import type { ExchangeContext } from '../exchange/index.ts';
import type { PersonsContext } from '../persons/index.ts';
import type { TrustView } from '../union/index.ts';
import type { RegisterSet } from './definition/load.ts';

/** What this room works with where it answers questions: the store and ledger, whom to believe, its registers, its agencies' keys. */
export interface EvidenceContext extends PersonsContext {
  trust: PersonsContext['trust'] & Pick<TrustView, 'key'>;
  registers: RegisterSet;
  /** By agency id. */
  agencyKeys: Readonly<Record<string, SigningKey>>;
}

/** The same where questions arrive by the exchange, under agreements. */
export interface RegistersContext extends ExchangeContext, Pick<EvidenceContext, 'registers' | 'agencyKeys'> {
  agreements: AgreementLibrary;
}

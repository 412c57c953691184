import type { AgreementLibrary } from '../agreements/index.ts';
import type { ExchangeContext } from '../exchange/index.ts';
import type { RegisterSet } from '../registers/index.ts';

/** What the home side works with: the exchange to ask other states, the agreements it has loaded. */
export interface ApplicationsContext extends ExchangeContext {
  agreements: AgreementLibrary;
  /** Of the home state: some say for whom its people may act. */
  registers: RegisterSet;
}

import type { AgreementLibrary } from '../agreements/index.ts';
import type { DocumentsContext } from '../documents/index.ts';
import type { ExchangeContext } from '../exchange/index.ts';

/** What the deciding side works with. */
export interface CasesContext extends ExchangeContext, DocumentsContext {
  agreements: AgreementLibrary;
}

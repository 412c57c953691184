import type { SigningKey } from '../crypto/index.ts';
import type { LedgerContext } from '../ledger/index.ts';
import type { StoreContext } from '../storage/index.ts';
import type { Trust } from '../union/index.ts';
import type { DocumentSigner } from './sd-jwt/issue.ts';

/** What issuing needs: the store, this state's ledger, its trust, its document key and its seal. */
export interface DocumentsContext extends StoreContext, LedgerContext {
  trust: Trust;
  /** The state's document key and its certificate under the root (`NodeKeys.documents`, `NodeKeys.documentsChain`). */
  documents: DocumentSigner;
  /** The key that seals files (`NodeKeys.seal`). */
  seal: SigningKey;
}

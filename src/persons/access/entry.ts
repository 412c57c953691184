import type { Instant } from '../../storage/index.ts';

/** Why an authority may use somebody's data. */
export interface AccessGround {
  kind: 'law' | 'consent';
  article: string;
  /** The id of her consent at home, where that is the ground. */
  consent?: string;
}

/**
 * One use of a person's data, as it is logged: the digest of this object's canonical JSON is in the leaf of the ledger.
 * It names her by the pairwise reference, or, in her own state and outside any application, by her account.
 */
export interface AccessContent {
  id: string;
  state: string;
  agency: string;
  home: string;
  reference: string;
  /** The officer, by the name his agency knows him by; null where no person acted. */
  actor: string | null;
  /** What was read. Empty where she was looked for and nothing was found. */
  fields: string[];
  purpose: string;
  ground: AccessGround;
  application: string | null;
  case: string | null;
  at: Instant;
  /** The agency's own count of its uses: under this reference, of a person of another state; of her altogether, at home. */
  counter: number;
}

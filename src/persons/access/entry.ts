import type { Instant } from '../../storage/index.ts';

/** Why an authority may use somebody's data. */
export interface AccessGround {
  kind: 'law' | 'consent';
  article: string;
  /** The id of her consent at home, where that is the ground. */
  consent?: string;
}

/** Whose information system asked for the data, at a door. */
export interface AccessCaller {
  state: string;
  agency: string;
  system: string;
  /** The officer, as the calling system names him; null where it named none. */
  user: string | null;
}

/**
 * One use of a person's data, as it is logged: the digest of this object's canonical JSON is in the leaf of the ledger.
 * It names her by the pairwise reference, or, outside any application, by her account in her own state, or to
 * another state by her number there: `resident/<number>`.
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
  /** Of data that went to an information system: whose it is. `agency` is then the one that gave them. */
  caller?: AccessCaller;
  /** And the service that gave them: `kz.population/register/life-events`. */
  service?: string;
  /** The person is told from then on, since an agreement lets it be so. */
  withheldUntil?: Instant;
}

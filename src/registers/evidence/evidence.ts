import type { Sealed } from '../../crypto/index.ts';
import type { Instant, Json, PlainDate } from '../../storage/index.ts';
import type { Represented } from '../mandates.ts';
import type { PersonName } from '../matching/names.ts';
import type { PersonId } from '../matching/person.ts';

export interface EvidenceGround {
  kind: 'law' | 'consent';
  article: string;
  /** The id of the person's consent at her home, where that is the ground. */
  consent?: string;
}

/** A question about one person, as her home node asks it. */
export interface EvidenceQuery {
  type: string;
  /** Digest of the contract under which it is asked. */
  agreement: string;
  application: string;
  purpose: string;
  ground: EvidenceGround;
  subject: PersonSubject | OrganisationSubject;
  assertion: Sealed<Assertion>;
}

/** A person as home knows her: the one who asks, or a child that she asks for. */
export interface PersonSubject {
  /** The pairwise name under which home knows in this application who asks. */
  reference: string;
  home: string;
  names: PersonName[];
  birthDate: PlainDate;
  /** Her ids at home, and her number in the asked state where she gave one. */
  ids: PersonId[];
  /** The child, where a parent asks: the rest of the subject is then the child's. */
  represented?: Represented;
}

/** An organisation of the home state, for which one of its officers asks. */
export interface OrganisationSubject {
  reference: string;
  home: string;
  ids: PersonId[];
  represented: Represented;
}

export type Assurance = 'low' | 'substantial' | 'high';

/** The home node's word that it is she who asks: signed by its key for messages. */
export interface Assertion {
  subject: string;
  home: string;
  assurance: Assurance;
  at: Instant;
  purpose: string;
  /** `digestOf` of the query without its assertion. */
  requestDigest: string;
  consent: string | null;
}

/**
 * What an agency testifies: signed facts, or signed that there is nothing to show. Sealed by the agency's own key, kind `evidence`.
 *
 * `result`: `found`; `ambiguous`: more than one record is proven to be hers, and her number in this state decides; `none`: no record
 * can be shown by the number she gave; `unproven`: none can be shown by her home ids, and she may give her number in this state.
 */
export interface Evidence {
  id: string;
  type: string;
  agreement: string;
  /** Digest of the JSON Schema of the facts. */
  schema: string;
  issuer: { state: string; agency: string };
  /** Who asked; and whom the facts are about, where that is not she herself. */
  subject: { home: string; reference: string; represented?: Represented };
  /** Digest of the query without its assertion: what was answered. */
  request: string;
  application: string;
  purpose: string;
  ground: EvidenceGround;
  result: 'found' | 'none' | 'ambiguous' | 'unproven';
  facts: { [fact: string]: Json } | null;
  /** The day in the issuer's state on which the register said so. */
  asOf: PlainDate;
  issuedAt: Instant;
  validUntil: Instant;
}

/** What the asked state's own copy of the agreement says of an evidence type. */
export interface EvidenceTerms {
  type: string;
  schema: Json;
  schemaDigest: string;
  purpose: string;
  ground: { kind: 'law' | 'consent'; article: string };
  /** How long the evidence counts: ISO 8601 duration. */
  maxAge: string;
}

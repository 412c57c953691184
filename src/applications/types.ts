import type { Decision } from '../agreements/index.ts';
import type { Sealed } from '../crypto/index.ts';
import type { Evidence, Mandate } from '../registers/index.ts';
import type { Instant, Json, PlainDate } from '../storage/index.ts';
import type { ActingMandate } from './acting.ts';

/** Who acts, as the session tells it: the person herself, or somebody under a mandate for her. */
export interface Actor {
  /** The subject of her home account. */
  person: string;
  assurance: 'low' | 'substantial' | 'high';
  session: string;
  language: string;
}

/** A draft: plain answers with an expiry. Nothing of it leaves the home node but what she lets it ask. */
export interface Draft {
  id: string;
  person: string;
  agreement: string;
  /** Digest of the contract that the draft was begun under. */
  contract: string;
  service: string;
  /** For whom she applies, where that is not herself. */
  mandate?: Mandate;
  /** Who fills it in for her by a mandate that she gave: the account of whoever acts, and the mandate. */
  acting?: string;
  given?: ActingMandate & { applicant: string };
  answers: Record<string, Json>;
  /** Counts every change, so that a page rendered before a change is recognised as old. */
  revision: number;
  /** The pairwise name under which other states know her in this application. */
  reference: string;
  confirmed: boolean;
  created: Instant;
  expires: Instant;
  submitted: boolean;
  /** When it was last brought to a newer contract. */
  moved?: Instant;
}

export type EvidenceStatus =
  /** Asked, no answer yet. */
  | 'asked'
  /** The answer is there and its signature holds: `evidence.result` says what it is. */
  | 'received'
  /** The other state has not answered within the time of the agreement. */
  | 'overdue'
  /** The other state refused, or its answer does not prove itself. */
  | 'refused'
  /** She goes on without it. */
  | 'waived'
  /** She goes on, since its time to answer was over. What comes late she may still add. */
  | 'unanswered'
  /** It came after she had applied without it: she has not said yet that it is about her. */
  | 'late';

/** One card on her evidence page: what is asked of whom, and what came. */
export interface EvidenceCard {
  /** `type/state`, for example `insured-periods/ru`. */
  key: string;
  type: string;
  state: string;
  agency: string;
  status: EvidenceStatus;
  transaction: string;
  /** Digest of the question: only an answer to exactly this one is taken. */
  request?: string;
  askedAt: Instant;
  receivedAt?: Instant;
  /** Only when received: what the agency signed. */
  evidence?: Sealed<Evidence>;
  /** Why it was refused. */
  refusal?: string;
}

/** What she is told before she sends: who receives what, on which ground and for how long. */
export interface Disclosure {
  state: string;
  agency: string;
  /** Text ids of what is sent. */
  items: { kind: 'answers' | 'evidence' | 'file'; type?: string; state?: string; name?: string }[];
  ground: { kind: 'law' | 'consent'; article: string };
  /** ISO 8601 duration. */
  keep: string;
}

/** Would I get this: the rules of one paying state on the evidence at hand. */
export interface Forecast {
  state: string;
  decision: Decision;
}

/** What the home node seals when she submits: who acted, on which page, with which evidence. */
export interface SealedApplication {
  id: string;
  reference: string;
  home: string;
  agreement: string;
  contract: string;
  service: string;
  answers: Record<string, Json>;
  /** Another reference than the application's is somebody who acts for the applicant by her own mandate. */
  actor: {
    reference: string;
    assurance: Actor['assurance'];
    mandate: Mandate | ActingMandate | null;
    language: string;
  };
  /** SHA-256 of the page exactly as she saw it. */
  page: string;
  /** The receipt at home is the filing date, whenever the deciding state reads it. */
  filedAt: Instant;
  filedOn: PlainDate;
  /** Digests of the sealed evidence that goes with it. */
  evidence: string[];
  /** Evidence that she goes on without, as `type/state`, so that every node evaluates the same. */
  waived: string[];
  /** Evidence that had not come when its time was over, as `type/state`: nothing is decided against her for its absence. */
  unanswered: string[];
  deciders: string[];
}

/** What the home node seals when she adds evidence that had not come in time to what she has sent. */
export interface SealedSupplement {
  application: string;
  reference: string;
  home: string;
  /** `type/state`, one of those that the application names as unanswered. */
  key: string;
  /** Digest of the sealed evidence. */
  evidence: string;
  actor: { reference: string; assurance: Actor['assurance'] };
  at: Instant;
}

export type CaseStatus = 'sent' | 'received' | 'accepted' | 'decided' | 'refused';

/** One authority's work on the application, as the home node knows it. */
export interface ApplicationCase {
  state: string;
  agency: string;
  transaction: string;
  status: CaseStatus;
  case?: string;
  acceptedAt?: Instant;
  decidedAt?: Instant;
  /** When the law of the agreement wants the decision. */
  due: Instant;
  /** The contract that it decides by, and since when, where it has moved its case to a newer one. */
  contract?: string;
  movedAt?: Instant;
  /** Signed by the deciding agency. */
  decision?: Sealed<SealedDecision>;
  /** When the decision took the place of an earlier one. */
  correctedAt?: Instant;
  refusal?: string;
  /** Id of the received document. */
  document?: string;
}

/** What the home node seals when she asks an authority to put an obvious error of its decision right. */
export interface SealedCorrectionRequest {
  application: string;
  reference: string;
  home: string;
  /** The authority, and digest of its decision that she holds for wrong. */
  state: string;
  agency: string;
  decision: string;
  reason: string;
  /** Digests of the sealed evidence, asked anew, that goes with it. */
  evidence: string[];
  actor: { reference: string; assurance: Actor['assurance'] };
  at: Instant;
}

/** What a deciding agency signs when it does not correct its decision. */
export interface SealedCorrectionRefusal {
  case: string;
  application: string;
  reference: string;
  state: string;
  agency: string;
  /** Digest of the sealed request. */
  request: string;
  reason: string;
  at: Instant;
}

/** What a deciding agency signs when it moves its case to a newer contract. */
export interface SealedMove {
  case: string;
  application: string;
  reference: string;
  state: string;
  agency: string;
  /** Digests of the contracts, and of the agency's annex to the newer one. */
  from: string;
  to: string;
  annex: string;
  reason: string;
  at: Instant;
}

/** What she asked an authority to put right, and what came of it. */
export interface CorrectionRequest {
  transaction: string;
  state: string;
  status: 'sent' | 'accepted' | 'corrected' | 'declined' | 'refused';
  reason: string;
  /** Digests of the evidence that went with it. */
  evidence: string[];
  askedAt: Instant;
  /** Digest of the request as it was sealed: a refusal names it. */
  request: string;
  /** Digest of the decision that it was about. */
  decision: string;
  answeredAt?: Instant;
  /** Signed by the agency, where it declined. */
  answer?: Sealed<SealedCorrectionRefusal>;
  /** Why its node did not take the request. */
  code?: string;
}

/** A decision that another has taken the place of. */
export interface ReplacedDecision {
  state: string;
  decision: Sealed<SealedDecision>;
  document?: string;
  replacedAt: Instant;
}

/** What a deciding agency signs. */
export interface SealedDecision {
  case: string;
  application: string;
  reference: string;
  state: string;
  agency: string;
  outcome: Decision['outcome'];
  decision: Decision;
  evidence: string[];
  /** Digests of the opinions that other authorities gave to the deciding one. */
  opinions?: string[];
  decidedAt: Instant;
  decidedOn: PlainDate;
  confirmations: number;
  /** Where it puts an obvious error right: digest of the decision that it takes the place of, why, and the article that allows it. */
  corrects?: { decision: string; reason: string; article: string };
}

export interface Application {
  id: string;
  person: string;
  agreement: string;
  contract: string;
  service: string;
  filedAt: Instant;
  status: 'submitted' | 'closed';
  sealed: Sealed<SealedApplication>;
  cases: ApplicationCase[];
  evidence: EvidenceCard[];
  /** Decisions that were put right since, the oldest first. */
  replaced: ReplacedDecision[];
  /** What she asked to be put right, the oldest first. */
  corrections: CorrectionRequest[];
}

/** A document that reached her home node. */
export interface HeldDocument {
  id: string;
  person: string;
  application: string;
  type: string;
  state: string;
  agency: string;
  credential: string;
  /** Text of the code on the printed page. */
  paper: string;
  receivedAt: Instant;
  /** When it was revoked for another decision, and the document that came instead of it. */
  replacedAt?: Instant;
  replacedBy?: string;
  /** The sealed offline bundle: arrives once the issuer's ledger proof is witnessed. */
  file?: Buffer;
}

import type { Decision, FileAnswer, Joined, Pattern } from '../agreements/index.ts';
import type {
  SealedApplication,
  SealedCorrectionRequest,
  SealedDecision,
  SealedSupplement,
} from '../applications/index.ts';
import type { Sealed } from '../crypto/index.ts';
import type { Evidence } from '../registers/index.ts';
import type { Instant, Json, PlainDate } from '../storage/index.ts';

/** What each verb says. The vocabulary is closed: an agreement arranges verbs, it never adds one. */
export interface CasePayloads {
  /** The application arrived and proved itself. */
  open: { application: Sealed<SealedApplication>; evidence: Sealed<Evidence>[]; filedOn: PlainDate; due: Instant };
  /** What had not come in time came, and she added it. */
  supplement: { supplement: Sealed<SealedSupplement>; evidence: Sealed<Evidence> };
  /** Officers of other authorities were asked for their opinion, each by a transaction. */
  request: {
    opinions: { key: string; type: string; state: string; agency: string; transaction: string; request: string }[];
  };
  /** An opinion came, or will not: the authority declined it, or its time is over. */
  opinion: {
    key: string;
    transaction: string;
    evidence?: Sealed<Evidence>;
    without?: 'refused' | 'late';
    /** Why it was refused. */
    code?: string;
  };
  /** The rules were run on the checked evidence. */
  propose: { decision: Decision; digest: string };
  /** An officer agrees with the proposal of that digest. */
  confirm: { proposal: string; note?: string };
  /** An officer sends the case back to examination; earlier confirmations fall. */
  return: { reason: string };
  /** Who works on it from now on; nobody without a name. */
  assign: { to?: string };
  /** What an officer tells his colleagues about it, and nobody else. */
  note: { text: string };
  /** The time to decide has passed without a decision. */
  escalate: { due: Instant };
  /** Enough officers confirmed: the agency's signed decision. */
  decide: { decision: Sealed<SealedDecision>; document?: string };
  /** What all authorities decided was put together: this one's award takes effect, or a refusal blocks it. */
  join: {
    joined: Joined;
    decisions: Sealed<SealedDecision>[];
    /** States whose authorities did not take the claim, by her home's word. */
    refused: string[];
    document?: string;
  };
  /** Authorities of other states were told something, by a stage of the service; `corrects` where they had been told otherwise. */
  notify: { stage: string; to: string[]; says: Record<string, Json>; asked?: Record<string, Json>; corrects?: true };
  /** She holds the decision for wrong, and asks that it be put right; with what she had registers answer anew. */
  askCorrection: { request: Sealed<SealedCorrectionRequest>; evidence: Sealed<Evidence>[]; transaction: string };
  /** An officer moved the case to a newer contract: what it was decided by before, what from now on, and why. */
  move: {
    from: { contract: string; annex: string };
    to: { contract: string; annex: string; version: string };
    reason: string;
    /** Her answers as the newer contract has them. */
    answers: Record<string, Json>;
  };
  /** An officer proposes to put an obvious error of the decision right. The rules were run anew; he chose nothing of what they say. */
  proposeCorrection: CorrectionProposal;
  /** Another officer agrees with the correction of that digest. */
  confirmCorrection: { proposal: string; note?: string };
  /** What was proposed, or else what was asked for, is not followed. */
  declineCorrection: { of: 'proposal' | 'requests'; reason: string };
  /** Enough officers agreed: the agency's new signed decision, in the place of the one that it names, whose document is revoked. */
  correct: {
    decision: Sealed<SealedDecision>;
    document?: string;
    replaces: { action: string; decision: string };
    revoked?: string;
  };
}

/** A correction as it is proposed. */
export interface CorrectionProposal {
  decision: Decision;
  /** Digest over all the rest: what the other officers agree with. */
  digest: string;
  /** Digest of the signed decision that it would take the place of. */
  replaces: string;
  reason: string;
  /** The article of the agreement that allows it. */
  article: string;
}

/** Who did it: an officer, the rules of the agreement, or a timer. */
export interface ActionActor {
  kind: 'officer' | 'rules' | 'timer' | 'home' | 'authority';
  id: string;
  /** The agency he acts for. */
  agency: string;
  assurance?: 'low' | 'substantial' | 'high';
}

export type Verb = keyof CasePayloads;

/** One entry of a case's log, with what it says. */
export type CaseAction = {
  [V in Verb]: {
    case: string;
    sequence: number;
    /** Idempotency key: the same action twice is one action. */
    key: string;
    at: Instant;
    verb: V;
    actor: ActionActor;
    /** Digest of the contract in force for the case. */
    definition: string;
    /** Digest over salt and payload; the payload may since have been erased. */
    payloadDigest: string;
    /** Digest of the action before, or of nothing. */
    previous: string;
    digest: string;
    payload: CasePayloads[V];
  };
}[Verb];

export type CasePhase = 'received' | 'inProgress' | 'decided' | 'closed';

/** The fold of a case's actions. */
export interface CaseState {
  phase: CasePhase;
  /** The service's own stage while in progress. */
  stage?: 'examination' | 'confirmation';
  application?: Sealed<SealedApplication>;
  evidence: Sealed<Evidence>[];
  /** Where the case was moved to a newer contract: the last time. */
  moved?: CasePayloads['move'] & { at: Instant; officer: ActionActor };
  proposal?: { decision: Decision; digest: string };
  /** What officers of other authorities were asked for; nobody confirms while one is still `asked`. */
  opinions: {
    /** `type/state`, as of evidence. */
    key: string;
    type: string;
    state: string;
    agency: string;
    transaction: string;
    /** Digest of the question: the opinion must answer exactly this one. */
    request: string;
    status: 'asked' | 'given' | 'refused' | 'late';
  }[];
  /** Number of the action that confirmations rest on: the last proposal, the last return of it, or what was added to the evidence. */
  basis: number;
  /** Who confirmed the proposal that stands. */
  confirmations: Confirmation[];
  /** What other authorities were told, in order. */
  told: (CasePayloads['notify'] & { at: Instant })[];
  returned?: { reason: string; officer: ActionActor; at: Instant };
  /** The account of whoever works on it. */
  assignee?: string;
  /** Among colleagues, the oldest first. */
  notes: { text: string; officer: ActionActor; at: Instant }[];
  escalatedAt?: Instant;
  decision?: Sealed<SealedDecision>;
  /** What all authorities came to together, where their decisions are joined. */
  joined?: Joined;
  decidedAt?: Instant;
  document?: string;
  /** Digest of the action that made the decision that stands. */
  standing?: string;
  /** Evidence that came after the decision, for a correction of it. */
  renewed: Sealed<Evidence>[];
  /** Requests for a correction that nobody has answered. */
  asked: (CasePayloads['askCorrection'] & { at: Instant })[];
  /** The correction that waits for other officers. */
  correction?: CorrectionProposal & { officer: ActionActor; at: Instant; confirmations: Confirmation[] };
  /** Decisions that later ones took the place of, the oldest first. */
  replaced: { decision: Sealed<SealedDecision>; document?: string; at: Instant }[];
}

/** One officer's agreement. */
export interface Confirmation {
  officer: ActionActor;
  at: Instant;
  note?: string;
}

/** What an authority of another state told one of ours, by a transaction of an agreement. */
export interface ReceivedNotice {
  /** The transaction. */
  id: string;
  agency: string;
  agreement: string;
  /** Digest of the contract. */
  contract: string;
  service: string;
  stage: string;
  from: string;
  fromAgency: string;
  application: string;
  /** Whom it is about: her pairwise name and her home. */
  home: string;
  reference: string;
  says: Record<string, Json>;
  /** It says anew what an earlier notice of the stage said wrongly. */
  corrects: boolean;
  receivedAt: Instant;
}

/** What a deciding authority asks an agency of this state for. */
export interface AskedOpinion {
  /** The transaction. */
  id: string;
  agency: string;
  agreement: string;
  /** Digest of the contract. */
  contract: string;
  pattern: Pattern;
  service: string;
  stage: string;
  /** Evidence type of the opinion. */
  evidence: string;
  from: string;
  fromAgency: string;
  application: string;
  /** Whom it is about: her pairwise name and her home. */
  home: string;
  reference: string;
  shows: Record<string, Json>;
  /** Digest of the question. */
  request: string;
  askedAt: Instant;
  dueAt: Instant;
  status: 'asked' | 'accepted' | 'given' | 'declined';
  answeredAt: Instant | null;
}

/** A row of an officer's queue. */
export interface CaseRow {
  id: string;
  application: string;
  home: string;
  agreement: string;
  service: string;
  agency: string;
  phase: CasePhase;
  stage?: CaseState['stage'];
  outcome?: Decision['outcome'];
  filedOn: PlainDate;
  openedAt: Instant;
  due: Instant;
  decidedAt?: Instant;
  escalatedAt?: Instant;
  /** The account of whoever works on it. */
  assignee?: string;
  /** Since when another authority's opinion is waited for. */
  waitsSince?: Instant;
  /** Whether a decided case waits for officers again. */
  correction?: 'asked' | 'proposed';
}

/** A file of a case, as the sealed application names it. */
export interface CaseAttachment extends FileAnswer {
  /** The field; of a thing in a list `list.field`. */
  field: string;
  status: 'quarantined' | 'clean' | 'refused';
  reason?: string;
}

/** A whole case as an officer sees it. */
export interface CaseFile {
  row: CaseRow;
  contract: string;
  annex: string;
  state: CaseState;
  actions: CaseAction[];
  /** The files that came with the application, each with its way through this node's own quarantine. */
  files: CaseAttachment[];
  /** How many different officers must confirm. */
  confirmationsNeeded: number;
  /** Where the decision can be corrected: by which articles, what the rules say now, and how many others must agree. */
  correctable?: Correctable;
}

/** What a correction of a decided case would be. */
export interface Correctable {
  articles: readonly string[];
  /** What the rules say today of the day of the decision, on the evidence that is there now. */
  now: Decision;
  /** Whether that is another decision, or rests on other evidence. */
  differs: boolean;
  /** Officers besides the one who proposes it. */
  othersNeeded: number;
}

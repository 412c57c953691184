import type { Json, PlainDate } from '../../storage/index.ts';
import type { Answers, EvidenceFacts, Outcome } from '../decision/types.ts';
import type { Position, RuleSource, Service } from '../types.ts';

/** Given facts -> expected path, decision, explanation, documents, deadlines, transactions. */
export interface Scenario {
  name: string;
  service: string;
  at: Position;
  given: {
    home: string;
    claim: PlainDate;
    decision?: PlainDate;
    lot?: number;
    answers: Answers;
    evidence: EvidenceFacts[];
  };
  expect: {
    path?: string[];
    errors?: Record<string, string>;
    deciders?: string[];
    /** What the home node begins, in order: `CODE/state` for each question and each claim. */
    transactions?: string[];
    decisions?: Record<string, ExpectedDecision>;
  };
}

export interface ExpectedDecision {
  outcome: Outcome | 'undecided';
  months?: number;
  values?: Record<string, Json>;
  missing?: string[];
  articles?: string[];
  rows?: Record<string, string>;
  /** Rule -> what its step of the explanation says; what is left out is not looked at. */
  explanation?: Record<string, ExpectedStep>;
  /** Document type -> claims; every document that is issued is named, of its claims those that matter. */
  documents?: Record<string, Record<string, Json>>;
  /** The last day to decide, in the deciding state, and what silence means then. */
  deadline?: { decide?: PlainDate; silence?: Service['deadline']['silence'] };
  /** Codes of what the deciding authority begins once it has decided. */
  transactions?: string[];
}

export interface ExpectedStep {
  value?: Json;
  article?: string;
  source?: RuleSource;
  reference?: PlainDate;
  row?: string;
  /** Names of the facts that were used, in any order. */
  facts?: string[];
}

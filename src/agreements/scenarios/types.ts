import type { Json, PlainDate } from '../../storage/index.ts';
import type { Answers, EvidenceFacts, Outcome } from '../decision/types.ts';
import type { Position } from '../types.ts';

/** Given facts -> expected path, decision, explanation. */
export interface Scenario {
  name: string;
  service: string;
  at: Position;
  given: {
    home: string;
    claim: PlainDate;
    decision?: PlainDate;
    answers: Answers;
    evidence: EvidenceFacts[];
  };
  expect: {
    path?: string[];
    errors?: Record<string, string>;
    deciders?: string[];
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
}

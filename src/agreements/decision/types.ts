import type { Json, PlainDate } from '../../storage/index.ts';
import type { RuleSource } from '../types.ts';

/** Answers by field name, as JSON. `states` and `choices` are lists; `textByState` is an object by state. */
export type Answers = Record<string, Json>;

/** Evidence as a decision takes it: what was signed, by which state. */
export interface EvidenceFacts {
  type: string;
  state: string;
  /**
   * `waived`: the person goes on without it; then nothing waits for it. `unanswered`: she goes on, since it did not come in time; then
   * no refusal and no lesser award follows from its absence.
   */
  result: 'found' | 'none' | 'ambiguous' | 'unproven' | 'waived' | 'unanswered';
  facts: Json | null;
}

export type Outcome = 'granted' | 'partly' | 'refused';

/** What a rule made of which facts. */
export interface Explanation {
  rule: string;
  /** Text id. */
  title: string;
  article: string;
  source: RuleSource;
  /** The date whose version of the rule applied. */
  reference: PlainDate;
  value: Json;
  /** Text id of the value, where the rule gives one of a few words. */
  words?: string;
  facts: ExplainedFact[];
  /** The table row that gave the value, as the table names it. */
  row?: string;
}

export interface ExplainedFact {
  /** Field, rule, or evidence name with its path: `identity.birthDate`. */
  name: string;
  kind: 'answer' | 'evidence' | 'rule' | 'date' | 'state' | 'lot';
  value: Json;
  /** `type/state` of the evidence it came from. */
  evidence?: string;
}

/** A condition that is not met. */
export interface Missing {
  rule: string;
  /** Text id. */
  text: string;
  article: string;
}

/** Evidence that a decision would need and does not have. */
export interface Pending {
  type: string;
  state: string;
  reason: 'notAsked' | 'ambiguous' | 'unproven' | 'unanswered';
}

/** What the rules say, and why. Pure JSON: the same facts give the same bytes at home and at the deciding node. */
export interface Decision {
  /** `undecided` when the facts do not suffice: an officer must ask, no rule refuses for lack of an answer. */
  outcome: Outcome | 'undecided';
  months: number;
  values: Record<string, Json>;
  explanation: Explanation[];
  missing: Missing[];
  pending: Pending[];
  dates: { claim: PlainDate; entitlement: PlainDate; decision: PlainDate };
  digests: { contract: string; annex: string; texts: string };
  /** Where the silence of the authority decided, and not officers. */
  silence?: Silence;
}

/** By which article silence decided, on which day the time was over, and what the rules had said. */
export interface Silence {
  consequence: 'approve' | 'refuse';
  article: string;
  source: RuleSource;
  due: PlainDate;
  said: Outcome;
}

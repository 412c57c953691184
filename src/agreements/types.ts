import type { Compiled, FeelType, FeelValue } from '../feel/index.ts';
import type { Json, PlainDate } from '../storage/index.ts';
import type { Language } from '../texts/index.ts';
import type { EvidenceFacts } from './decision/types.ts';
import type { LifeEvent } from './life-events.ts';
import type { Scenario } from './scenarios/types.ts';

/**
 * The typed model of an agreement: what the loader makes of a folder of YAML, and what every other room reads.
 * Data as written, plus each expression beside its compiled form. Nothing here changes after loading.
 */

/** How a transaction between two roles runs (UMM business transaction patterns). */
export type Pattern =
  | 'notification'
  | 'informationDistribution'
  | 'queryResponse'
  | 'requestConfirm'
  | 'requestResponse'
  | 'mutualObligation';

/** What the reacting role does with a transaction. The vocabulary belongs to the platform. */
export type Operation =
  | 'fetchEvidence'
  | 'giveOpinion'
  | 'openCase'
  | 'distribute'
  | 'askCorrection'
  | 'correctDecision';

/** What a stage of a case does. The vocabulary belongs to the platform; an agreement arranges verbs, it never adds one. */
export type StageVerb = 'ask' | 'fetchEvidence' | 'request' | 'assign' | 'decide' | 'confirm' | 'issue' | 'notify';

/** Where a rule comes from: read in a source of law, or a choice of this project that says so. */
export type RuleSource = 'law' | 'design';

/** The dates that a rule can be versioned by. */
export type ReferenceDate = 'claim' | 'entitlement' | 'decision';

/** A place in a file of the agreement; lines and columns count from 1. */
export interface Position {
  file: string;
  line: number;
  column: number;
}

/** What is wrong, where, and what to do: the loader gives all of them at once. */
export interface Finding extends Position {
  code: FindingCode;
  message: string;
  hint: string;
  /** What the sentence alone cannot say: the differences of a scenario, the story of a counter-example; line by line. */
  details?: readonly string[];
}

/** A FEEL expression of the agreement, compiled when the agreement was loaded. */
export interface Expression {
  source: string;
  compiled: Compiled;
  at: Position;
}

/** One entry of the agreement's list of articles; every rule names one. */
export interface Article {
  id: string;
  /** Text id of the article's name. */
  title: string;
  /** `law` when the provision was read in a public source, `design` when the project had to choose. */
  source: RuleSource;
  /** Where it was read. */
  url?: string;
  /** What a reader must know of the citation: an article number that could not be read, a report instead of the act. */
  note?: string;
  /** How long an authority may keep a use of data on this ground back from the person, from the use on: ISO 8601 duration. Only of a law. */
  withholdFor?: string;
}

/** A typed exchange between two roles. Timers are ISO 8601 durations. */
export interface TransactionType {
  code: string;
  /** Text id. */
  title: string;
  pattern: Pattern;
  from: string;
  to: string;
  operation: Operation;
  /** The evidence type that a `fetchEvidence` or `giveOpinion` transaction asks for. */
  evidence?: string;
  /** The service that an `openCase` transaction opens a case of. */
  service?: string;
  timers: { acknowledge: string; accept?: string; respond?: string };
  retries: number;
  signatureRequired: boolean;
}

/** Why data may be shown to another authority. */
export interface Ground {
  kind: 'law' | 'consent';
  article: string;
  /** The yes-or-no field that holds the consent, when the ground is consent. */
  field?: string;
}

/** A kind of signed facts about a person. Which register of a state gives them, and from which columns, is that state's own matter. */
export interface EvidenceType {
  type: string;
  /** The name of the facts in expressions. */
  as: string;
  /** Text ids. */
  title: string;
  summary: string;
  /** JSON Schema 2020-12 of the facts. */
  schema: Json;
  /** SHA-256 of the schema's canonical JSON. */
  schemaDigest: string;
  /** Text id of each fact, by path: `periods.employer`. In the order shown to people. */
  labels: Record<string, string>;
  /** Text id of each value of a fact with an `enum`, by path. What has none is shown as it is. */
  words: Record<string, Record<string, string>>;
  /** The role whose agency signs it. */
  servedBy: string;
  purpose: string;
  ground: Ground;
  /** How old signed evidence may be when the source is down: ISO 8601 duration. */
  maxAge: string;
  /** List of state codes that are asked, over the answers and `home`. */
  from: Expression;
  /** `one`: the facts of one state, or null. `each`: a list with one item a state, each with its `state`. */
  cardinality: 'one' | 'each';
  /** The `textByState` field whose entry for the asked state is the person's own number there. */
  localId?: string;
  /** Code of the transaction that fetches it. */
  transaction: string;
  /**
   * An opinion: given by an officer of the authority, who is asked by the deciding one while the case is open. Without it a register
   * answers, before she applies.
   */
  opinion: boolean;
  /** Of an opinion: what its officer is asked, a question for each fact. */
  asks: Record<string, Field>;
  /** FEEL type of the facts as `as` names them. */
  feelType: FeelType;
}

export type FieldType =
  | 'text'
  | 'number'
  | 'date'
  | 'choice'
  | 'choices'
  | 'yesNo'
  | 'state'
  | 'states'
  | 'language'
  | 'textByState'
  | 'file'
  | 'list';

/** What a file can be, told by its content. */
export type FileKind = 'pdf' | 'png' | 'jpeg';

/** A list of things of one kind, each with the same questions: goods lines, members of a family. */
export interface ListOfThings {
  /** Text id of what one thing is called. */
  item: string;
  /** The questions of one thing, in the order in which they are asked. A thing has no list of its own. */
  fields: Record<string, Field>;
  /** How few and how many things there may be, both included. */
  least: number;
  most: number;
}

/** What may be uploaded, and who receives it. */
export interface FileBounds {
  kinds: FileKind[];
  /** Bytes. */
  largest: number;
  /** The deciding states that receive it, over the answers; every deciding state without it. */
  sentTo?: Expression;
}

/** What the person is asked. The answer is kept under the field's name. */
export interface Field {
  name: string;
  type: FieldType;
  /** Text id of the question. */
  text: string;
  /** Text id. */
  hint?: string;
  /** For `choice` and `choices`: value -> text id. */
  options?: Record<string, string>;
  /** For `state`, `states` and `textByState`: the states to choose from; every state of the agreement without it. */
  among?: Expression;
  required: boolean;
  /** The question is asked only when this is true. */
  when?: Expression;
  /** Must be true of the answer once it is given. `error` is a text id. */
  valid?: { test: Expression; error: string };
  /** Longest text, in characters. */
  maxLength: number;
  /** For `number`: text id of the unit, and how many decimals are taken; ten without it. */
  unit?: string;
  decimals?: number;
  /** For `list`. */
  list?: ListOfThings;
  /** For `file`. */
  file?: FileBounds;
  feelType: FeelType;
}

/** One page of a form: it only places fields. */
export interface Page {
  name: string;
  /** Text id. */
  title: string;
  /** Text id. */
  lead?: string;
  fields: string[];
  when?: Expression;
}

/** How many officers must agree. Each officer counts once. */
export interface Confirmations {
  count: number;
  /** Stages whose actors may not act here; a stage that names itself wants that many different officers. */
  distinctFrom: string[];
}

/** What a stage tells the authorities of other states: one transaction to each. */
export interface Notice {
  /** Code of the transaction. */
  transaction: string;
  /** List of states, over the finished decision. */
  to: Expression;
  /** It is sent only when this is true. */
  when?: Expression;
  /** What becomes of the document with it: `valid`, `suspended`, `revoked`, or null where nothing does. */
  status?: Expression;
  /** What it says, name by name, over the finished decision and what the officer adds; labels are text ids. */
  carries: Record<string, { value: Expression; label: string }>;
  /** What the officer who sends it is asked. */
  asks: Record<string, Field>;
}

/** What a stage asks the officers of another authority for, while the case is open. */
export interface OpinionRequest {
  /** The evidence type whose facts they give. */
  evidence: string;
  /** It is asked of a state, `asked`, only where this is true of what the rules propose so far. */
  when?: Expression;
  /** What they are shown of the case, name by name, over what the rules propose so far; labels are text ids. */
  carries: Notice['carries'];
}

/** A flat stage inside *in progress*. */
export interface Stage {
  name: string;
  /** Text id. */
  title: string;
  verb: StageVerb;
  by: 'system' | 'officer';
  confirmations?: Confirmations;
  sends?: Notice;
  requests?: OpinionRequest;
}

/** How an obvious error in a decision is put right: by a new signed decision that takes the place of the wrong one. */
export interface CorrectAction {
  /** Articles that allow it; who corrects names one of them. */
  articles: string[];
  /** Code of the transaction that brings the corrected decision home. */
  transaction: string;
  /** Code of the transaction by which a person asks for it; without it only the authority begins a correction. */
  request?: string;
  /** How many officers besides the one who proposes it must agree. `correct` among `distinctFrom` is that one. */
  confirmations: Confirmations;
}

/** What can be done with a case after it was decided. */
export interface ServiceActions {
  correct?: CorrectAction;
}

/** How long an authority has, and what it means that it does not decide in that time. */
export interface DecisionDeadline {
  decide: string;
  /** Counted in working days of the deciding state; in calendar days without it. */
  days?: 'working';
  silence: 'escalate' | 'approve' | 'refuse';
  /** The article by which silence decides; always there when it does. */
  article?: string;
}

/** What a person can apply for. */
export interface Service {
  name: string;
  /** Text ids. */
  title: string;
  summary: string;
  /** What happens in people's lives when they need it. */
  events: LifeEvent[];
  /** Whom she applies for, by a mandate of a register at home; without it for herself. Evidence is then about them. */
  appliesFor?: 'child' | 'organisation';
  /** Who may act for the person who applies, by a mandate that she gives on her portal; without it nobody. Evidence is about her all the same. */
  byMandate?: 'organisation';
  decidedBy: { role: string; forEach: Expression; join: 'independent' | 'all' | 'anyRefusalBlocks' };
  fields: Record<string, Field>;
  form: Page[];
  /** Evidence types, in the order in which they are asked. */
  evidence: string[];
  /** Code of the transaction that sends the claim. */
  claim: string;
  /** As the contract has them; `stagesFor` gives those of one state. */
  stages: Stage[];
  deadline: DecisionDeadline;
  actions: ServiceActions;
  decision: {
    /** Rule that gives `granted`, `partly`, `refused`, or null when the facts do not suffice. */
    outcome: string;
    /** Rule that gives the counted months. */
    months?: string;
    /** Rule that gives the entitlement date; the claim date without it. */
    entitlement?: string;
    /** Every rule of the decision, in the order of the explanation. */
    rules: string[];
    /** Rules whose values stand in `Decision.values`. */
    values: string[];
    /** The rules in an order in which each comes after those that it needs. */
    order: string[];
  };
  /** The document type that a positive decision issues. */
  document?: string;
  /** How long the deciding authority keeps what it was sent: ISO 8601 duration. */
  disclosure: { keep: string };
}

/** The part of a rule that is in force from a day to a day, both included. */
export interface RuleVersion {
  from?: PlainDate;
  until?: PlainDate;
  /** Replaces the rule's own. */
  article?: string;
  source?: RuleSource;
  expression: Compiled;
  /** The FEEL text, or the table as written. */
  text: string;
  table: boolean;
  /** The rows of the table, as it names them; empty for an expression. */
  rows: readonly TableRowPlace[];
  at: Position;
}

/** A row of a decision table, and where it is written. */
export interface TableRowPlace {
  name: string;
  at: Position;
}

/** A function that rules call: how something is counted, written once. It sees its arguments and other functions only. */
export interface RuleFunction {
  name: string;
  /** Text id. */
  title: string;
  article: string;
  source: RuleSource;
  text: string;
  feelType: FeelType;
  value: FeelValue;
}

/** One named step of a decision. */
export interface Rule {
  name: string;
  /** Text id. */
  title: string;
  article: string;
  source: RuleSource;
  reference: ReferenceDate;
  /** A condition is true or false; false stands among what is missing. */
  condition: boolean;
  /** Text id of what is missing when the condition is false. */
  missing?: string;
  /** Text ids of its values, for rules that give one of a few words. */
  words: Record<string, string>;
  /** Each annex gives its own versions. */
  national: boolean;
  /** Empty for a national rule: see `Annex.rules`. */
  versions: RuleVersion[];
  feelType: FeelType;
}

/** A rule as one state has it. */
export interface NationalRule {
  article: string;
  source: RuleSource;
  versions: RuleVersion[];
}

/** What one state adds. */
export interface Annex {
  state: string;
  digest: string;
  /** Role -> agency id. */
  roles: Record<string, string>;
  rules: Record<string, NationalRule>;
  /** Service -> stage -> what replaces the contract's confirmations. */
  confirmations: Record<string, Record<string, Confirmations>>;
  /** Service -> the time to decide that replaces the contract's. */
  deadlines: Record<string, Pick<DecisionDeadline, 'decide' | 'days'>>;
  /** Days on which the state rests, each year (`05-09`) or once (`2026-03-23`), beside Saturdays and Sundays. */
  holidays: string[];
}

/** A document that a decision brings out. */
export interface DocumentType {
  type: string;
  /** Credential type (SD-JWT VC `vct`). */
  vct: string;
  /** Text id. */
  title: string;
  /** Claim -> expression over the decision. */
  claims: Record<string, Expression>;
  /** Text ids of the claims, by claim. */
  labels: Record<string, string>;
  /** Claims that the holder may withhold. */
  selective: string[];
  /** Text ids of the printed page, line by line; parameters are claims. */
  lines: string[];
  /** ISO 8601 duration. */
  validFor: string;
}

export interface Role {
  name: string;
  /** Text id. */
  title: string;
}

/** An invented person's answers and canned evidence: a service can be tried with them where no register answers. */
export interface Mock {
  name: string;
  service: string;
  /** Text id. */
  title: string;
  home: string;
  answers: Record<string, Json>;
  evidence: EvidenceFacts[];
}

/** An agreement, loaded whole and found without fault. */
export interface Agreement {
  name: string;
  /** Text ids. */
  title: string;
  summary: string;
  version: string;
  /** State codes. */
  parties: string[];
  inForce: PlainDate;
  legalBasis: string[];
  articles: Record<string, Article>;
  roles: Record<string, Role>;
  transactions: Record<string, TransactionType>;
  evidence: Record<string, EvidenceType>;
  services: Record<string, Service>;
  functions: Record<string, RuleFunction>;
  rules: Record<string, Rule>;
  documents: Record<string, DocumentType>;
  annexes: Record<string, Annex>;
  scenarios: Scenario[];
  /** By name. */
  mocks: Record<string, Mock>;
  /** SHA-256 of each layer's canonical JSON; annexes carry their own. */
  contractDigest: string;
  textsDigest: string;
  /** Who stands by the texts of a language. A language that is not here is a draft: no named person has approved it as it is. */
  approvals: Partial<Record<Language, TextApproval>>;
  /** The ways from earlier contracts to this one, for answers of drafts. */
  migrations: Migration[];
  languages: Language[];
  /** Every text as it is written, by language and id. */
  messages: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** The text of an id in a language; an unknown id comes back as itself, so that a page never falls over one. */
  text(language: string, id: string, params?: Record<string, string | number>): string;
}

/** A named person's word that the texts of a language say what they should. */
export interface TextApproval {
  by: string;
  role: string;
  on: PlainDate;
}

/** How the answers of a draft come from one contract to the next; what it does not name keeps its name and form. */
export interface Migration {
  name: string;
  /** Digests of the two contracts. */
  from: string;
  to: string;
  /** Service -> field of the new contract -> where its answer comes from. */
  services: Record<string, Record<string, FieldMove>>;
}

/** Where a field's answer comes from. */
export type FieldMove =
  /** From a field of the old contract, value by value where `values` says how; a value that it does not name is asked again. */
  | { from: string; values?: Record<string, string> }
  /** From nowhere: what was answered under this name meant something else. */
  | { ask: 'again' };

/** A code of the table in `failures.ts`, or of the rule language's own table. */
export type FindingCode = `AGREEMENT_${string}` | `FEEL_${string}`;

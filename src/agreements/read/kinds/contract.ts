import Type, { type Static } from 'typebox';
import { LIFE_EVENTS } from '../../life-events.ts';
import {
  closed,
  Day,
  Duration,
  Feel,
  KEBAB_KEY,
  Kebab,
  keyed,
  listOf,
  NAME_KEY,
  Name,
  oneWordOf,
  optional,
  State,
  TextId,
  TRANSACTION_KEY,
  TransactionCode,
  Url,
  Words,
} from './words.ts';

const Origin = oneWordOf('law', 'design');

/** `agreement.yaml`: parties, articles, roles, transactions. */
export const AgreementFile = closed({
  agreement: Kebab,
  version: Type.String({ pattern: '^[0-9]{1,4}\\.[0-9]{1,4}\\.[0-9]{1,4}$', description: 'a version such as 1.0.0' }),
  title: TextId,
  summary: TextId,
  parties: Type.Array(State, { minItems: 1, maxItems: 30, uniqueItems: true }),
  inForce: Day,
  legalBasis: listOf(Kebab, 1),
  articles: keyed(
    KEBAB_KEY,
    closed({
      title: TextId,
      source: Origin,
      url: optional(Url),
      note: optional(Words),
      withholdFor: optional(Duration),
    }),
  ),
  roles: keyed(NAME_KEY, closed({ title: TextId })),
  transactions: keyed(
    TRANSACTION_KEY,
    closed({
      title: TextId,
      pattern: oneWordOf(
        'notification',
        'informationDistribution',
        'queryResponse',
        'requestConfirm',
        'requestResponse',
        'mutualObligation',
      ),
      from: Name,
      to: Name,
      operation: oneWordOf(
        'fetchEvidence',
        'giveOpinion',
        'openCase',
        'distribute',
        'askCorrection',
        'correctDecision',
      ),
      evidence: optional(Kebab),
      service: optional(Kebab),
      timers: closed({ acknowledge: Duration, accept: optional(Duration), respond: optional(Duration) }),
      retries: Type.Integer({ minimum: 0, maximum: 1000 }),
      signatureRequired: Type.Boolean(),
    }),
  ),
});
export type AgreementFile = Static<typeof AgreementFile>;

/** A fact by its path: `periods.employer`. */
const FACT_PATH = '^[a-z][A-Za-z0-9]{0,40}(\\.[a-z][A-Za-z0-9]{0,40}){0,4}$';

/** `evidence/NAME.yaml`: signed facts, where they come from and on which ground. */
export const EvidenceFile = closed({
  evidence: Kebab,
  as: Name,
  title: TextId,
  summary: TextId,
  servedBy: Name,
  purpose: Kebab,
  ground: closed({ kind: oneWordOf('law', 'consent'), article: Kebab, field: optional(Name) }),
  maxAge: Duration,
  from: Feel,
  cardinality: oneWordOf('one', 'each'),
  localId: optional(Name),
  transaction: TransactionCode,
  schema: Type.Object({}, { description: 'a JSON Schema' }),
  labels: keyed(FACT_PATH, TextId),
  words: optional(keyed(FACT_PATH, keyed('^[A-Za-z0-9][A-Za-z0-9-]{0,60}$', TextId))),
});
export type EvidenceFile = Static<typeof EvidenceFile>;

const QUESTION = {
  text: TextId,
  hint: optional(TextId),
  options: optional(keyed('^[a-z0-9][A-Za-z0-9-]{0,40}$', TextId)),
  among: optional(Feel),
  required: optional(Type.Boolean()),
  when: optional(Feel),
  valid: optional(closed({ test: Feel, error: TextId })),
  maxLength: optional(Type.Integer({ minimum: 1, maximum: 5000 })),
  unit: optional(TextId),
  decimals: optional(Type.Integer({ minimum: 0, maximum: 10 })),
  kinds: optional(Type.Array(oneWordOf('pdf', 'png', 'jpeg'), { minItems: 1, maxItems: 3, uniqueItems: true })),
  largest: optional(
    Type.String({ pattern: '^([1-9][0-9]{0,2}kB|[1-4]MB)$', description: 'a size up to 4MB such as 500kB or 2MB' }),
  ),
  sentTo: optional(Feel),
};

const PLAIN_TYPES = [
  'text',
  'number',
  'date',
  'choice',
  'choices',
  'yesNo',
  'state',
  'states',
  'language',
  'textByState',
  'file',
] as const;

/** A question of one thing of a list: no list again. */
const ItemField = closed({ type: oneWordOf(...PLAIN_TYPES), ...QUESTION });
const howMany = Type.Integer({ minimum: 0, maximum: 100 });
const Field = closed({
  type: oneWordOf(...PLAIN_TYPES, 'list'),
  ...QUESTION,
  item: optional(TextId),
  least: optional(howMany),
  most: optional(howMany),
  fields: optional(keyed(NAME_KEY, ItemField)),
});
/** A field as written. */
export type FieldShape = Static<typeof Field>;

/** What a stage that notifies says to other authorities, and to whom. `asks` is what an officer adds. */
const Carries = keyed(NAME_KEY, closed({ value: Feel, label: TextId }));
const Sends = closed({
  transaction: TransactionCode,
  to: Feel,
  when: optional(Feel),
  status: optional(Feel),
  carries: Carries,
  asks: optional(keyed(NAME_KEY, ItemField)),
});

/** Which opinion a stage asks other authorities for, and what their officers are shown of the case. */
const Requests = closed({ evidence: Kebab, when: optional(Feel), carries: Carries });

export const ConfirmationsShape = closed({
  count: Type.Integer({ minimum: 1, maximum: 9 }),
  distinctFrom: optional(listOf(Kebab)),
});

/** `services/NAME.yaml`: what can be applied for, who decides, what is asked. */
export const ServiceFile = closed({
  service: Kebab,
  title: TextId,
  summary: TextId,
  events: optional(listOf(oneWordOf(...LIFE_EVENTS))),
  appliesFor: optional(oneWordOf('child', 'organisation')),
  byMandate: optional(oneWordOf('organisation')),
  decidedBy: closed({ role: Name, forEach: Feel, join: oneWordOf('independent', 'all', 'anyRefusalBlocks') }),
  fields: keyed(NAME_KEY, Field),
  form: Kebab,
  evidence: listOf(Kebab),
  claim: TransactionCode,
  stages: listOf(
    closed({
      name: Kebab,
      title: TextId,
      verb: oneWordOf('ask', 'fetchEvidence', 'request', 'assign', 'decide', 'confirm', 'issue', 'notify'),
      by: oneWordOf('system', 'officer'),
      confirmations: optional(ConfirmationsShape),
      sends: optional(Sends),
      requests: optional(Requests),
    }),
    1,
  ),
  deadline: closed({
    decide: Duration,
    days: optional(oneWordOf('working')),
    silence: oneWordOf('escalate', 'approve', 'refuse'),
    article: optional(Kebab),
  }),
  actions: optional(
    closed({
      correct: optional(
        closed({
          articles: listOf(Kebab, 1),
          transaction: TransactionCode,
          request: optional(TransactionCode),
          confirmations: ConfirmationsShape,
        }),
      ),
    }),
  ),
  decision: closed({
    outcome: Name,
    months: optional(Name),
    entitlement: optional(Name),
    rules: listOf(Name, 1),
    values: optional(listOf(Name)),
  }),
  document: optional(Kebab),
  disclosure: closed({ keep: Duration }),
});
export type ServiceFile = Static<typeof ServiceFile>;

/** `forms/NAME.yaml`: ordered pages; they only place fields. */
export const FormFile = closed({
  form: Kebab,
  pages: listOf(
    closed({ name: Kebab, title: TextId, lead: optional(TextId), fields: listOf(Name, 1), when: optional(Feel) }),
    1,
  ),
});
export type FormFile = Static<typeof FormFile>;

/** `documents/NAME.yaml`: the credential and its printed page. */
export const DocumentFile = closed({
  document: Kebab,
  vct: Type.String({
    pattern: '^urn:[a-z0-9][a-z0-9:.-]{2,200}$',
    description: 'a credential type such as urn:commonway:pension-award:1',
  }),
  title: TextId,
  claims: keyed(NAME_KEY, closed({ value: Feel, label: TextId, selective: optional(Type.Boolean()) })),
  lines: listOf(TextId, 1),
  validFor: Duration,
});
export type DocumentFile = Static<typeof DocumentFile>;

import Type, { type Static } from 'typebox';
import { ConfirmationsShape } from './contract.ts';
import {
  Agency,
  closed,
  Day,
  Duration,
  Feel,
  KEBAB_KEY,
  Kebab,
  keyed,
  listOf,
  NAME_KEY,
  oneWordOf,
  optional,
  State,
  TextId,
} from './words.ts';

/** A decision table: columns of expressions, rows of unary tests, each row with a name that stands in the explanation. */
const Table = closed({
  hit: oneWordOf(
    'unique',
    'any',
    'priority',
    'first',
    'ruleOrder',
    'outputOrder',
    'collect',
    'collectSum',
    'collectMin',
    'collectMax',
    'collectCount',
  ),
  inputs: listOf(Feel, 1),
  /** What a row can give, best first: the order of `priority` and `outputOrder`. */
  values: optional(listOf(Feel, 1)),
  /** What stands where no row matches. */
  default: optional(Feel),
  rows: keyed(
    '^[a-z0-9][A-Za-z0-9-]{0,60}$',
    closed({
      when: listOf(Type.String({ minLength: 1, maxLength: 2000, description: 'a unary test' }), 1),
      gives: Feel,
      article: optional(Kebab),
    }),
  ),
});
export type TableShape = Static<typeof Table>;

const Version = closed({
  from: optional(Day),
  until: optional(Day),
  article: optional(Kebab),
  source: optional(oneWordOf('law', 'design')),
  value: optional(Feel),
  table: optional(Table),
});
export type VersionShape = Static<typeof Version>;

/** The types that a rule can declare; without one the expression says it. */
export const RULE_TYPES = [
  'number',
  'string',
  'boolean',
  'date',
  'days and time duration',
  'years and months duration',
] as const;

/** `rules/NAME.yaml`: named steps, each with its article and its versions by date. */
export const RulesFile = closed({
  functions: optional(
    keyed(NAME_KEY, closed({ title: TextId, article: Kebab, source: oneWordOf('law', 'design'), value: Feel })),
  ),
  rules: keyed(
    NAME_KEY,
    closed({
      title: TextId,
      article: Kebab,
      source: oneWordOf('law', 'design'),
      reference: optional(oneWordOf('claim', 'entitlement', 'decision')),
      condition: optional(Type.Boolean()),
      missing: optional(TextId),
      national: optional(Type.Boolean()),
      type: optional(oneWordOf(...RULE_TYPES)),
      words: optional(keyed('^[a-z0-9][A-Za-z0-9-]{0,60}$', TextId)),
      versions: optional(listOf(Version, 1)),
    }),
  ),
});
export type RulesFile = Static<typeof RulesFile>;

/** `annexes/STATE/annex.yaml`: what one state adds. */
export const AnnexFile = closed({
  annex: State,
  roles: keyed(NAME_KEY, Agency),
  rules: keyed(NAME_KEY, closed({ article: Kebab, source: oneWordOf('law', 'design'), versions: listOf(Version, 1) })),
  deadlines: optional(keyed(KEBAB_KEY, closed({ decide: Duration, days: optional(oneWordOf('working')) }))),
  holidays: optional(
    listOf(
      Type.String({
        pattern: '^([0-9]{4}-)?(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$',
        description: 'a day of each year such as 05-09, or of one year such as 2026-03-23, in quotes',
      }),
    ),
  ),
  confirmations: optional(keyed(KEBAB_KEY, keyed(KEBAB_KEY, ConfirmationsShape))),
});
export type AnnexFile = Static<typeof AnnexFile>;

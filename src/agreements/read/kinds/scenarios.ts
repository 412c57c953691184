import Type, { type Static } from 'typebox';
import type { Json } from '../../../storage/index.ts';
import {
  closed,
  Day,
  KEBAB_KEY,
  Kebab,
  keyed,
  listOf,
  NAME_KEY,
  Name,
  oneWordOf,
  optional,
  STATE_KEY,
  State,
  TextId,
  TRANSACTION_KEY,
  TransactionCode,
} from './words.ts';

const AnyJson = Type.Unsafe<Json>({});
const EVIDENCE_KEY = '^[a-z][a-z0-9-]{0,80}/[a-z]{2}$';

const RowName = Type.String({ minLength: 1, maxLength: 61, description: 'the name of a table row' });

const Exchange = Type.String({
  pattern: `${TRANSACTION_KEY.slice(0, -1)}/[a-z]{2}$`,
  description: 'a transaction and the state that it goes to, such as P.PN.01.TRN.001/kz',
});

/** Facts as they would be signed, or one word when none were found. */
const Facts = Type.Unsafe<Json>({});

const Given = closed({
  home: optional(State),
  claim: optional(Day),
  decision: optional(Day),
  lot: optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
  answers: optional(keyed(NAME_KEY, AnyJson)),
  evidence: optional(keyed(EVIDENCE_KEY, Facts)),
});
export type GivenShape = Static<typeof Given>;

const Step = closed({
  value: optional(AnyJson),
  article: optional(Kebab),
  source: optional(oneWordOf('law', 'design')),
  reference: optional(Day),
  row: optional(RowName),
  facts: optional(listOf(Type.String({ minLength: 1, maxLength: 200, description: 'the name of a fact' }))),
});

const ExpectedDecision = closed({
  outcome: oneWordOf('granted', 'partly', 'refused', 'undecided'),
  months: optional(Type.Integer({ minimum: 0 })),
  values: optional(keyed(NAME_KEY, AnyJson)),
  missing: optional(listOf(Name)),
  articles: optional(listOf(Kebab)),
  rows: optional(keyed(NAME_KEY, RowName)),
  explanation: optional(keyed(NAME_KEY, Step)),
  documents: optional(keyed(KEBAB_KEY, keyed(NAME_KEY, AnyJson))),
  deadline: optional(closed({ decide: optional(Day), silence: optional(oneWordOf('escalate', 'approve', 'refuse')) })),
  transactions: optional(listOf(TransactionCode)),
});

/** `scenarios/NAME.yaml`: what must come out of given facts. `defaults` are under every scenario of the file. */
export const ScenariosFile = closed({
  defaults: optional(closed({ service: optional(Kebab), given: optional(Given) })),
  scenarios: keyed(
    '^[a-z][a-z0-9-]{1,100}$',
    closed({
      service: optional(Kebab),
      given: Given,
      expect: closed({
        path: optional(listOf(Kebab)),
        errors: optional(keyed(NAME_KEY, TextId)),
        deciders: optional(listOf(State)),
        transactions: optional(listOf(Exchange)),
        decisions: optional(keyed(STATE_KEY, ExpectedDecision)),
      }),
    }),
  ),
});
export type ScenariosFile = Static<typeof ScenariosFile>;

/** `texts/LANGUAGE.yaml`: text id -> message. */
export const TextsFile = keyed(
  '^[a-z][A-Za-z0-9-]{0,60}(\\.[A-Za-z0-9-]{1,60}){1,5}$',
  Type.String({ minLength: 1, maxLength: 4000, description: 'a text' }),
);
export type TextsFile = Static<typeof TextsFile>;

/** `mocks/NAME.yaml`: an invented person's answers and canned evidence, to try a service without any register. */
export const MockFile = closed({
  mock: Kebab,
  service: Kebab,
  title: TextId,
  home: State,
  answers: keyed(NAME_KEY, AnyJson),
  evidence: keyed(EVIDENCE_KEY, Facts),
});
export type MockFile = Static<typeof MockFile>;

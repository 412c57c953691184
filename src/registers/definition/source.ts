import { type Static, Type } from 'typebox';
import { REPRESENTED_KINDS } from './register.ts';

/**
 * The shape of a register definition as written in YAML. In every text, `{state}` stands for the state's code and `{STATE}` for the
 * code in capitals; `national` says per state what differs.
 */

const closed = { additionalProperties: false } as const;
const word = Type.String({ minLength: 1, maxLength: 100 });

const Column = Type.Object(
  {
    /** The heading in the agency's file; the column's own name without it. */
    header: Type.Optional(word),
    type: Type.Union(['text', 'date', 'integer', 'decimal', 'boolean', 'code'].map((name) => Type.Literal(name))),
    required: Type.Optional(Type.Boolean()),
    /** A regular expression for the whole value. */
    pattern: Type.Optional(Type.String({ maxLength: 200 })),
    /** For codes and booleans: what stands in the file -> what it means. A list where both are the same. */
    values: Type.Optional(
      Type.Union([Type.Array(word), Type.Record(Type.String(), Type.Union([Type.String(), Type.Boolean()]))]),
    ),
    /** Smallest value: a number, or a day; `today` is the day of the import. */
    min: Type.Optional(Type.Union([Type.Number(), word])),
    max: Type.Optional(Type.Union([Type.Number(), word])),
    maxLength: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000 })),
  },
  closed,
);

const File = Type.Object(
  {
    delimiter: Type.Optional(Type.String({ minLength: 1, maxLength: 1 })),
    /** A label of the WHATWG encoding standard: `utf-8`, `windows-1251`. */
    encoding: Type.Optional(word),
    /** How days are written: `Y-M-D`, `D.M.Y`, `D/M/Y`, `M/D/Y`. */
    dates: Type.Optional(Type.String({ pattern: '^[YMD](.)[YMD]\\1[YMD]$' })),
    /** The decimal sign. */
    decimal: Type.Optional(Type.Union([Type.Literal('.'), Type.Literal(',')])),
    /** What stands for nothing, beside the empty field. */
    missing: Type.Optional(Type.Array(Type.String({ maxLength: 20 }))),
  },
  closed,
);

const Person = Type.Object(
  {
    /** The column of the number under which this register keeps a person. */
    localId: word,
    birthDate: word,
    sex: Type.Optional(word),
    names: Type.Array(
      Type.Object({ family: word, given: word, from: Type.Optional(word), to: Type.Optional(word) }, closed),
      { minItems: 1 },
    ),
    /** Other numbers: of a fixed state, or of the state named by another column. */
    ids: Type.Optional(
      Type.Array(Type.Object({ column: word, state: Type.Optional(word), stateColumn: Type.Optional(word) }, closed)),
    ),
  },
  closed,
);

/** In the place of `person`: a register of organisations, each found by its number. */
const Organisation = Type.Object(
  {
    /** The column of the number under which this register keeps an organisation. */
    localId: word,
    /** The column of its name: such a register tells who an organisation is whose number somebody gives. */
    name: Type.Optional(word),
    /** Its numbers in other states: of a fixed state, or of the state named by another column. */
    ids: Type.Optional(
      Type.Array(Type.Object({ column: word, state: Type.Optional(word), stateColumn: Type.Optional(word) }, closed)),
    ),
  },
  closed,
);

/** The person of a row may act for whom these columns name: her child (by the number in the population register) or an organisation. */
const Represents = Type.Object(
  {
    kind: Type.Union(REPRESENTED_KINDS.map((kind) => Type.Literal(kind))),
    number: word,
    name: word,
    from: Type.Optional(word),
    to: Type.Optional(word),
  },
  closed,
);

const Value = Type.Union([
  word,
  Type.Object({ value: Type.Union([Type.String(), Type.Number(), Type.Boolean()]) }, closed),
]);

/** How one fact is made of the rows of a person. */
const Fact = Type.Union([
  /** A list with one object a row, in the order of the named facts. */
  Type.Object({ eachRow: Type.Record(Type.String(), Value), order: Type.Optional(Type.Array(word)) }, closed),
  /** The value in the row whose column `by` is greatest; an empty one counts least. */
  Type.Object({ latest: word, by: word }, closed),
  /** What the rows together say of who she is. */
  Type.Object({ person: Type.Union(['ids', 'names', 'birthDate', 'sex'].map((name) => Type.Literal(name))) }, closed),
  Type.Object({ value: Type.Union([Type.String(), Type.Number(), Type.Boolean()]) }, closed),
]);

const Check = Type.Object(
  { code: Type.Literal('DATES_REVERSED'), column: word, before: word },
  {
    ...closed,
    description: 'The day in `column` must not be before the day in `before`. Empty days are not compared.',
  },
);

const parts = {
  file: Type.Optional(File),
  columns: Type.Record(Type.String({ pattern: '^[a-z][a-z0-9_]*$' }), Column),
  /** The columns that together say which row it is. */
  key: Type.Array(word, { minItems: 1 }),
  person: Type.Optional(Person),
  organisation: Type.Optional(Organisation),
  represents: Type.Optional(Represents),
  checks: Type.Optional(Type.Array(Check)),
  /** Evidence type -> fact -> how it is made. */
  serves: Type.Optional(Type.Record(Type.String(), Type.Record(Type.String(), Fact))),
};

export const RegisterSource = Type.Object(
  {
    register: word,
    owner: word,
    states: Type.Array(word, { minItems: 1 }),
    /** The register that says who the state's people are: home accounts are keyed by its local id. */
    residents: Type.Optional(Type.Boolean()),
    ...parts,
    national: Type.Optional(
      Type.Record(
        Type.String(),
        Type.Partial(Type.Object({ ...parts, columns: Type.Record(Type.String(), Type.Partial(Column)) }, closed)),
      ),
    ),
  },
  closed,
);

export type RegisterSource = Static<typeof RegisterSource>;

/** A register as its definition describes it for one state: what its rows hold, whose they are, and what it can testify. */
export interface Register {
  /** `kz.pension-fund`. */
  id: string;
  /** The agency that is its authoritative source. */
  owner: string;
  state: string;
  /** Whether it says who the state's people are. */
  residents: boolean;
  file: FileFormat;
  columns: Column[];
  key: string[];
  /** What its rows are about: a question about the other is not answered. */
  holds: 'persons' | 'organisations';
  person: PersonColumns;
  /** Of a register of organisations that tells their names: the column. */
  organisationName?: string;
  /** Where its rows say for whom their person may act. */
  represents?: RepresentsColumns;
  checks: RowCheck[];
  /** Evidence type -> fact -> how it is made. */
  serves: Record<string, Record<string, FactSource>>;
}

export interface FileFormat {
  delimiter: string;
  encoding: string;
  /** The order and the sign between the parts of a day: `Y-M-D`. */
  dates: string;
  decimal: '.' | ',';
  missing: string[];
}

export type ColumnType = 'text' | 'date' | 'integer' | 'decimal' | 'boolean' | 'code';

export interface Column {
  name: string;
  header: string;
  type: ColumnType;
  required: boolean;
  pattern?: RegExp;
  /** What stands in the file -> what it means; codes and booleans only. */
  values: ReadonlyMap<string, string | boolean>;
  min?: string;
  max?: string;
  maxLength: number;
}

export interface PersonColumns {
  localId: string;
  /** Always there in a register of persons, never in one of organisations. */
  birthDate?: string;
  sex?: string;
  names: { family: string; given: string; from?: string; to?: string }[];
  ids: { column: string; state?: string; stateColumn?: string }[];
}

/** For whom the person of a row may act, and in which days. */
export interface RepresentsColumns {
  kind: RepresentedKind;
  number: string;
  name: string;
  from?: string;
  to?: string;
}

/** For whom somebody can apply but herself: a child of hers, or an organisation that she is an officer of. */
export const REPRESENTED_KINDS = ['child', 'organisation'] as const;
export type RepresentedKind = (typeof REPRESENTED_KINDS)[number];

export interface RowCheck {
  code: 'DATES_REVERSED';
  column: string;
  before: string;
}

export type Constant = string | number | boolean;

export type FactSource =
  | { eachRow: Record<string, string | { value: Constant }>; order: string[] }
  | { latest: string; by: string }
  | { person: 'ids' | 'names' | 'birthDate' | 'sex' }
  | { value: Constant };

/** A row's values in their one form: text, days and codes as text, decimals as text, whole numbers, booleans, null for nothing. */
export type RowValues = Record<string, string | number | boolean | null>;

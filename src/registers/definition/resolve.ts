import { Failure } from '../../storage/index.ts';
import type {
  Column,
  ColumnType,
  Constant,
  FactSource,
  FileFormat,
  PersonColumns,
  Register,
  RepresentsColumns,
  RowCheck,
} from './register.ts';

/** One column as written, see `source.ts`. */
interface ColumnSource {
  header?: string;
  type: ColumnType;
  required?: boolean;
  pattern?: string;
  values?: string[] | Record<string, string | boolean>;
  min?: number | string;
  max?: number | string;
  maxLength?: number;
}

interface Parts {
  file?: Partial<FileFormat>;
  columns: Record<string, ColumnSource>;
  key: string[];
  /** One of the two says whose rows they are. */
  person?: Omit<PersonColumns, 'ids'> & { ids?: PersonColumns['ids'] };
  organisation?: Pick<PersonColumns, 'localId'> & { name?: string; ids?: PersonColumns['ids'] };
  represents?: RepresentsColumns;
  checks?: RowCheck[];
  serves?: Record<string, Record<string, FactWritten>>;
}

type FactWritten =
  | Exclude<FactSource, { eachRow: unknown }>
  | { eachRow: Record<string, string | { value: Constant }>; order?: string[] };

/** A whole definition as written, after the check of its shape. */
export interface Written extends Parts {
  register: string;
  owner: string;
  states: string[];
  residents?: boolean;
  national?: Record<string, Partial<Omit<Parts, 'columns'>> & { columns?: Record<string, Partial<ColumnSource>> }>;
}

const LONGEST_TEXT = 200;
const BOOLEANS = { true: true, false: false, '1': true, '0': false };

/**
 * What a definition says for one state: the common part, what `national` changes (columns and file format one by one, everything else
 * whole), and `{state}` filled in.
 * @throws Failure REGISTERS_DEFINITION_WRONG
 */
export function resolve(written: Written, state: string, file: string): Register {
  const wrong = (path: string, reason: string) =>
    new Failure('REGISTERS_DEFINITION_WRONG', { file, path: `${state}:${path}`, reason });
  const { columns: nationalColumns = {}, file: nationalFile, ...national } = written.national?.[state] ?? {};
  const parts = fillIn({ ...written, ...national }, state);
  const columns = { ...parts.columns };
  for (const [name, change] of Object.entries(fillIn(nationalColumns, state))) {
    columns[name] = { ...columns[name], ...change } as ColumnSource;
  }
  const { person, organisation } = parts;
  if ((person === undefined) === (organisation === undefined)) throw wrong('person', 'either person or organisation');
  const register: Register = {
    id: fillIn(written.register, state),
    owner: parts.owner,
    state,
    residents: written.residents ?? false,
    file: {
      delimiter: ',',
      encoding: 'utf-8',
      dates: 'Y-M-D',
      decimal: '.',
      missing: [],
      ...written.file,
      ...nationalFile,
    },
    columns: Object.entries(columns).map(([name, column]) => resolveColumn(name, column, wrong)),
    key: parts.key,
    holds: person === undefined ? 'organisations' : 'persons',
    person: {
      localId: person?.localId ?? organisation?.localId ?? '',
      names: [],
      ...person,
      ids: (person ?? organisation)?.ids ?? [],
    },
    ...(organisation?.name === undefined ? {} : { organisationName: organisation.name }),
    ...(parts.represents === undefined ? {} : { represents: parts.represents }),
    checks: parts.checks ?? [],
    serves: resolveFacts(parts.serves ?? {}),
  };
  checkReferences(register, wrong);
  return register;
}

function resolveColumn(name: string, source: ColumnSource, wrong: (path: string, reason: string) => Failure): Column {
  const at = `columns.${name}`;
  if (source.type === undefined) throw wrong(at, 'it has no type');
  const values = source.values ?? (source.type === 'boolean' ? BOOLEANS : {});
  const entries: [string, string | boolean][] = Array.isArray(values)
    ? values.map((value) => [value, value])
    : Object.entries(values);
  if (source.type === 'code' && entries.length === 0) throw wrong(at, 'a code needs its values');
  return {
    name,
    header: source.header ?? name,
    type: source.type,
    required: source.required ?? false,
    values: new Map(entries),
    maxLength: source.maxLength ?? LONGEST_TEXT,
    ...(source.pattern === undefined
      ? {}
      : { pattern: compile(source.pattern, () => wrong(`${at}.pattern`, 'no regular expression')) }),
    ...(source.min === undefined ? {} : { min: String(source.min) }),
    ...(source.max === undefined ? {} : { max: String(source.max) }),
  };
}

function compile(pattern: string, wrong: () => Failure): RegExp {
  try {
    return new RegExp(`^(?:${pattern})$`, 'u');
  } catch {
    throw wrong();
  }
}

function resolveFacts(written: NonNullable<Parts['serves']>): Register['serves'] {
  const resolveOne = (fact: FactWritten): FactSource =>
    'eachRow' in fact ? { ...fact, order: fact.order ?? [] } : fact;
  return Object.fromEntries(
    Object.entries(written).map(([type, facts]) => [
      type,
      Object.fromEntries(Object.entries(facts).map(([name, fact]) => [name, resolveOne(fact)])),
    ]),
  );
}

/** Every column that is spoken of exists; those that say which row and whose it is cannot be empty. */
function checkReferences(register: Register, wrong: (path: string, reason: string) => Failure): void {
  const columns = new Map(register.columns.map((column) => [column.name, column]));
  const known = (path: string, name: string | undefined) => {
    if (name !== undefined && !columns.has(name)) throw wrong(path, `there is no column ${name}`);
  };
  const { person } = register;
  for (const name of register.key) {
    known('key', name);
    if (!columns.get(name)?.required) throw wrong('key', `the column ${name} must be required`);
  }
  known('person.localId', person.localId);
  if (!columns.get(person.localId)?.required) throw wrong('person.localId', 'the column must be required');
  if (register.holds === 'persons') {
    known('person.birthDate', person.birthDate);
    if (columns.get(person.birthDate ?? '')?.type !== 'date')
      throw wrong('person.birthDate', 'the column must be a date');
  }
  const { represents } = register;
  if (represents !== undefined) {
    if (register.holds !== 'persons') throw wrong('represents', 'only a person acts for somebody');
    for (const name of [represents.number, represents.name, represents.from, represents.to]) known('represents', name);
    for (const name of [represents.number, represents.name])
      if (!columns.get(name)?.required) throw wrong('represents', `the column ${name} must be required`);
  }
  const { organisationName } = register;
  known('organisation.name', organisationName);
  if (organisationName !== undefined && !columns.get(organisationName)?.required)
    throw wrong('organisation.name', 'the column must be required');
  known('person.sex', person.sex);
  for (const name of person.names.flatMap(({ family, given, from, to }) => [family, given, from, to]))
    known('person.names', name);
  for (const id of person.ids) {
    known('person.ids', id.column);
    known('person.ids', id.stateColumn);
    if ((id.state === undefined) === (id.stateColumn === undefined))
      throw wrong('person.ids', 'either a state or its column');
  }
  for (const check of register.checks) for (const name of [check.column, check.before]) known('checks', name);
  for (const [type, facts] of Object.entries(register.serves)) {
    for (const fact of Object.values(facts)) for (const name of columnsOf(fact)) known(`serves.${type}`, name);
  }
}

function columnsOf(fact: FactSource): string[] {
  if ('eachRow' in fact)
    return [...fact.order, ...Object.values(fact.eachRow).filter((value) => typeof value === 'string')];
  return 'latest' in fact ? [fact.latest, fact.by] : [];
}

function fillIn<T>(value: T, state: string): T {
  const fill = (text: string) => text.replaceAll('{state}', state).replaceAll('{STATE}', state.toUpperCase());
  if (typeof value === 'string') return fill(value) as T;
  if (Array.isArray(value)) return value.map((item) => fillIn(item, state)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [fill(key), fillIn(item, state)])) as T;
}

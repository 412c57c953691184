import { plainName } from './syntax/names.ts';
import {
  ANY,
  BOOLEAN,
  contextOf,
  DATE,
  DATE_TIME,
  DAYS_TIME,
  type FeelType,
  functionOf,
  listOf,
  NULL,
  NUMBER,
  rangeOf,
  STRING,
  TIME,
  YEARS_MONTHS,
} from './types.ts';

const NAMED: Readonly<Record<string, FeelType>> = Object.assign(Object.create(null), {
  any: ANY,
  Any: ANY,
  null: NULL,
  Null: NULL,
  number: NUMBER,
  string: STRING,
  boolean: BOOLEAN,
  date: DATE,
  time: TIME,
  'date and time': DATE_TIME,
  'days and time duration': DAYS_TIME,
  'years and months duration': YEARS_MONTHS,
  list: listOf(ANY),
  context: contextOf({}),
});

/**
 * A type as people and files write it: `list<context<from: date, months: number>>`; an enumeration as its values.
 *
 * @example typeText(listOf(NUMBER)) // 'list<number>'
 */
export function typeText(type: FeelType): string {
  switch (type.kind) {
    case 'any':
      return 'Any';
    case 'string':
      return type.values === undefined ? 'string' : type.values.map((value) => JSON.stringify(value)).join(' | ');
    case 'list':
      return `list<${typeText(type.item)}>`;
    case 'range':
      return `range<${typeText(type.of)}>`;
    case 'context': {
      const entries = Object.entries(type.entries).map(([name, of]) => `${name}: ${typeText(of)}`);
      return `context<${entries.join(', ')}>`;
    }
    case 'function':
      return `function<${type.parameters.map((parameter) => typeText(parameter.type)).join(', ')}> -> ${typeText(type.result)}`;
    case 'variable':
      return type.name;
    default:
      return type.kind;
  }
}

/**
 * Reads a type as DMN writes it (10.3.2.2). A bare `context` has no entries that one may read.
 *
 * @returns the first part that names no type, when there is one
 * @example parseType('list<context<from: date>>')
 */
export function parseType(
  text: string,
  variables: Readonly<Record<string, FeelType>> = {},
): FeelType | { unknown: string } {
  const reader = new TypeReader(text, variables);
  const type = reader.type();
  return reader.atEnd() && reader.unknown === undefined ? type : { unknown: reader.unknown ?? text.trim() };
}

const DEEPEST_TYPE = 50;

/** A reader has a position, hence a class. */
class TypeReader {
  unknown: string | undefined;
  private at = 0;
  private depth = 0;
  private readonly text: string;
  private readonly variables: Readonly<Record<string, FeelType>>;

  constructor(text: string, variables: Readonly<Record<string, FeelType>>) {
    this.text = text;
    this.variables = variables;
  }

  type(): FeelType {
    if (++this.depth > DEEPEST_TYPE) return this.fail(this.text.slice(0, 20));
    const word = plainName(this.word());
    if (!this.take('<')) return this.named(word);
    const type = this.generic(word);
    this.depth--;
    return type;
  }

  atEnd(): boolean {
    return this.text.slice(this.at).trim() === '';
  }

  private generic(word: string): FeelType {
    if (word === 'list') return this.closed(listOf(this.type()));
    if (word === 'range') return this.closed(rangeOf(this.type()));
    if (word === 'context') return this.context();
    if (word === 'function') return this.function();
    return this.fail(word);
  }

  private context(): FeelType {
    const entries: Record<string, FeelType> = Object.create(null);
    do {
      const name = plainName(this.word());
      if (name === '' || !this.take(':')) return this.fail(name);
      entries[name] = this.type();
    } while (this.unknown === undefined && this.take(','));
    return this.closed(contextOf(entries));
  }

  private function(): FeelType {
    const parameters: { name: string; type: FeelType }[] = [];
    while (this.unknown === undefined && !this.take('>')) {
      if (parameters.length > 0 && !this.take(',')) return this.fail('function');
      parameters.push({ name: `p${parameters.length + 1}`, type: this.type() });
    }
    return this.take('->') ? functionOf(parameters, this.type()) : this.fail('function');
  }

  private named(word: string): FeelType {
    this.depth--;
    return NAMED[word] ?? (Object.hasOwn(this.variables, word) ? this.variables[word] : undefined) ?? this.fail(word);
  }

  private closed(type: FeelType): FeelType {
    return this.take('>') ? type : this.fail(this.text.slice(this.at, this.at + 20));
  }

  private word(): string {
    const start = this.at;
    while (this.at < this.text.length && !/[<>:,]/.test(this.text.charAt(this.at))) {
      if (this.text.startsWith('->', this.at)) break;
      this.at++;
    }
    return this.text.slice(start, this.at);
  }

  private take(sign: string): boolean {
    const rest = /^\s*/.exec(this.text.slice(this.at))?.[0].length ?? 0;
    if (!this.text.startsWith(sign, this.at + rest)) return false;
    this.at += rest + sign.length;
    return true;
  }

  private fail(what: string): FeelType {
    this.unknown ??= what.trim();
    return ANY;
  }
}

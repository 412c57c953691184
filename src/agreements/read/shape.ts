import type { Static, TSchema } from 'typebox';
import { Errors } from 'typebox/schema';
import { Settings } from 'typebox/system';
import type { Json } from '../../storage/index.ts';
import type { Findings } from '../findings.ts';
import type { Read } from './draft.ts';
import type { Path, Source } from './yaml.ts';

/** The part of a JSON Schema that findings are worded from. */
interface Shape {
  type?: string;
  description?: string;
  properties?: Record<string, Shape>;
  patternProperties?: Record<string, Shape>;
  items?: Shape;
}

const TYPE_WORDS: Record<string, string> = {
  object: 'a group of keys',
  array: 'a list',
  string: 'a text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
};

/**
 * Holds a file against the schema of its kind. The schema is interpreted, never turned into code.
 * Findings: AGREEMENT_UNKNOWN_KEY, AGREEMENT_MISSING_KEY, AGREEMENT_WRONG_TYPE, AGREEMENT_WRONG_VALUE.
 * @returns the file with its type, or undefined when anything is wrong
 */
export function shaped<T extends TSchema>(
  schema: T,
  source: Source | undefined,
  findings: Findings,
): Read<Static<T>> | undefined {
  if (source === undefined) return undefined;
  const [right, errors] = allErrors(schema, source.value);
  if (right) return { raw: source.value as Static<T>, source };
  const before = findings.count;
  for (const error of errors) {
    const path = pathOf(error.instancePath);
    const shape = shapeAt(schema as Shape, path);
    const expected = shape?.description ?? TYPE_WORDS[shape?.type ?? ''] ?? 'something else';
    switch (error.keyword) {
      case 'boolean':
        break;
      case 'additionalProperties':
        for (const key of error.params.additionalProperties) {
          findings.add('AGREEMENT_UNKNOWN_KEY', { key: shown(key) }, source.at([...path, key], true), hintFor(shape));
        }
        break;
      case 'required':
        for (const key of error.params.requiredProperties) {
          findings.add('AGREEMENT_MISSING_KEY', { key }, source.at(path));
        }
        break;
      case 'type':
        findings.add('AGREEMENT_WRONG_TYPE', { expected: TYPE_WORDS[shape?.type ?? ''] ?? expected }, source.at(path));
        break;
      default:
        findings.add('AGREEMENT_WRONG_VALUE', { reason: reasonOf(shape, error.message) }, source.at(path));
    }
  }
  // What was refused is never passed over in silence.
  if (findings.count === before)
    findings.add('AGREEMENT_WRONG_VALUE', { reason: 'it has another form' }, source.at([]));
  return undefined;
}

/** More than a file of the allowed size can have. */
const MOST_ERRORS = 200_000;

/** Every error: the library stops at the eighth unless it is told otherwise, and one of many unknown keys would then go unsaid. */
function allErrors(schema: TSchema, value: Json): ReturnType<typeof Errors> {
  const { maxErrors } = Settings.Get();
  Settings.Set({ maxErrors: MOST_ERRORS });
  try {
    return Errors(schema, value);
  } finally {
    Settings.Set({ maxErrors });
  }
}

function reasonOf(shape: Shape | undefined, message: string): string {
  return shape?.description === undefined ? `it ${message}` : `${shape.description} is wanted`;
}

function hintFor(shape: Shape | undefined): string | undefined {
  const known = Object.keys(shape?.properties ?? {});
  if (known.length > 0) return `Known here: ${known.join(', ')}.`;
  const pattern = Object.keys(shape?.patternProperties ?? {})[0];
  return pattern === undefined ? undefined : `A name here has the form ${pattern}`;
}

function shapeAt(schema: Shape, path: Path): Shape | undefined {
  let shape: Shape | undefined = schema;
  for (const part of path) {
    if (shape === undefined) return undefined;
    shape =
      typeof part === 'number'
        ? shape.items
        : (shape.properties?.[part] ?? Object.values(shape.patternProperties ?? {})[0]);
  }
  return shape;
}

/** A JSON pointer as a path; numbers are indexes of lists, since no key of an agreement begins with a digit but row names. */
function pathOf(pointer: string): (string | number)[] {
  if (pointer === '') return [];
  return pointer
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}

/** A key from a stranger, short enough for a line. */
function shown(key: string): string {
  return key.length > 60 ? `${key.slice(0, 60)}\u2026` : key;
}

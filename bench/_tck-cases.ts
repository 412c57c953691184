import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  childOf,
  childrenOf,
  type DmnModel,
  type FeelValue,
  parseDate,
  parseDateTime,
  parseDuration,
  parseNumber,
  parseTime,
  readModel,
  readXml,
  type XmlElement,
} from '../src/feel/index.ts';

/** A model of the public DMN TCK (https://github.com/dmn-tck/tck) and the results that its tests expect. */
export interface TckSuite {
  /** `0004-lending` */
  readonly name: string;
  readonly model: DmnModel;
  readonly imported: readonly DmnModel[];
  readonly cases: readonly TckCase[];
}

export interface TckCase {
  readonly id: string;
  /** The decision service that is called; undefined where decisions are asked for. */
  readonly service: string | undefined;
  /** By name, and by `namespace#name` where one is given. */
  readonly inputs: ReadonlyMap<string, FeelValue>;
  readonly results: readonly { readonly name: string; readonly expected: FeelValue }[];
}

export type TckLevel = 2 | 3;

/** Where the user says that the cases are: a checkout of dmn-tck/tck, or its folder TestCases. */
export function tckFolder(env: Readonly<Record<string, string | undefined>> = process.env): string | undefined {
  const given = env.DMN_TCK;
  if (given === undefined || given === '') return undefined;
  return [join(given, 'TestCases'), given].find((folder) => existsSync(join(folder, 'compliance-level-2')));
}

/** All suites of a level, in the order of their names. */
export function readSuites(folder: string, level: TckLevel): TckSuite[] {
  const home = join(folder, `compliance-level-${level}`);
  const names = readdirSync(home, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return names
    .map(({ name }) => name)
    .sort()
    .flatMap((name) => readSuite(join(home, name), name));
}

/** A folder may have several files of tests, each for a model. */
function readSuite(folder: string, name: string): TckSuite[] {
  const files = readdirSync(folder).sort();
  const models = new Map(
    files
      .filter((file) => file.endsWith('.dmn'))
      .map((file) => [file, readModel(readFileSync(join(folder, file), 'utf8'))]),
  );
  return files
    .filter((file) => /-test-\d+\.xml$/.test(file))
    .map((file) => {
      const root = readXml(readFileSync(join(folder, file), 'utf8'));
      const wanted = childOf(root, 'modelName')?.text.trim() ?? '';
      const [model = [...models.values()][0], ...rest] = [models.get(wanted)];
      if (model === undefined || rest.length > 0) throw new Error(`${folder} has no model ${wanted}`);
      const imported = [...models.values()].filter((other) => other !== model);
      return { name, model, imported, cases: childrenOf(root, 'testCase').map(readCase) };
    });
}

function readCase(element: XmlElement): TckCase {
  const inputs = new Map<string, FeelValue>();
  for (const node of childrenOf(element, 'inputNode')) {
    const { name = '', namespace } = node.attributes;
    inputs.set(namespace === undefined ? name : `${namespace}#${name}`, readValue(node));
  }
  return {
    id: element.attributes.id ?? '',
    service: element.attributes.type === 'decisionService' ? element.attributes.invocableName : undefined,
    inputs,
    results: childrenOf(element, 'resultNode').map((node) => {
      const expected = childOf(node, 'expected');
      return { name: node.attributes.name ?? '', expected: expected === undefined ? null : readValue(expected) };
    }),
  };
}

/** A value as the TCK writes it: a list, a context by its components, or a simple value with its type of XML Schema. */
function readValue(element: XmlElement): FeelValue {
  const list = childOf(element, 'list');
  if (list !== undefined) return list.attributes['xsi:nil'] === 'true' ? null : childrenOf(list, 'item').map(readValue);
  const components = childrenOf(element, 'component');
  if (components.length > 0) {
    return new Map(components.map((component) => [component.attributes.name ?? '', readValue(component)]));
  }
  const value = childOf(element, 'value');
  return value === undefined || value.attributes['xsi:nil'] === 'true' ? null : readSimple(value);
}

function readSimple({ text, attributes }: XmlElement): FeelValue {
  switch (attributes['xsi:type']?.replace(/^\w+:/, '')) {
    case 'boolean':
      return text.trim() === 'true';
    case 'decimal':
    case 'double':
      return parseNumber(text.trim());
    case 'date':
      return parseDate(text.trim());
    case 'time':
      return parseTime(text.trim());
    case 'dateTime':
      return parseDateTime(text.trim());
    case 'duration':
      return parseDuration(text.trim());
    default:
      return text;
  }
}

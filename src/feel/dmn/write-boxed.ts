import type { HitPolicy } from '../tables/table.ts';
import type { Boxed, BoxedEntry, BoxedFunction, BoxedTable } from './model.ts';

/** An element as lines of text, each indented under its parent. */
export interface Written {
  readonly lines: readonly string[];
}

type Attributes = Readonly<Record<string, string>>;

/**
 * An element with its children, or with a text.
 *
 * @example element('text', {}, 'a < b').lines // ['<text>a &lt; b</text>']
 */
export function element(tag: string, attributes: Attributes, ...inside: readonly (Written | string)[]): Written {
  const given = Object.entries(attributes).map(([name, value]) => ` ${name}="${escaped(value, true)}"`);
  const open = `<${tag}${given.join('')}`;
  const [only] = inside;
  if (only === undefined) return { lines: [`${open}/>`] };
  if (typeof only === 'string') return { lines: [`${open}>${escaped(only, false)}</${tag}>`] };
  const children = inside.flatMap((child) => (typeof child === 'string' ? [] : child.lines.map((line) => `  ${line}`)));
  return { lines: [`${open}>`, ...children, `</${tag}>`] };
}

const SIGNS: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** White space that some reader of XML would change is written by its number: returns, and in attributes line ends and tabs. */
const escaped = (text: string, attribute: boolean): string =>
  text.replace(
    attribute ? /[&<>"\t\n\r\u0085\u2028\u2029]/g : /[&<>\r\u0085\u2028\u2029]/g,
    (sign) => SIGNS[sign] ?? `&#${sign.charCodeAt(0)};`,
  );

export const attributesOf = (name: string | undefined, type: string | undefined): Attributes => ({
  ...(name === undefined ? {} : { name }),
  ...(type === undefined ? {} : { typeRef: type }),
});

const wrapped = (tag: string, boxed: Boxed | undefined): Written => element(tag, {}, ...boxedXml(boxed));

const textXml = (tag: string, text: string): Written => element(tag, {}, element('text', {}, text));

/** A boxed expression; nothing where there is none. */
export function boxedXml(boxed: Boxed | undefined): Written[] {
  if (boxed === undefined) return [];
  const type = attributesOf(undefined, boxed.type);
  const entries = (list: readonly BoxedEntry[], tag: string, variable: string): Written[] =>
    list.map(({ name, type: of, value }) => {
      const named = name === undefined && of === undefined ? [] : [element(variable, attributesOf(name, of))];
      return element(tag, {}, ...named, ...boxedXml(value));
    });
  switch (boxed.kind) {
    case 'literal':
      return [element('literalExpression', type, element('text', {}, boxed.text))];
    case 'table':
      return [tableXml(boxed)];
    case 'context':
      return [element('context', type, ...entries(boxed.entries, 'contextEntry', 'variable'))];
    case 'invocation':
      return [
        element('invocation', type, ...boxedXml(boxed.callee), ...entries(boxed.bindings, 'binding', 'parameter')),
      ];
    case 'function':
      return [functionXml('functionDefinition', boxed)];
    case 'relation': {
      const columns = boxed.columns.map((name) => element('column', { name }));
      return [
        element('relation', type, ...columns, ...boxed.rows.map((row) => element('row', {}, ...row.flatMap(boxedXml)))),
      ];
    }
    case 'list':
      return [element('list', type, ...boxed.items.flatMap(boxedXml))];
    case 'conditional':
      return [
        element(
          'conditional',
          type,
          wrapped('if', boxed.condition),
          wrapped('then', boxed.yes),
          wrapped('else', boxed.no),
        ),
      ];
    case 'filter':
      return [element('filter', type, wrapped('in', boxed.list), wrapped('match', boxed.match))];
    case 'iterator': {
      const body = wrapped(boxed.of === 'for' ? 'return' : 'satisfies', boxed.body);
      return [element(boxed.of, { ...type, iteratorVariable: boxed.variable }, wrapped('in', boxed.list), body)];
    }
  }
}

/** A function with its parameters, also as the logic of knowledge. */
export function functionXml(tag: string, { language, parameters, body }: BoxedFunction): Written {
  const formal = parameters.map(({ name, type }) => element('formalParameter', attributesOf(name, type)));
  return element(tag, language === 'FEEL' ? {} : { kind: language }, ...formal, ...boxedXml(body));
}

const POLICIES: Readonly<Record<HitPolicy, Attributes>> = {
  U: { hitPolicy: 'UNIQUE' },
  A: { hitPolicy: 'ANY' },
  P: { hitPolicy: 'PRIORITY' },
  F: { hitPolicy: 'FIRST' },
  R: { hitPolicy: 'RULE ORDER' },
  O: { hitPolicy: 'OUTPUT ORDER' },
  C: { hitPolicy: 'COLLECT' },
  'C+': { hitPolicy: 'COLLECT', aggregation: 'SUM' },
  'C<': { hitPolicy: 'COLLECT', aggregation: 'MIN' },
  'C>': { hitPolicy: 'COLLECT', aggregation: 'MAX' },
  'C#': { hitPolicy: 'COLLECT', aggregation: 'COUNT' },
};

function tableXml({ hitPolicy, inputs, outputs, rules }: BoxedTable): Written {
  return element(
    'decisionTable',
    POLICIES[hitPolicy],
    ...inputs.map(({ expression, type, allowed }) =>
      element(
        'input',
        {},
        element('inputExpression', attributesOf(undefined, type), element('text', {}, expression)),
        ...(allowed === undefined ? [] : [textXml('inputValues', allowed)]),
      ),
    ),
    ...outputs.map(({ name, type, values, default: fallback }) =>
      element(
        'output',
        attributesOf(name, type),
        ...(values === undefined ? [] : [textXml('outputValues', values)]),
        ...(fallback === undefined ? [] : [textXml('defaultOutputEntry', fallback)]),
      ),
    ),
    ...(rules.some(({ note }) => note !== undefined) ? [element('annotation', { name: 'note' })] : []),
    ...rules.map(({ id, note, when, gives }) =>
      element(
        'rule',
        id === undefined ? {} : { id },
        ...when.map((test) => textXml('inputEntry', test)),
        ...gives.map((value) => textXml('outputEntry', value)),
        ...(note === undefined ? [] : [textXml('annotationEntry', note)]),
      ),
    ),
  );
}

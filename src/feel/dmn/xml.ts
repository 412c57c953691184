import { DOMParser, type Element as DomElement } from '@xmldom/xmldom';
import { Failure } from '../../storage/index.ts';

/** An element of an XML file, with its place. Names are without their prefixes: a file of DMN uses one vocabulary for what counts. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** The text directly inside it. */
  readonly text: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
}

/** Characters that one file may have: a model of a thousand tables has fewer. */
const LONGEST_FILE = 10_000_000;
/** Elements inside each other: keeps every later walk within the stack. */
const DEEPEST_ELEMENT = 200;

/**
 * Reads an XML file. A document type, which could define entities that grow or reach outside, is refused.
 *
 * @throws Failure DMN_FILE_TOO_LARGE, DMN_XML
 * @example readXml('<a b="1">text</a>').attributes.b // '1'
 */
export function readXml(source: string): XmlElement {
  if (source.length > LONGEST_FILE) throw new Failure('DMN_FILE_TOO_LARGE', { most: LONGEST_FILE });
  if (/<!(?:DOCTYPE|ENTITY)/i.test(source)) throw new Failure('DMN_XML', { reason: 'a document type is not allowed' });
  let failed: string | undefined;
  const onError = (_level: string, message: string): void => {
    // A sign of replacement may be what was meant; every other warning is of a file that is no XML.
    if (!message.includes('replacement character')) failed ??= message;
  };
  const parser = new DOMParser({ onError });
  let root: DomElement | null = null;
  try {
    root = parser.parseFromString(source, 'text/xml').documentElement;
  } catch (error) {
    failed ??= error instanceof Error ? error.message : 'it cannot be read';
  }
  if (failed !== undefined || root === null) throw new Failure('DMN_XML', { reason: reasonOf(failed) });
  return read(root, 0);
}

/** The first line of what the parser says, short enough for a message. */
const reasonOf = (message = 'there is no element'): string => (message.split('\n')[0] ?? '').trim().slice(0, 200);

function read(element: DomElement, depth: number): XmlElement {
  if (depth > DEEPEST_ELEMENT) throw new Failure('DMN_XML', { reason: `more than ${DEEPEST_ELEMENT} elements deep` });
  const attributes: Record<string, string> = Object.create(null);
  for (const { name, value } of element.attributes) attributes[name] = value;
  const children: XmlElement[] = [];
  let text = '';
  for (let node = element.firstChild; node !== null; node = node.nextSibling) {
    if (node.nodeType === node.ELEMENT_NODE) children.push(read(node as DomElement, depth + 1));
    else if (node.nodeType === node.TEXT_NODE || node.nodeType === node.CDATA_SECTION_NODE) text += node.nodeValue;
  }
  const { localName, nodeName, lineNumber = 1, columnNumber = 1 } = element;
  return { name: localName ?? nodeName, attributes, children, text, line: lineNumber, column: columnNumber };
}

/** The first child of a name. */
export const childOf = (element: XmlElement | undefined, name: string): XmlElement | undefined =>
  element?.children.find((child) => child.name === name);

/** All children of a name. */
export const childrenOf = (element: XmlElement, name: string): XmlElement[] =>
  element.children.filter((child) => child.name === name);

/** The text of a child, without the white space around it; undefined where there is no such child. */
export const textOf = (element: XmlElement | undefined, name: string): string | undefined =>
  childOf(element, name)?.text.trim();

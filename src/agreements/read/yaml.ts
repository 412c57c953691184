import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, type ParsedNode, parseDocument } from 'yaml';
import type { Json } from '../../storage/index.ts';
import type { Findings } from '../findings.ts';
import { LIMITS } from '../limits.ts';
import type { Position } from '../types.ts';
import { nestingOf } from './nesting.ts';
import { printable } from './printable.ts';

/** A path inside a file: keys and indexes. */
export type Path = readonly (string | number)[];

/** A file as JSON, with the place of everything in it. */
export interface Source {
  file: string;
  value: Json;
  /** Where the value stands; its key when `key` is true; the nearest thing around it when it is not there. */
  at(path: Path, key?: boolean): Position;
  /** Where a character of a text stands: line and column are those inside the text, from 1. */
  inside(path: Path, line: number, column: number): Position;
}

interface Place {
  value: number;
  key: number;
  /** How the text is written: `|` and `>` begin on the next line and are indented. */
  block: boolean;
  quoted: boolean;
}

/**
 * Reads one YAML 1.2 file (core schema: a date stays a text) as plain JSON. Refuses what data does not need and an attacker
 * does: anchors and aliases, tags, deep nesting, control characters, keys that are not texts.
 */
export function readYaml(file: string, bytes: Uint8Array, findings: Findings): Source | undefined {
  const start = { file, line: 1, column: 1 };
  const text = decode(bytes);
  if (text === undefined) {
    findings.add('AGREEMENT_ENCODING', { path: file }, start);
    return undefined;
  }
  if (!printable(file, text, findings)) return undefined;
  if (nestingOf(text) > LIMITS.depth * 2) {
    findings.add('AGREEMENT_YAML_DEPTH', { limit: LIMITS.depth }, start);
    return undefined;
  }
  const lines = new LineCounter();
  // Duplicate keys are looked for below: the parser's own search takes the square of the number of keys.
  const parsed = parseDocument<ParsedNode>(text, {
    lineCounter: lines,
    schema: 'core',
    uniqueKeys: false,
    strict: true,
    prettyErrors: false,
  });
  const position = (offset: number): Position => {
    const { line, col } = lines.linePos(Math.min(offset, text.length));
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  for (const error of parsed.errors.slice(0, 20)) {
    findings.add('AGREEMENT_YAML_SYNTAX', { reason: plain(error.message) }, position(error.pos[0]));
  }
  if (parsed.errors.length > 0) return undefined;

  const places = new Map<string, Place>();
  const before = findings.count;
  const value = toJson(parsed.contents, { findings, position, places, text });
  if (findings.count > before) return undefined;
  return { file, value, ...locate(file, text, places, position) };
}

interface Walk {
  findings: Findings;
  position(offset: number): Position;
  places: Map<string, Place>;
  text: string;
}

function toJson(root: ParsedNode | null, walk: Walk): Json {
  const { findings, position, places } = walk;

  const visit = (node: Node | null, path: string, key: number, depth: number): Json => {
    const offset = node?.range?.[0] ?? key;
    const at = position(offset);
    const type = isScalar(node) ? node.type : undefined;
    places.set(path, {
      value: offset,
      key,
      block: type === 'BLOCK_LITERAL' || type === 'BLOCK_FOLDED',
      quoted: type === 'QUOTE_DOUBLE' || type === 'QUOTE_SINGLE',
    });
    if (node === null) return null;
    if (depth > LIMITS.depth) {
      findings.add('AGREEMENT_YAML_DEPTH', { limit: LIMITS.depth }, at);
      return null;
    }
    if (isAlias(node) || ('anchor' in node && node.anchor !== undefined)) {
      findings.add('AGREEMENT_YAML_ALIAS', {}, at);
      return null;
    }
    if (node.tag !== undefined) {
      findings.add('AGREEMENT_YAML_TAG', {}, at);
      return null;
    }
    if (isSeq<Node | null>(node)) {
      return node.items.map((item, index) => visit(item, `${path}/${index}`, item?.range?.[0] ?? offset, depth + 1));
    }
    if (isMap<Node | null, Node | null>(node)) {
      const object: { [key: string]: Json } = {};
      for (const pair of node.items) {
        const keyAt = pair.key?.range?.[0] ?? offset;
        const name = isScalar(pair.key) && typeof pair.key.value === 'string' ? pair.key.value : undefined;
        if (
          name === undefined ||
          name === '__proto__' ||
          (isScalar(pair.key) && (pair.key.anchor ?? pair.key.tag) !== undefined)
        ) {
          findings.add('AGREEMENT_YAML_KEY', {}, position(keyAt));
        } else if (Object.hasOwn(object, name)) {
          findings.add('AGREEMENT_YAML_DUPLICATE_KEY', { key: name }, position(keyAt));
        } else {
          object[name] = visit(pair.value, `${path}/${name}`, keyAt, depth + 1);
        }
      }
      return object;
    }
    return isScalar(node) ? scalar(node.value, at, findings) : null;
  };

  return visit(root, '', 0, 0);
}

function scalar(value: unknown, at: Position, findings: Findings): Json {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  const wrong = (reason: string): null => {
    findings.add('AGREEMENT_WRONG_VALUE', { reason }, at);
    return null;
  };
  if (typeof value !== 'number' || !Number.isFinite(value)) return wrong('a number must be finite');
  // What was written would silently become another number.
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) return wrong('a whole number has at most 15 digits');
  return value === 0 ? 0 : value;
}

function locate(
  file: string,
  text: string,
  places: Map<string, Place>,
  position: (offset: number) => Position,
): Pick<Source, 'at' | 'inside'> {
  const find = (path: Path): Place | undefined => {
    for (let length = path.length; length >= 0; length--) {
      const place = places.get(
        path
          .slice(0, length)
          .map((part) => `/${part}`)
          .join(''),
      );
      if (place !== undefined) return place;
    }
    return undefined;
  };
  return {
    at(path, key = false) {
      const place = find(path);
      if (place === undefined) return { file, line: 1, column: 1 };
      const [named, value] = [position(place.key), position(place.value)];
      // What begins on a line below its key is found by the key.
      return key || value.line > named.line ? named : value;
    },
    inside(path, line, column) {
      const place = find(path);
      if (place === undefined) return { file, line: 1, column: 1 };
      const start = position(place.value);
      if (!place.block)
        return line === 1 ? { ...start, column: start.column + column - 1 + (place.quoted ? 1 : 0) } : start;
      const first = text.indexOf('\n', place.value) + 1;
      const indent = /^ */.exec(text.slice(first))?.[0].length ?? 0;
      return { file, line: start.line + line, column: indent + column };
    },
  };
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** The parser's words, on one line. */
function plain(message: string): string {
  return message.replace(/\s+/g, ' ').slice(0, 200);
}

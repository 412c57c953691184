import { Failure, type Json } from '../../storage/index.ts';

/** What a JSON text is made of, as far as names of members matter. */
const PIECE = /"(?:[^"\\]|\\.)*"|[{}[\],:]/gs;

/**
 * Reads JSON from somebody else's bytes without the freedom that lets two readers see two things: valid UTF-8 without a byte
 * order mark, no member named twice (RFC 8259 section 4 leaves open which one counts), no `__proto__`, no lone surrogate.
 * @throws Failure DOCUMENTS_TOKEN_JSON
 * @example parseStrictJson(Buffer.from('{"a":1,"a":2}')) // DOCUMENTS_TOKEN_JSON
 */
export function parseStrictJson(bytes: Uint8Array): Json {
  let text: string;
  let value: Json;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    value = JSON.parse(text) as Json;
  } catch {
    throw refused('it cannot be read');
  }
  refuseRepeatedNames(text);
  return value;
}

/** The same, for texts that must be an object. @throws Failure DOCUMENTS_TOKEN_JSON */
export function parseStrictObject(bytes: Uint8Array): Record<string, Json> {
  const value = parseStrictJson(bytes);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw refused('it is not an object');
  return value;
}

function refuseRepeatedNames(text: string): void {
  const open: (Set<string> | undefined)[] = [];
  let last: string | undefined;
  for (const [piece] of text.matchAll(PIECE)) {
    if (piece === '{') open.push(new Set());
    else if (piece === '[') open.push(undefined);
    else if (piece === '}' || piece === ']') open.pop();
    else if (piece === ':') addName(open.at(-1), last);
    last = piece.startsWith('"') ? (JSON.parse(piece) as string) : undefined;
    if (last !== undefined && !last.isWellFormed()) throw refused('a text has a lone surrogate');
  }
}

function addName(names: Set<string> | undefined, name: string | undefined): void {
  if (name === undefined || names === undefined) throw refused('it cannot be read');
  if (name === '__proto__') throw refused('a member has a forbidden name');
  if (names.has(name)) throw refused('a member is named twice');
  names.add(name);
}

const refused = (reason: string): Failure => new Failure('DOCUMENTS_TOKEN_JSON', { reason });

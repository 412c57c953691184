import type { SystemId } from '../../access/index.ts';
import { stateOfAgency } from '../../access/index.ts';
import { XRoadError } from './errors.ts';

/**
 * The identifiers of X-Road's message protocol over the names of a union: the instance is the code of the state in upper case, every agency
 * is of the member class `GOV`, the member code is the agency's id without its state, the subsystem is the agency's system.
 * `kz.population/register` is `KZ/GOV/population/register`.
 */
export const MEMBER_CLASS = 'GOV';

/** The node as a security server: `KZ/GOV/node/node`. */
export const serverOf = (state: string): string[] => [state.toUpperCase(), MEMBER_CLASS, 'node', 'node'];

export const instanceOf = (state: string): string => state.toUpperCase();

/** A client as it named itself; the subsystem may be missing. */
export interface ClientId {
  instance: string;
  memberClass: string;
  memberCode: string;
  subsystem?: string;
}

/** The parts of a system's identifier. */
export function partsOf({ agency, system }: SystemId): string[] {
  const state = stateOfAgency(agency);
  return [instanceOf(state), MEMBER_CLASS, agency.slice(state.length + 1), system];
}

/** The state that an instance is, byte by byte: `kz` is not the instance `KZ`. */
export function stateOf(instance: string): string | undefined {
  const state = instance.toLowerCase();
  return instance === state.toUpperCase() && /^[a-z][a-z0-9-]{0,31}$/.test(state) ? state : undefined;
}

/** The system that an identifier names by its form; whether there is one is another question. */
export function systemOf(parts: readonly string[]): SystemId | undefined {
  const [instance = '', memberClass = '', memberCode = '', system = ''] = parts;
  const state = stateOf(instance);
  if (state === undefined || memberClass !== MEMBER_CLASS || memberCode === '' || system === '') return undefined;
  return { agency: `${state}.${memberCode}`, system };
}

/** As error texts write it: `SERVICE:KZ/GOV/population/register/life-events`. */
export const spelled = (type: string, parts: readonly string[]): string => `${type}:${parts.join('/')}`;

/** An identifier for a header: each part percent-encoded with sub-delims, `:` and `@` left bare, space as %20, hex in upper case. */
export const encodedParts = (parts: readonly string[]): string => parts.map(encodePart).join('/');

function encodePart(part: string): string {
  let text = '';
  for (const byte of Buffer.from(part, 'utf8')) {
    const character = String.fromCharCode(byte);
    text += PCHAR.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return text;
}

const PCHAR = /^[A-Za-z0-9._~!$&'()*+,;=:@-]$/;
/** A part that nothing needs to be decoded in. */
const PLAIN = /^[A-Za-z0-9._~!$&'()*+,;=:@-]*$/;

/**
 * Decodes one part of a path or identifier, once. `+` is a plus.
 * @throws XRoadError bad_request with the text that tools know
 */
export function decodePart(raw: string, code = 'bad_request'): string {
  if (PLAIN.test(raw)) return raw;
  const bytes: number[] = [];
  for (let at = 0; at < raw.length; at++) {
    const character = raw[at] as string;
    if (character !== '%') {
      if (!PCHAR.test(character)) throw new XRoadError('client', code, 'Invalid character in path segment');
      bytes.push(character.charCodeAt(0));
      continue;
    }
    const hex = raw.slice(at + 1, at + 3);
    if (hex.length < 2) throw new XRoadError('client', code, 'Incomplete percent encoding');
    if (!/^[0-9A-Fa-f]{2}$/.test(hex)) throw new XRoadError('client', code, 'Invalid percent encoding');
    bytes.push(Number.parseInt(hex, 16));
    at += 2;
  }
  const decoded = Buffer.from(bytes);
  const text = decoded.toString('utf8');
  if (!Buffer.from(text, 'utf8').equals(decoded)) throw new XRoadError('client', code, 'Invalid percent encoding');
  return text;
}

/**
 * Reads the identifier of a client: three or four parts, none blank.
 * @throws XRoadError invalid_client_identifier
 */
export function parseClient(value: string): ClientId {
  const invalid = () => new XRoadError('client', 'invalid_client_identifier', 'Invalid Client Id');
  let parts: string[];
  try {
    parts = value.split('/').map((part) => decodePart(part));
  } catch {
    throw invalid();
  }
  if (parts.length < 3 || parts.length > 4 || parts.some((part) => part.trim() === '')) throw invalid();
  const [instance = '', memberClass = '', memberCode = '', subsystem] = parts;
  return { instance, memberClass, memberCode, ...(subsystem !== undefined && { subsystem }) };
}

/** The parts of a client's identifier. */
export const clientParts = ({ instance, memberClass, memberCode, subsystem }: ClientId): string[] => [
  instance,
  memberClass,
  memberCode,
  ...(subsystem === undefined ? [] : [subsystem]),
];

import { Failure } from '../../storage/index.ts';
import { ASSURANCES, type Assurance } from '../types.ts';

/** A state's existing eID, as its operator describes it to the node. */
export interface EidConfig {
  /** The issuer identifier of the OpenID provider: its metadata are found below it. */
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** The claim of the ID token that is her number in the population register. */
  numberClaim: string;
  /** What each `acr` of the provider is worth here. One that is not listed is worth nothing. */
  levels: Readonly<Record<string, Assurance>>;
}

const WORDS = ['issuer', 'clientId', 'clientSecret', 'numberClaim'] as const;

/**
 * Reads `eid.json` of a node's folder.
 * @throws Failure IDENTITY_EID_CONFIG naming what is wrong
 */
export function readEidConfig(text: string): EidConfig {
  const value = parse(text);
  for (const name of WORDS) {
    if (typeof value[name] !== 'string' || value[name] === '') throw wrong(`${name} is missing`);
  }
  const { issuer, levels } = value;
  if (!isSafe(String(issuer))) throw wrong('issuer is no https address');
  if (typeof levels !== 'object' || levels === null) throw wrong('levels are missing');
  const entries = Object.entries(levels);
  if (entries.length === 0) throw wrong('levels are missing');
  const bad = entries.find(([, level]) => !ASSURANCES.includes(level as Assurance));
  if (bad !== undefined) throw wrong(`the level of ${bad[0]} is none of ${ASSURANCES.join(', ')}`);
  return value as unknown as EidConfig;
}

/** Plain HTTP only within this machine. */
export function isSafe(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname } = new URL(address);
  return protocol === 'https:' || (protocol === 'http:' && (hostname === '127.0.0.1' || hostname === 'localhost'));
}

function parse(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // Told below, like any other text that is no description.
  }
  throw wrong('no JSON object');
}

const wrong = (reason: string): Failure => new Failure('IDENTITY_EID_CONFIG', { reason });

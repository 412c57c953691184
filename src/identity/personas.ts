import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { type Db, Failure, type PlainDate } from '../storage/index.ts';
import { storeAccounts } from './accounts.ts';
import { isRole } from './permissions.ts';
import type { Account, Grant } from './types.ts';

/** An invented person or officer of a demonstration. */
export interface Persona {
  id: string;
  state: string;
  kind: 'person' | 'officer';
  name: string;
  story: string;
  localId?: string;
  agency?: string;
  grants: Grant[];
  today?: PlainDate;
}

const TEXT_OF_ID = /^[a-z][a-z0-9-]{0,39}$/;

/**
 * The personas of a demonstration as one YAML list: every file of `seeds/personas`, one for each agreement or so, in the order of names.
 * @param root the checkout; no such folder is an empty list
 */
export function personaFiles(root: string): string {
  const folder = join(root, 'seeds', 'personas');
  if (!existsSync(folder)) return '[]';
  const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
  return files
    .sort()
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n');
}

/**
 * Reads the personas of `seeds/personas`: a list, or a map with a list `personas`, of
 * `{ id, state, kind: person|officer, localId|agency, roles, name, story, today }`. A role is a word (`examiner`: for every
 * service of the agency) or `{ role, service }`.
 *
 * @throws Failure IDENTITY_PERSONAS_INVALID naming the entry
 */
export function readPersonas(yaml: string): Persona[] {
  const whole: unknown = parse(yaml);
  const entries = isRecord(whole) ? whole.personas : whole;
  if (!Array.isArray(entries))
    throw new Failure('IDENTITY_PERSONAS_INVALID', { entry: 0, reason: 'no list of personas' });
  const personas = entries.map((entry: unknown, index) => readPersona(entry, index + 1));
  const twice = personas.findIndex(({ id }, index) => personas.findIndex((other) => other.id === id) !== index);
  if (twice !== -1) throw new Failure('IDENTITY_PERSONAS_INVALID', { entry: twice + 1, reason: 'the id stands twice' });
  return personas;
}

function readPersona(entry: unknown, number: number): Persona {
  const wrong = (reason: string): Failure => new Failure('IDENTITY_PERSONAS_INVALID', { entry: number, reason });
  if (!isRecord(entry)) throw wrong('not a map');
  const word = (name: string): string => {
    const value = entry[name];
    if (typeof value !== 'string' || value.trim() === '') throw wrong(`${name} is missing`);
    return value.trim();
  };
  const id = word('id');
  const kind = word('kind');
  const state = word('state');
  if (!TEXT_OF_ID.test(id)) throw wrong('the id is not a short lower-case word');
  if (kind !== 'person' && kind !== 'officer') throw wrong('kind is neither person nor officer');
  const { today } = entry;
  if (today !== undefined && !/^\d{4}-\d{2}-\d{2}$/.test(String(today))) throw wrong('today is not a date');
  const base = { id, kind, state, name: word('name'), story: word('story'), grants: [] as Grant[] };
  const day = today === undefined ? {} : { today: String(today) };
  if (kind === 'person') return { ...base, ...day, kind, localId: word('localId') };
  const agency = word('agency');
  return { ...base, ...day, kind, agency, grants: readGrants(entry.roles, agency, wrong) };
}

function readGrants(roles: unknown, agency: string, wrong: (reason: string) => Failure): Grant[] {
  if (!Array.isArray(roles) || roles.length === 0) throw wrong('an officer needs roles');
  return roles.map((entry: unknown) => {
    const { role, service = '*' } = isRecord(entry) ? entry : { role: entry };
    if (typeof role !== 'string' || !isRole(role)) throw wrong(`no role ${String(role)}`);
    if (typeof service !== 'string') throw wrong('service is not a word');
    return { agency, role, service };
  });
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Writes personas as accounts; doing it at every start changes nothing. */
export async function storePersonas(db: Db, personas: readonly Persona[]): Promise<void> {
  await storeAccounts(db, personas.map(accountOf));
}

function accountOf(persona: Persona): Account {
  const { id, state, name, grants } = persona;
  const today = persona.today === undefined ? {} : { today: persona.today };
  if (persona.kind === 'officer')
    return { kind: 'officer', id, state, name, agency: persona.agency ?? '', grants, ...today };
  return { kind: 'person', id, state, name, localId: persona.localId ?? '', ...today };
}

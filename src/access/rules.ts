import type { AccessContext } from './context.ts';
import { type Grant, grantOf } from './grants.ts';
import { serviceName, systemName } from './names.ts';
import { type PathPattern, pathPattern } from './pattern.ts';
import type { Service } from './services.ts';
import type { System } from './systems.ts';

/** What is configured, as of one version. */
export interface Rules {
  /** By `systemName`. */
  systems: ReadonlyMap<string, System>;
  /** By `serviceName`. */
  services: ReadonlyMap<string, Service>;
  /** By `serviceName`; those in force or to end by their time. */
  grants: ReadonlyMap<string, readonly CompiledGrant[]>;
  /** Names of members by the group's name. */
  groups: ReadonlyMap<string, ReadonlySet<string>>;
}

export interface CompiledGrant extends Grant {
  pattern: PathPattern;
}

interface Remembered {
  version: number;
  rules: Rules;
  /** When the look began that found them in force. */
  at: number;
}

/** Of each store of this process: what was read last, and the look at the version that is under way or about to begin. */
const remembered = new WeakMap<object, Remembered>();
const looking = new WeakMap<object, { begun: number; done: Promise<Rules> }>();

/** Of a look that waits for the one before it. */
const LATER = Number.POSITIVE_INFINITY;

/**
 * The rules in force. Another process may have changed them a moment ago, so the version is looked at anew, once for all that ask while the
 * look before is under way; the rules themselves are read only when it differs. A revoked grant is thus refused by whoever asks after
 * the revocation has committed.
 * @param since by `performance.now()`: a look that began no earlier will do; default now
 */
export function currentRules({ db }: Pick<AccessContext, 'db'>, since = performance.now()): Promise<Rules> {
  const known = remembered.get(db);
  if (known !== undefined && known.at >= since) return Promise.resolve(known.rules);
  const waiting = looking.get(db);
  if (waiting !== undefined && waiting.begun >= since) return waiting.done;
  const before = waiting?.done.catch(() => undefined) ?? Promise.resolve();
  const look = { begun: LATER, done: Promise.resolve(undefined as unknown as Rules) };
  look.done = before.then(() => {
    look.begun = performance.now();
    return readRules(db, look.begun);
  });
  looking.set(db, look);
  return look.done;
}

async function readRules(db: AccessContext['db'], at: number): Promise<Rules> {
  const known = remembered.get(db);
  const [row] = await db.query<{ version: number }>('select version from access_version where id = 1', []);
  const version = Number(row?.version ?? 0);
  // The version was read before the rows: what changes in between is read twice rather than missed.
  const rules = known?.version === version ? known.rules : await loadRules(db);
  remembered.set(db, { version, rules, at });
  return rules;
}

async function loadRules(db: AccessContext['db']): Promise<Rules> {
  const [systems, services, grants, members] = await Promise.all([
    db.query<System>(
      `select agency, code as system, connection, certificates, addresses, dialect, strict, administrator
       from access_system where removed_at is null`,
    ),
    db.query<Service>(
      'select agency, system, code as service, kind, url, endpoints, disabled, persons from access_service order by code',
    ),
    db.query<Parameters<typeof grantOf>[0]>(
      'select * from access_grant where revoked_at is null order by granted_at, id',
    ),
    db.query<{ name: string; member: string }>('select name, member from access_group_member'),
  ]);
  const byService = new Map<string, CompiledGrant[]>();
  for (const row of grants) {
    const grant = { ...grantOf(row), pattern: pathPattern(row.path) };
    const key = serviceName(grant);
    byService.set(key, [...(byService.get(key) ?? []), grant]);
  }
  const groups = new Map<string, Set<string>>();
  for (const { name, member } of members) groups.set(name, (groups.get(name) ?? new Set()).add(member));
  return {
    systems: new Map(systems.map((system) => [systemName(system), system])),
    services: new Map(services.map((service) => [serviceName(service), service])),
    grants: byService,
    groups,
  };
}

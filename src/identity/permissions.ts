import { Failure } from '../storage/index.ts';
import roles from './roles.json' with { type: 'json' };
import type { Session } from './types.ts';

/** What an officer can be allowed to do. A new verb is a line here and in `roles.json`. */
export type OfficerVerb =
  | 'case.list'
  | 'case.read'
  | 'case.confirm'
  | 'case.return'
  | 'case.refuse'
  | 'case.correct'
  | 'case.move'
  | 'case.assign'
  | 'register.read'
  | 'register.correct'
  | 'node.read'
  | 'node.act'
  | 'access.read'
  | 'agreement.read'
  | 'statistics.read'
  | 'people.read'
  | 'enrolment.begin'
  | 'enrolment.confirm';

/** Where he wants to do it. `service` is `agreement/service`; left out for work that belongs to no service. */
export interface Place {
  agency: string;
  service?: string;
}

const table: Readonly<Record<string, readonly string[]>> = roles;

/** Whether a word is a role that the platform knows. */
export function isRole(role: string): boolean {
  return Object.hasOwn(table, role);
}

/**
 * Whether a session may do something somewhere. Deny by default: a person, an officer of another agency, a role for
 * another service and an unknown role are all answered with false. Nobody may do everything.
 *
 * @example may(session, 'case.confirm', { agency: 'kz.pension-fund', service: 'pension/old-age' });
 */
export function may(session: Pick<Session, 'account'> | undefined, verb: OfficerVerb, place: Place): boolean {
  const account = session?.account;
  if (account?.kind !== 'officer' || account.agency !== place.agency) return false;
  return account.grants.some(
    (grant) =>
      grant.agency === place.agency &&
      (grant.service === '*' || grant.service === place.service) &&
      isRole(grant.role) &&
      table[grant.role]?.includes(verb) === true,
  );
}

/** For which services of an agency a session may do something: `*` for all of them, none where it may not. */
export function servicesFor(session: Session | undefined, verb: OfficerVerb, agency: string): '*' | string[] {
  const account = session?.account;
  if (account?.kind !== 'officer') return [];
  const services = account.grants.map(({ service }) => service);
  const allowed = services.filter((service) => may(session, verb, { agency, service }));
  return allowed.includes('*') ? '*' : [...new Set(allowed)];
}

/**
 * The same as a guard.
 * @throws Failure IDENTITY_NOT_PERMITTED
 */
export function must(session: Session | undefined, verb: OfficerVerb, place: Place): void {
  if (!may(session, verb, place)) throw new Failure('IDENTITY_NOT_PERMITTED', { verb, agency: place.agency });
}

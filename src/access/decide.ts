import { Failure } from '../storage/index.ts';
import type { AccessContext } from './context.ts';
import { type DenialReason, recordDenial } from './denials.ts';
import type { Grant } from './grants.ts';
import { type ServiceId, type SystemId, serviceName, stateOfAgency, systemName } from './names.ts';
import type { Endpoint } from './openapi.ts';
import { canonicalPath } from './path.ts';
import { type PathPattern, pathPattern as patternNow } from './pattern.ts';
import { takeCall } from './quota.ts';
import { type CompiledGrant, currentRules, type Rules } from './rules.ts';
import type { Service } from './services.ts';

/** What somebody wants to call. */
export interface Wanted {
  /** Proven by the connection to its node, and by that node's signature. */
  caller: SystemId;
  service: ServiceId;
  /** Upper case. */
  method: string;
  /** As it was written, after the service code and without the query. */
  rawPath: string;
  /** How the call is signed: with others, or alone. */
  mode?: Grant['mode'];
  /** When it came, by `performance.now()`: what was revoked before that is refused. Default: now. */
  since?: number | undefined;
}

/** The word that a call may go, and what it rests on. */
export interface Allowed {
  service: Service;
  grant: Grant;
  /** To be forwarded exactly so. */
  path: string;
}

/**
 * Decides on a call: deny by default. The path is brought into its one form, and that form is decided on and returned. Of several
 * grants that fit, the first with something left in its quota counts.
 *
 * A caller without any grant at a system is not told which services it has: what does not exist is refused like what is not granted.
 *
 * @throws Failure ACCESS_PATH, ACCESS_MODE, ACCESS_DENIED, ACCESS_QUOTA (both with the id of the record that explains it), ACCESS_SERVICE_UNKNOWN,
 *   ACCESS_SERVICE_DISABLED, ACCESS_SERVICE_UNDESCRIBED where nobody has said whether its calls concern persons
 * @example const { service, path } = await decide(ctx, { caller, service, method: 'GET', rawPath: '/persons/7' });
 */
export async function decide(ctx: AccessContext, wanted: Wanted): Promise<Allowed> {
  const path = canonicalPath(wanted.rawPath);
  const rules = await currentRules(ctx, wanted.since);
  const name = serviceName(wanted.service);
  const service = rules.services.get(name);
  if (service === undefined) {
    if (knowsSystem(ctx, rules, wanted)) throw new Failure('ACCESS_SERVICE_UNKNOWN', { service: name });
    throw await denied(ctx, wanted, 'no-grant', false);
  }
  const own = (rules.grants.get(name) ?? []).filter((grant) => isFor(rules, grant, wanted.caller));
  const fitting = own.filter((grant) => fits(grant, wanted.method, path));
  const inForce = fitting.filter((grant) => holds(ctx, grant, wanted.caller));
  if (inForce.length === 0) throw await denied(ctx, wanted, reasonOf(ctx, own, fitting));
  if (service.disabled !== null)
    throw new Failure('ACCESS_SERVICE_DISABLED', { service: name, notice: service.disabled });
  if (service.persons === null) throw new Failure('ACCESS_SERVICE_UNDESCRIBED', { service: name });
  if (!offers(service.endpoints, wanted.method, path)) throw await denied(ctx, wanted, 'no-endpoint');
  const signed = inForce.filter((grant) => grant.mode === 'batch' || wanted.mode === 'message');
  if (signed.length === 0) throw new Failure('ACCESS_MODE', { caller: systemName(wanted.caller), service: name });
  let until = 0;
  // Unlimited ones first: what is limited is kept for what only it allows.
  for (const grant of signed.sort((a, b) => Number(a.quota !== null) - Number(b.quota !== null))) {
    const ends = await takeCall(ctx, grant);
    if (ends === undefined) return { service, grant, path };
    until = Math.max(until, ends);
  }
  const denial = await recordDenial(ctx, wanted, 'quota', true);
  const params = { caller: systemName(wanted.caller), service: name, until: new Date(until).toISOString(), denial };
  throw new Failure('ACCESS_QUOTA', params);
}

/** The services of a system, and of each the endpoints that a caller may use now. Those without any are left out. */
export async function listAllowed(ctx: AccessContext, caller: SystemId, provider: SystemId): Promise<Service[]> {
  const rules = await currentRules(ctx);
  return servicesOf(rules, provider).flatMap((service) => {
    const grants = (rules.grants.get(serviceName(service)) ?? []).filter(
      (grant) => isFor(rules, grant, caller) && holds(ctx, grant, caller),
    );
    const endpoints = service.endpoints.flatMap((endpoint) => grants.flatMap((grant) => meet(grant, endpoint)));
    const unique = [...new Map(endpoints.map((one) => [`${one.method} ${one.path}`, one])).values()];
    return unique.length === 0 ? [] : [{ ...service, endpoints: unique }];
  });
}

/** All services of a system, for a caller that holds a grant at it; none for others. */
export async function listServices(ctx: AccessContext, caller: SystemId, provider: SystemId): Promise<Service[]> {
  const rules = await currentRules(ctx);
  const service = { ...provider, service: '' };
  return knowsSystem(ctx, rules, { caller, service }) ? servicesOf(rules, provider) : [];
}

const servicesOf = (rules: Rules, { agency, system }: SystemId): Service[] =>
  [...rules.services.values()].filter((service) => service.agency === agency && service.system === system);

/** Whether a caller holds any grant at a system. */
function knowsSystem(
  ctx: AccessContext,
  rules: Rules,
  { caller, service }: Pick<Wanted, 'caller' | 'service'>,
): boolean {
  return servicesOf(rules, service).some((one) =>
    (rules.grants.get(serviceName(one)) ?? []).some(
      (grant) => isFor(rules, grant, caller) && holds(ctx, grant, caller),
    ),
  );
}

function isFor(rules: Rules, { subject }: Grant, caller: SystemId): boolean {
  const system = systemName(caller);
  if (subject.kind === 'agency') return subject.name === caller.agency;
  if (subject.kind === 'system') return subject.name === system;
  const members = rules.groups.get(subject.name);
  return members !== undefined && (members.has(caller.agency) || members.has(system));
}

const fits = (grant: CompiledGrant, method: string, path: string): boolean =>
  (grant.method === '*' || grant.method === method) && grant.pattern.test(path);

/** Whether a grant counts at this moment: not expired, and the agreement it names ratified by both states today. */
function holds({ trust, clock }: AccessContext, { expires, purpose }: Grant, caller: SystemId): boolean {
  const now = clock.now();
  if (expires <= now) return false;
  if ('ground' in purpose) return true;
  const states = [trust.self, stateOfAgency(caller.agency)];
  return states.every((state) => trust.ratified(state, purpose.agreement, now.slice(0, 10)) !== undefined);
}

function offers(endpoints: readonly Endpoint[], method: string, path: string): boolean {
  return endpoints.some((one) => (one.method === '*' || one.method === method) && patternOf(one.path).test(path));
}

const patterns = new Map<string, PathPattern>();

function patternOf(path: string): PathPattern {
  const known = patterns.get(path);
  if (known !== undefined) return known;
  const made = patternNow(path);
  if (patterns.size > 10_000) patterns.clear();
  patterns.set(path, made);
  return made;
}

/** Where a grant and an endpoint meet: the narrower of the two. */
function meet(grant: CompiledGrant, endpoint: Endpoint): Endpoint[] {
  const method = grant.method === '*' ? endpoint.method : grant.method;
  if (endpoint.method !== '*' && method !== endpoint.method) return [];
  if (grant.pattern.test(endpoint.path)) return [{ method, path: endpoint.path }];
  return patternOf(endpoint.path).test(grant.path) ? [{ method, path: grant.path }] : [];
}

function reasonOf(ctx: AccessContext, own: readonly Grant[], fitting: readonly Grant[]): DenialReason {
  if (own.length === 0) return 'no-grant';
  if (fitting.length === 0) return 'other-endpoint';
  return fitting.some(({ expires }) => expires > ctx.clock.now()) ? 'not-ratified' : 'expired';
}

async function denied(ctx: AccessContext, wanted: Wanted, reason: DenialReason, isPublished = true): Promise<Failure> {
  const denial = await recordDenial(ctx, wanted, reason, isPublished);
  return new Failure('ACCESS_DENIED', {
    caller: systemName(wanted.caller),
    method: wanted.method,
    service: serviceName(wanted.service),
    owner: wanted.service.agency,
    denial,
  });
}

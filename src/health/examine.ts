import { isFailure } from '../storage/index.ts';
import type { HealthContext } from './context.ts';
import { type Finding, type Look, type Observation, type Severity, STEPS } from './finding.ts';
import { lookAtDatabase } from './look/database.ts';
import { lookAtLedger } from './look/ledger.ts';
import { lookAtPeers } from './look/peers.ts';
import { lookAtQueues } from './look/queues.ts';
import { lookAtTrust } from './look/trust.ts';

/** How a node stands. */
export interface Health {
  state: string;
  at: string;
  /** The worst of its findings. */
  status: 'pass' | 'warn' | 'fail';
  /** The worst first. */
  findings: Finding[];
  observations: Observation[];
}

const LOOKS = [lookAtLedger, lookAtTrust, lookAtPeers, lookAtQueues];
const ORDER: readonly Severity[] = ['fail', 'warn', 'info'];
/** A database that does not answer is a finding, and not a page that never comes. */
const PATIENCE_MS = 8_000;

/**
 * Looks at everything that an operator would have to look at, and says what to do next. Changes nothing.
 * @example const { findings } = await examine(ctx); findings.map((one) => nextStep(one, ctx.trust.self).command)
 */
export async function examine(ctx: HealthContext): Promise<Health> {
  const at = ctx.clock.now();
  const looks = await patiently(lookAtAll(ctx));
  const findings = (looks ?? [UNREACHABLE])
    .flatMap((look) => look.findings)
    .toSorted((one, other) => ORDER.indexOf(one.severity) - ORDER.indexOf(other.severity));
  const observations = (looks ?? []).flatMap((look) => look.observations);
  const [worst] = findings;
  const status = worst === undefined || worst.severity === 'info' ? 'pass' : worst.severity;
  return { state: ctx.trust.self, at, status, findings, observations };
}

/** Without its tables nothing else can be asked. */
async function lookAtAll(ctx: HealthContext): Promise<Look[]> {
  const first = await lookAtDatabase(ctx);
  if (first.findings.some(({ code }) => code === 'migrationsMissing')) return [first];
  return [first, ...(await Promise.all(LOOKS.map((look) => look(ctx))))];
}

/** Whether this node can do its work: its database answers and has the tables of this program. */
export async function isReady(ctx: HealthContext): Promise<boolean> {
  const look = await patiently(lookAtDatabase(ctx));
  return look !== undefined && !look.findings.some(({ code }) => code === 'migrationsMissing');
}

const UNREACHABLE: Look = {
  findings: [{ code: 'databaseUnreachable', severity: 'fail', params: {} }],
  observations: [],
};

/** Undefined where the database cannot be reached, or takes too long. */
async function patiently<T>(looking: Promise<T>): Promise<T | undefined> {
  const { promise: over, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => resolve(undefined), PATIENCE_MS);
  try {
    return await Promise.race([looking, over]);
  } catch (error) {
    if (isFailure(error) && error.code.startsWith('STORAGE_')) return undefined;
    throw error;
  } finally {
    clearTimeout(timer);
    looking.catch(() => undefined);
  }
}

/** What to type, and where to read on. */
export function nextStep({ code, about = '' }: Finding, self: string): { command: string; section: string } {
  const { command, section } = STEPS[code];
  return {
    command: `./commonway ${command.replaceAll('{self}', self).replaceAll('{about}', about)}`,
    section: `docs/operate.md#${section}`,
  };
}

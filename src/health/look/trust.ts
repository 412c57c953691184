import { certificateEnds } from '../../crypto/index.ts';
import { addMilliseconds } from '../../storage/index.ts';
import { listAlarms } from '../../union/index.ts';
import type { HealthContext } from '../context.ts';
import type { Finding, FindingCode, Look, Severity } from '../finding.ts';

const DAY_MS = 86_400_000;
/** Roots sign on machines without a network, state by state: that takes weeks. */
const CHARTER_DAYS = 90;
/** A state renews its own keys alone. */
const OWN_DAYS = 30;
/** An alarm that was not raised again for so long is history. */
const ALARM_DAYS = 7;

const ALARMS: Readonly<Record<string, { code: FindingCode; severity: Severity; lasts?: true }>> = {
  'ledger-fork': { code: 'fork', severity: 'fail', lasts: true },
  'promise-broken': { code: 'promiseBroken', severity: 'fail', lasts: true },
  'charter-fork': { code: 'trustFork', severity: 'fail', lasts: true },
  'manifest-fork': { code: 'trustFork', severity: 'fail', lasts: true },
  'charter-without-us': { code: 'charterWithoutUs', severity: 'fail', lasts: true },
  'files-refused': { code: 'filesRefused', severity: 'warn' },
};
/** Told by findings of their own, from what stands behind them. */
const TOLD = /^(ledger-(rewritten-leaf|cut-tail|reused-index|backdated)|access-notices-missing|charter-newer)$/;

/** Charter, keys and certificates that end, and alarms. */
export async function lookAtTrust(ctx: HealthContext): Promise<Look> {
  return { findings: [...charterFindings(ctx), ...ownFindings(ctx), ...(await alarmFindings(ctx))], observations: [] };
}

const daysUntil = (now: string, end: string): number => Math.floor((Date.parse(end) - Date.parse(now)) / DAY_MS);

function charterFindings({ trust, clock }: HealthContext): Finding[] {
  const days = daysUntil(clock.now(), trust.charter.expires);
  if (days > CHARTER_DAYS) return [];
  const params = { version: trust.charter.version, days: Math.max(0, days), day: trust.charter.expires.slice(0, 10) };
  // Nobody can be switched off by others not renewing: an expired charter stops admissions alone.
  return [{ code: 'charterExpires', severity: days < 0 ? 'warn' : 'info', params }];
}

/** Keys of this state that nothing follows, and the certificates its node is known by. */
function ownFindings({ trust, clock }: HealthContext): Finding[] {
  const now = clock.now();
  const soon = addMilliseconds(now, OWN_DAYS * DAY_MS);
  const { keys, certificates, agencies } = trust.manifest(trust.self);
  const severity = (end: string): Severity => (end <= addMilliseconds(now, 3 * DAY_MS) ? 'fail' : 'warn');
  const purposes = [
    ...Map.groupBy(keys, ({ purpose }): string => purpose),
    ...agencies.map(({ id, keys: own }) => [id, own] as const),
  ];
  const findings: Finding[] = [];
  for (const [about, windows] of purposes) {
    const ends = windows.map(({ until }) => until);
    const last = ends.includes(undefined) ? undefined : (ends as string[]).toSorted().at(-1);
    if (last === undefined || last > soon) continue;
    const params = { days: Math.max(0, daysUntil(now, last)), day: last.slice(0, 10) };
    findings.push({ code: 'keyExpires', severity: severity(last), about, params });
  }
  const last = certificates
    .map(({ pem }) => certificateEnds(pem))
    .toSorted()
    .at(-1);
  if (last !== undefined && last <= soon) {
    const params = { days: Math.max(0, daysUntil(now, last)), day: last.slice(0, 10) };
    findings.push({ code: 'certificateExpires', severity: severity(last), params });
  }
  return findings;
}

async function alarmFindings({ db, clock }: HealthContext): Promise<Finding[]> {
  const recent = addMilliseconds(clock.now(), -ALARM_DAYS * DAY_MS);
  const alarms = (await listAlarms(db)).filter(({ kind }) => !TOLD.test(kind));
  const found: Finding[] = [];
  for (const all of Map.groupBy(alarms, ({ kind, peer }) => `${kind} ${peer}`).values()) {
    const [{ kind, peer, lastAt }] = all as [(typeof all)[number]];
    const known = ALARMS[kind] ?? { code: 'alarm', severity: 'warn' };
    if (known.lasts === undefined && lastAt < recent) continue;
    const since = all.map(({ firstAt }) => firstAt).toSorted()[0] ?? lastAt;
    const params = { kind, count: all.reduce((sum, { times }) => sum + times, 0) };
    found.push({ code: known.code, severity: known.severity, about: peer, since, params });
  }
  return found;
}

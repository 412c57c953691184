import { exchangeHealth } from '../../exchange/index.ts';
import { missingNotices, statementTimes } from '../../persons/index.ts';
import { addMilliseconds } from '../../storage/index.ts';
import type { HealthContext } from '../context.ts';
import type { Finding, Look } from '../finding.ts';

/** Each peer is asked every half minute. */
const SILENT_MS = 120_000;
const SILENT_FAIL_MS = 24 * 3_600_000;
const WAITING_MS = 10 * 60_000;
/** Over a minute everything that is signed is refused. */
const SKEW_WARN_MS = 10_000;
const SKEW_FAIL_MS = 50_000;
/** Each state speaks once a day. */
const STATEMENT_MS = 2 * 24 * 3_600_000;

/** Who cannot be reached, what waits for whom, whose clock is off, and whose counts do not come out. */
export async function lookAtPeers({ db, clock, trust }: HealthContext): Promise<Look> {
  const now = clock.now();
  const before = (ms: number) => addMilliseconds(now, -ms);
  const known = await exchangeHealth(db);
  const others = trust.members().filter((state) => state !== trust.self);
  const findings: Finding[] = [];
  for (const about of others) {
    const { heardAt, waiting = 0, oldest, skewMs = 0, charter } = known.find(({ peer }) => peer === about) ?? {};
    if (heardAt === undefined || heardAt < before(SILENT_MS)) {
      const severity = heardAt !== undefined && heardAt < before(SILENT_FAIL_MS) ? 'fail' : 'warn';
      const since = heardAt === undefined ? {} : { since: heardAt };
      findings.push({ code: 'peerUnreachable', severity, about, ...since, params: { waiting } });
    } else if (oldest !== undefined && oldest < before(WAITING_MS))
      findings.push({ code: 'peerWaiting', severity: 'warn', about, since: oldest, params: { waiting } });
    if (Math.abs(skewMs) >= SKEW_WARN_MS) {
      const severity = Math.abs(skewMs) >= SKEW_FAIL_MS ? 'fail' : 'warn';
      findings.push({ code: 'clockSkew', severity, about, params: { seconds: Math.round(skewMs / 1000) } });
    }
    if (charter === 'newer') findings.push({ code: 'charterNewer', severity: 'warn', about, params: {} });
  }
  const missing = await missingNotices(db);
  for (const [about, days] of Map.groupBy(missing, ({ state }) => state)) {
    const since = `${days.map(({ day }) => day).toSorted()[0]}T00:00:00.000Z`;
    const count = days.reduce((sum, day) => sum + day.missing, 0);
    findings.push({ code: 'noticesMissing', severity: 'warn', about, since, params: { count } });
  }
  for (const { state, statedAt } of await statementTimes(db))
    if (statedAt < before(STATEMENT_MS))
      findings.push({ code: 'statementOld', severity: 'warn', about: state, since: statedAt, params: {} });
  const of = (value: (peer: (typeof known)[number]) => number | undefined) =>
    known.flatMap((peer) => {
      const found = value(peer);
      return found === undefined ? [] : [{ labels: { peer: peer.peer }, value: found }];
    });
  const observations = [
    {
      name: 'exchange_heard_age_seconds',
      help: 'How long ago a peer was last heard of.',
      samples: of(({ heardAt }) =>
        heardAt === undefined ? undefined : Math.max(0, Math.round((Date.parse(now) - Date.parse(heardAt)) / 1000)),
      ),
    },
    {
      name: 'exchange_clock_skew_seconds',
      help: "How far a peer's clock is ahead of this one.",
      samples: of(({ skewMs }) => (skewMs === undefined ? undefined : skewMs / 1000)),
    },
  ];
  return { findings, observations };
}

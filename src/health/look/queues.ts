import { listDeadLetters } from '../../exchange/index.ts';
import { listDeadMessages } from '../../messages/index.ts';
import { addMilliseconds, queueHealth } from '../../storage/index.ts';
import type { HealthContext } from '../context.ts';
import { type Finding, type Look, single } from '../finding.ts';

const LATE_MS = 10 * 60_000;
/** The nightly run has a day; after this it has missed one. */
const RETENTION_LATE_MS = 6 * 3_600_000;
/** Work for a peer that is away fails until it is back: that is told of the peer. */
const FOR_PEERS = /^exchange\/(out|proofs)\//;

/** Jobs that fail or that nobody does, dead letters, and the nightly deletion. */
export async function lookAtQueues({ db, clock, health }: HealthContext): Promise<Look> {
  const now = clock.now();
  const [queues, messages, letters] = [
    await queueHealth(db, now),
    await listDeadMessages(db),
    await listDeadLetters(db),
  ];
  const findings: Finding[] = [];
  for (const { queue: about, dead, failing, deadSince, lateSince } of queues) {
    if (dead > 0 && deadSince !== null)
      findings.push({ code: 'jobsDead', severity: 'warn', about, since: deadSince, params: { count: dead } });
    if (failing > 0 && !FOR_PEERS.test(about))
      findings.push({ code: 'jobsFailing', severity: 'warn', about, params: { count: failing } });
    const nightly = about === health?.retention;
    const late = addMilliseconds(now, -(nightly ? RETENTION_LATE_MS : LATE_MS));
    if (lateSince === null || lateSince > late) continue;
    if (nightly) findings.push({ code: 'retentionOverdue', severity: 'warn', since: lateSince, params: {} });
    else findings.push({ code: 'jobsLate', severity: 'fail', about, since: lateSince, params: {} });
  }
  const count = messages.length + letters.length;
  if (count > 0) {
    const oldest = [
      ...messages.map(({ created }) => created),
      ...letters.map(({ receivedAt }) => receivedAt),
    ].toSorted()[0];
    const behind = [...messages, ...letters].reduce((sum, one) => sum + one.behind, 0);
    findings.push({
      code: 'deadLetters',
      severity: 'warn',
      ...(oldest === undefined ? {} : { since: oldest }),
      params: { count, behind },
    });
  }
  const jobs = queues.flatMap(({ queue, waiting, running, dead }) =>
    Object.entries({ waiting, running, dead }).map(([state, value]) => ({ labels: { queue, state }, value })),
  );
  return {
    findings,
    observations: [
      { name: 'jobs', help: 'Jobs by queue and state.', samples: jobs },
      single('dead_letters', 'Messages that came to nothing and that somebody has to decide on.', count),
    ],
  };
}

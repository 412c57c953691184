import {
  listComplaints,
  listForks,
  listMirrors,
  type SequencingState,
  sequencingState,
  witnessingState,
} from '../../ledger/index.ts';
import { addMilliseconds } from '../../storage/index.ts';
import type { HealthContext } from '../context.ts';
import { type Finding, type Look, single } from '../finding.ts';

/** A leaf has its index within 250 ms; what waits longer than this is no load but a fault. */
const LAG_WARN_MS = 5_000;
const LAG_FAIL_MS = 60_000;
/** A lease lasts two seconds: nobody has taken it for this long. */
const NOBODY_MS = 15_000;
/** Checkpoints are witnessed within seconds. */
const WITNESS_WARN_MS = 60_000;
const WITNESS_FAIL_MS = 3_600_000;
/** Mirrors are about three seconds behind, half a minute at most. */
const MIRROR_MS = 300_000;

/** The state whose log it is: `commonway/eaeu/kz`, `commonway/eaeu/kz/2`. */
const stateOf = (origin: string): string => origin.split('/')[2] ?? origin;

/** The log of this node and its witnesses, the mirrors of the others, and what this node has against them. */
export async function lookAtLedger(ctx: HealthContext): Promise<Look> {
  const now = ctx.clock.now();
  const [sequencing, witnessing, mirrors, complaints, forks] = await Promise.all([
    sequencingState(ctx),
    witnessingState(ctx),
    listMirrors(ctx),
    listComplaints(ctx),
    listForks(ctx),
  ]);
  const findings = sequencingFindings(sequencing);
  const { size, unwitnessed, witnesses } = witnessing;
  if (unwitnessed !== undefined && unwitnessed.since < addMilliseconds(now, -WITNESS_WARN_MS)) {
    const severity = unwitnessed.since < addMilliseconds(now, -WITNESS_FAIL_MS) ? 'fail' : 'warn';
    const params = { leaves: size - unwitnessed.witnessed, quorum: ctx.trust.witnessQuorum() };
    findings.push({ code: 'notWitnessed', severity, since: unwitnessed.since, params });
  }
  for (const { name, state, size: held, cosignedAt, at } of witnesses) {
    const about = stateOf(name);
    const since = cosignedAt ?? at;
    const params = { behind: Math.max(0, size - held), state };
    if (state === 'ahead') findings.push({ code: 'witnessAhead', severity: 'fail', about, since: at, params });
    else if (state !== 'ok' && since < addMilliseconds(now, -WITNESS_WARN_MS))
      findings.push({ code: 'witnessBehind', severity: 'warn', about, since, params });
  }
  for (const { origin, size: mirrored, known, knownAt, at } of mirrors) {
    if (known !== null && knownAt !== null && known > mirrored && knownAt < addMilliseconds(now, -MIRROR_MS))
      findings.push({
        code: 'mirrorBehind',
        severity: 'warn',
        about: stateOf(origin),
        since: at,
        params: { leaves: known - mirrored },
      });
  }
  for (const [about, of] of Map.groupBy(complaints, ({ origin, evidence }) => `${stateOf(origin)} ${evidence.kind}`)) {
    const [state = '', kind = ''] = about.split(' ');
    findings.push({
      code: 'complaint',
      severity: 'fail',
      about: state,
      since: of[0]?.at ?? now,
      params: { kind, count: of.length },
    });
  }
  for (const [about, of] of Map.groupBy(forks, ({ origin }) => stateOf(origin)))
    findings.push({ code: 'fork', severity: 'fail', about, since: of[0]?.at ?? now, params: { count: of.length } });
  const lagSeconds = Math.round(sequencing.lagMs / 100) / 10;
  return {
    findings,
    observations: [single('ledger_lag_seconds', 'How long the oldest leaf without an index waits.', lagSeconds)],
  };
}

function sequencingFindings({ pending, lagMs, oldest, freeForMs }: SequencingState): Finding[] {
  // The first leaf of all opens the log: before it there is nothing to hold.
  if (freeForMs !== undefined && freeForMs > NOBODY_MS)
    return [{ code: 'sequencerStopped', severity: 'fail', params: { pending, seconds: Math.round(freeForMs / 1000) } }];
  if (lagMs < LAG_WARN_MS || oldest === undefined) return [];
  const severity = lagMs < LAG_FAIL_MS ? 'warn' : 'fail';
  return [{ code: 'sequencerBehind', severity, since: oldest, params: { pending, seconds: Math.round(lagMs / 1000) } }];
}

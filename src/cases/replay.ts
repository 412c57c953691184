import { type Agreement, type Decision, decide } from '../agreements/index.ts';
import { isFailure } from '../storage/index.ts';
import { actionsOf } from './append.ts';
import { latestCases } from './case-rows.ts';
import type { CasesContext } from './context.ts';
import { factsOfCase } from './evidence-facts.ts';
import { fold, lotOfCase } from './fold.ts';

/** What the rules say of one case, in short. */
export interface ReplayedOutcome {
  outcome: Decision['outcome'];
  months: number;
  /** Rules whose condition is not met. */
  missing: string[];
}

/** What would have come of one case, had it been filed under the new version. Rules by name, never a fact. */
export interface ReplayedCase {
  case: string;
  before: ReplayedOutcome;
  /** Undefined where the new version has no such service or no such deciding state. */
  after?: ReplayedOutcome;
  changed: boolean;
}

/**
 * Runs the last cases of an agreement on a new version of it: the same answers, evidence and dates, as if they had been filed under it.
 * Nothing is written, and no running case is touched: each goes on under what it was filed under.
 *
 * @param limit of cases, the latest first
 * @example (await replayCases(ctx, next, 200)).filter(({ changed }) => changed)
 */
export async function replayCases(
  ctx: Pick<CasesContext, 'db' | 'trust'>,
  after: Agreement,
  limit: number,
): Promise<ReplayedCase[]> {
  const found: ReplayedCase[] = [];
  for (const row of await latestCases(ctx.db, after.name, limit)) {
    const state = fold(await actionsOf(ctx.db, row.id));
    const { application, proposal } = state;
    // A payload that was erased cannot be replayed.
    if (application === undefined || proposal === undefined) continue;
    const before = inShort(proposal.decision);
    const { home, filedOn, answers } = application.payload;
    const input = {
      service: row.service,
      state: ctx.trust.self,
      home,
      answers,
      evidence: factsOfCase(state),
      dates: { claim: filedOn, decision: proposal.decision.dates.decision },
      lot: lotOfCase(state, ctx.trust.self),
    };
    const now = decided(after, input);
    const changed = now === undefined || JSON.stringify(now) !== JSON.stringify(before);
    found.push({ case: row.id, before, ...(now === undefined ? {} : { after: now }), changed });
  }
  return found;
}

function decided(agreement: Agreement, input: Parameters<typeof decide>[1]): ReplayedOutcome | undefined {
  try {
    return inShort(decide(agreement, input));
  } catch (error) {
    if (isFailure(error, 'AGREEMENT_NO_SERVICE', 'AGREEMENT_NO_STATE')) return undefined;
    throw error;
  }
}

const inShort = ({ outcome, months, missing }: Decision): ReplayedOutcome => ({
  outcome,
  months,
  missing: missing.map(({ rule }) => rule),
});

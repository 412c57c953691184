import { type Agreement, bySilence, type Decision, decide } from '../agreements/index.ts';
import { dayOf, today } from '../calendar/index.ts';
import { digestOf } from '../crypto/index.ts';
import { Failure, type Json } from '../storage/index.ts';
import type { HeldCase } from './append.ts';
import type { CasesContext } from './context.ts';
import { factsOfCase } from './evidence-facts.ts';
import { evidenceNow, filedOf, lotOfCase } from './fold.ts';
import { isJoined } from './join-arrived.ts';
import { confirmationsNeeded, getPinned } from './pinned.ts';
import type { Correctable } from './types.ts';

/**
 * What the rules say today of a decided case, where its agreement knows corrections: on the evidence that is there now, by this state's
 * annex as it is ratified now, since an annex may have been wrong, and for the very days of the decision: a law that changed later corrects
 * nothing. No officer chooses any of it.
 * @returns undefined where nothing is decided, where several decide together, or the agreement knows no correction
 */
export function correctableOf(ctx: CasesContext, held: HeldCase): Correctable | undefined {
  const { row, state } = held;
  const standing = state.decision?.payload;
  const filed = filedOf(state);
  if (isJoined(ctx, held)) return undefined;
  if (row.phase !== 'decided' || standing === undefined || filed === undefined) return undefined;
  const action = getPinned(ctx, row).services[row.service]?.actions.correct;
  if (action === undefined) return undefined;
  const evidence = evidenceNow(state);
  const agreement = agreementNow(ctx, row);
  const rules = decide(agreement, {
    service: row.service,
    state: ctx.trust.self,
    home: row.home,
    answers: filed.answers,
    evidence: factsOfCase({ ...state, evidence }),
    dates: { claim: filed.filedOn, decision: standing.decision.dates.decision },
    lot: lotOfCase(state, ctx.trust.self),
  });
  // What silence decided is no error of the rules: it decides of the corrected facts as it did of the wrong ones.
  const { silence } = standing.decision;
  const now = (silence && bySilence(agreement, row.service, rules, silence.due)) ?? rules;
  const rests = evidence.map((sealed) => digestOf(sealed as unknown as Json)).toSorted();
  const rested = [...standing.evidence, ...(standing.opinions ?? [])].toSorted();
  return {
    articles: action.articles,
    now,
    differs: saysOf(now) !== saysOf(standing.decision) || digestOf(rests) !== digestOf(rested),
    // Never fewer people than the decision itself wanted, the one who proposes it among them; and never he alone.
    othersNeeded: Math.max(1, action.confirmations.count, confirmationsNeeded(ctx, row) - 1),
  };
}

/** The contract of the case with this state's annex of today; the one that it was decided by where the contract has run out. */
function agreementNow(ctx: CasesContext, row: HeldCase['row']): Agreement {
  const { self } = ctx.trust;
  const day = today(ctx.clock, self);
  const word = ctx.trust.ratifications(self, row.agreement, day).find(({ contract }) => contract === row.contract);
  const annexes = { [self]: word?.annex ?? row.annex };
  const agreement = ctx.agreements.byContract(row.contract, {
    annexes,
    on: row.movedAt === undefined ? row.filedOn : dayOf(row.movedAt, self),
  });
  if (agreement === undefined) throw new Failure('CLAIM_CONTRACT_UNKNOWN', { contract: row.contract.slice(0, 16) });
  return agreement;
}

/** What of a decision is the decision: the digests only say what it was made from. */
const saysOf = ({ digests: _made, ...says }: Decision): string => digestOf(says as unknown as Json);

import { opinionQuestions, requestStages, shownOf } from '../agreements/index.ts';
import { digestOf } from '../crypto/index.ts';
import { beginTransaction } from '../exchange/index.ts';
import { Failure, type Json, type Tx } from '../storage/index.ts';
import { append, type HeldCase } from './append.ts';
import type { CasesContext } from './context.ts';
import { factsOfCase } from './evidence-facts.ts';
import type { OpinionQuestion } from './opinion-form.ts';
import type { Basis } from './propose.ts';
import type { CaseState } from './types.ts';

/** Whether an opinion is still waited for: its authority has not answered, and its time is not over. */
export const waitsForOpinions = ({ opinions }: Pick<CaseState, 'opinions'>): boolean =>
  opinions.some(({ status }) => status === 'asked');

/**
 * Asks the officers of other authorities for the opinions that the answers call for, each by a transaction of its own: once, when the
 * case is opened and the rules have looked at it. What they are shown is what the stage names, of what the rules propose so far.
 */
export async function askOpinions(
  ctx: CasesContext,
  tx: Tx,
  held: HeldCase,
  { agreement, service, application }: Omit<Basis, 'facts'>,
): Promise<HeldCase> {
  const { row, state } = held;
  const proposal = state.proposal;
  const stages = requestStages(agreement, service.name);
  if (proposal === undefined || stages.length === 0) return held;
  const input = { home: application.home, claim: application.filedOn, answers: application.answers };
  const shown = {
    state: ctx.trust.self,
    decision: proposal.decision,
    home: application.home,
    answers: application.answers,
    evidence: factsOfCase(state),
  };
  const asked: CaseState['opinions'] = [];
  for (const { evidence, state: to } of opinionQuestions(agreement, service, input)) {
    const stage = stages.find(({ requests }) => requests.evidence === evidence.type);
    const type = agreement.transactions[evidence.transaction];
    const toAgency = agreement.annexes[to]?.roles[evidence.servedBy];
    if (stage === undefined || type === undefined || toAgency === undefined) {
      throw new Failure('CLAIM_INVALID', { reason: `nobody can give the opinion ${evidence.type} in ${to}` });
    }
    const shows = shownOf(agreement, service.name, stage, { ...shown, asked: to });
    if (shows === undefined) continue;
    const question: OpinionQuestion = {
      service: service.name,
      stage: stage.name,
      application: row.application,
      subject: { home: row.home, reference: row.reference },
      shows,
    };
    const transaction = await beginTransaction(tx, ctx, {
      code: type.code,
      pattern: type.pattern,
      operation: type.operation,
      agreement: agreement.name,
      contract: row.contract,
      to,
      fromAgency: row.agency,
      toAgency,
      // Between authorities, as a notice is: no part of the exchange that her home node proves to her.
      case: row.id,
      lane: row.id,
      body: question as unknown as Json,
      timers: type.timers,
      retries: type.retries,
    });
    asked.push({
      key: `${evidence.type}/${to}`,
      type: evidence.type,
      state: to,
      agency: toAgency,
      transaction,
      request: digestOf(question as unknown as Json),
      status: 'asked',
    });
  }
  if (asked.length === 0) return held;
  return append(tx, ctx, held, {
    verb: 'request',
    key: 'request/opinions',
    actor: { kind: 'rules', id: agreement.contractDigest, agency: row.agency },
    payload: { opinions: asked.map(({ status: _asked, ...one }) => one) },
  });
}

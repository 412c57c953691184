import { type Agreement, decide, type EvidenceFacts, type Service } from '../agreements/index.ts';
import type { SealedApplication } from '../applications/index.ts';
import { today } from '../calendar/index.ts';
import { digestOf } from '../crypto/index.ts';
import type { Json, Tx } from '../storage/index.ts';
import { append, type HeldCase } from './append.ts';
import type { CasesContext } from './context.ts';
import { lotOfCase } from './fold.ts';

/** What the rules are run on. */
export interface Basis {
  agreement: Agreement;
  service: Service;
  application: SealedApplication;
  facts: readonly EvidenceFacts[];
}

/** Runs the rules on the checked evidence and puts down what they propose. What they proposed before stands where it is the same. */
export async function propose(
  ctx: CasesContext,
  tx: Tx,
  held: HeldCase,
  { agreement, service, application, facts }: Basis,
): Promise<HeldCase> {
  const decision = decide(agreement, {
    service: service.name,
    state: ctx.trust.self,
    home: application.home,
    answers: application.answers,
    evidence: facts,
    dates: { claim: application.filedOn, decision: today(ctx.clock, ctx.trust.self) },
    lot: lotOfCase(held.state, ctx.trust.self),
  });
  const digest = digestOf(decision as unknown as Json);
  return append(tx, ctx, held, {
    verb: 'propose',
    key: `propose/${digest}`,
    actor: { kind: 'rules', id: agreement.contractDigest, agency: held.row.agency },
    payload: { decision, digest },
  });
}

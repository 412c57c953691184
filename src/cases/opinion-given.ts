import type { TransactionRecord } from '../exchange/index.ts';
import { recordAccess } from '../persons/index.ts';
import type { Json, Tx } from '../storage/index.ts';
import { append, type HeldCase, stateOf } from './append.ts';
import { lockCase } from './case-rows.ts';
import type { CasesContext } from './context.ts';
import { decideWhenConfirmed } from './decide.ts';
import { factsOfCase } from './evidence-facts.ts';
import { verifyIssuedEvidence } from './issued-evidence.ts';
import { readOpinion } from './opinion-form.ts';
import { pinnedAgreement } from './pinned.ts';
import { propose } from './propose.ts';
import type { CasePayloads } from './types.ts';

/**
 * An opinion arrived: checked as every piece of evidence is, taken into the case, and the rules run anew; who confirmed on less confirms
 * again. One that comes after its time still counts while the case is open; a decided case stays as it is.
 * @throws Failure OPINION_INVALID, those of `verifyAgreedEvidence`: the message is kept as a dead letter for an operator, and the time
 *   to respond goes on
 */
export async function opinionGiven(
  ctx: CasesContext,
  tx: Tx,
  transaction: TransactionRecord,
  body: Json,
): Promise<void> {
  const evidence = readOpinion(body);
  await take(ctx, tx, transaction, (held, { type, state, request }) => {
    const agreement = pinnedAgreement(ctx, held.row);
    if (agreement === undefined) return undefined;
    const { application, home, reference } = held.row;
    const about = { type, state, application, home, reference, request };
    verifyIssuedEvidence(ctx, agreement, evidence, about, ctx.clock.now());
    return { evidence };
  });
}

/** The authority gives no opinion, or its question could not be taken there: the case goes on without it. */
export async function opinionRefused(
  ctx: CasesContext,
  tx: Tx,
  transaction: TransactionRecord,
  code: string,
): Promise<void> {
  await take(ctx, tx, transaction, () => ({ without: 'refused', code }));
}

/** The time to give the opinion is over: the case goes on, and nothing follows from what is not there. */
export async function opinionOverdue(ctx: CasesContext, tx: Tx, transaction: TransactionRecord): Promise<void> {
  await take(ctx, tx, transaction, () => ({ without: 'late' }));
}

type Outcome = Omit<CasePayloads['opinion'], 'key' | 'transaction'>;

async function take(
  ctx: CasesContext,
  tx: Tx,
  transaction: TransactionRecord,
  outcome: (held: HeldCase, asked: HeldCase['state']['opinions'][number]) => Outcome | undefined,
): Promise<void> {
  const row = await lockCase(tx, transaction.case ?? '');
  if (row?.phase !== 'inProgress') return;
  const held = { row, state: await stateOf(tx, row.id) };
  const asked = held.state.opinions.find((one) => one.transaction === transaction.id);
  const application = held.state.application?.payload;
  const agreement = pinnedAgreement(ctx, row);
  const service = agreement?.services[row.service];
  if (asked === undefined || application === undefined || agreement === undefined || service === undefined) return;
  if (asked.status === 'given') return;
  const what = outcome(held, asked);
  if (what === undefined || (what.without !== undefined && asked.status !== 'asked')) return;
  const given = await append(tx, ctx, held, {
    verb: 'opinion',
    key: `opinion/${transaction.id}/${what.without ?? 'given'}`,
    actor: { kind: what.without === 'late' ? 'timer' : 'authority', id: asked.state, agency: asked.agency },
    payload: { key: asked.key, transaction: transaction.id, ...what },
  });
  if (what.evidence !== undefined) {
    await recordAccess(tx, ctx, {
      subject: { home: row.home, reference: row.reference },
      state: ctx.trust.self,
      agency: row.agency,
      fields: [asked.key],
      purpose: `${agreement.name}.decision`,
      ground: { kind: 'law', article: agreement.rules[service.decision.outcome]?.article ?? '' },
      application: row.application,
      case: row.id,
    });
  }
  const facts = factsOfCase(given.state);
  await decideWhenConfirmed(ctx, tx, await propose(ctx, tx, given, { agreement, service, application, facts }));
}

import { joinDecisions, type Outcome } from '../agreements/index.ts';
import { AWARD, type JoinedBody, type SealedDecision, verifyDecision } from '../applications/index.ts';
import { deadline } from '../calendar/index.ts';
import { digestOf, type Sealed } from '../crypto/index.ts';
import { send } from '../exchange/index.ts';
import { recordAccess } from '../persons/index.ts';
import { Failure, type Json, type Tx } from '../storage/index.ts';
import { append, type HeldCase, stateOf } from './append.ts';
import { issueAward } from './award.ts';
import { decidedCasesOf, lockCase } from './case-rows.ts';
import type { CasesContext } from './context.ts';
import { readJoined } from './join-form.ts';
import { tellOthers } from './notices.ts';
import { getPinned } from './pinned.ts';

/** Whether an award of a case takes effect only together with those of other authorities. */
export function isJoined(ctx: Pick<CasesContext, 'agreements' | 'trust'>, { row, state }: HeldCase): boolean {
  const { join } = getPinned(ctx, row).services[row.service]?.decidedBy ?? {};
  const deciders = state.application?.payload.deciders ?? [];
  return join !== undefined && join !== 'independent' && deciders.length > 1;
}

/**
 * What all authorities have decided came, relayed by her home node. Each decision is checked under its agency's own signature, for the
 * application that this case was opened with; who relayed it is no argument. Where together they grant, this authority's document is issued
 * and others are told; where a refusal blocks, neither is.
 *
 * That an authority did not take the claim at all is her home's word: it can only make a result worse for its own person, or end the
 * waiting of a join in which each award stands for itself.
 * @throws Failure JOIN_INVALID, those of `verifyDecision`: the message is kept as a dead letter for an operator
 */
export async function decisionsJoined(ctx: CasesContext, tx: Tx, from: string, body: Json): Promise<void> {
  const given = readJoined(body);
  for (const { id } of await decidedCasesOf(tx, from, given.application)) {
    const row = await lockCase(tx, id);
    if (row === undefined) continue;
    const held = { row, state: await stateOf(tx, id) };
    if (held.state.joined !== undefined || !isJoined(ctx, held)) continue;
    await settle(ctx, tx, held, given);
  }
}

async function settle(ctx: CasesContext, tx: Tx, held: HeldCase, given: JoinedBody): Promise<void> {
  const { row, state } = held;
  const own = state.decision;
  const service = getPinned(ctx, row).services[row.service];
  if (own === undefined || service === undefined) return;
  const outcomes = checkedOutcomes(ctx, held, own, given);
  await recordUse(ctx, tx, held);
  const joined = joinDecisions(service.decidedBy.join, [...outcomes.values()]);
  if (joined === undefined || joined === 'waiting') throw new Failure('JOIN_INVALID', { reason: 'it is still open' });
  const isAwarded = joined !== 'refused' && own.payload.outcome !== 'refused';
  const document = isAwarded
    ? await issueAward(ctx, tx, held, own, { evidence: state.evidence, key: row.id })
    : undefined;
  const after = await append(tx, ctx, held, {
    verb: 'join',
    key: 'join',
    actor: { kind: 'home', id: row.home, agency: row.agency },
    payload: {
      joined,
      decisions: given.decisions,
      refused: given.refused,
      ...(document === undefined ? {} : { document: document.id }),
    },
  });
  if (document !== undefined) {
    const { application } = row;
    const to = { to: row.home, type: AWARD, lane: application, application };
    await send(tx, ctx, { ...to, body: { application, document } as unknown as Json });
  }
  if (isAwarded) await tellOthers(ctx, tx, after);
}

/** What other authorities decided about her is read here: one use of her data. */
async function recordUse(ctx: CasesContext, tx: Tx, { row }: HeldCase): Promise<void> {
  const agreement = getPinned(ctx, row);
  const outcome = agreement.services[row.service]?.decision.outcome ?? '';
  await recordAccess(tx, ctx, {
    subject: { home: row.home, reference: row.reference },
    agency: row.agency,
    fields: ['decisions'],
    purpose: `${agreement.name}.decision`,
    ground: { kind: 'law', article: agreement.rules[outcome]?.article ?? '' },
    application: row.application,
    case: row.id,
  });
}

/** What each deciding authority said, by state; undefined for one of which nothing was relayed. */
function checkedOutcomes(
  ctx: CasesContext,
  { row, state }: HeldCase,
  own: Sealed<SealedDecision>,
  { decisions, refused }: JoinedBody,
): Map<string, Outcome | undefined> {
  const wrong = (reason: string) => new Failure('JOIN_INVALID', { reason });
  const agreement = getPinned(ctx, row);
  const { decidedBy, deadline: terms } = agreement.services[row.service] ?? {};
  const role = decidedBy?.role ?? '';
  const application = state.application?.payload;
  if (application === undefined) throw wrong('the application is not here');
  const outcomes = new Map<string, Outcome | undefined>(application.deciders.map((decider) => [decider, undefined]));
  for (const sealed of decisions) {
    const { state: decider, outcome, evidence } = sealed.payload;
    const agency = agreement.annexes[decider]?.roles[role];
    if (!outcomes.has(decider) || agency === undefined) throw wrong('a decision of somebody who does not decide');
    if (outcomes.get(decider) !== undefined) throw wrong('two decisions of one authority');
    // On which evidence another authority decided is its own matter: it may have been sent more since.
    const due = terms && deadline(application.filedAt, terms.decide, decider);
    const silent = terms === undefined || due === undefined ? undefined : { terms, due };
    const about = { application, supplements: evidence, state: decider, agency };
    verifyDecision(ctx, sealed, { ...about, deadline: silent });
    if (outcome === 'undecided') throw wrong('a decision that is none');
    outcomes.set(decider, outcome);
  }
  for (const decider of refused) {
    if (!outcomes.has(decider) || outcomes.get(decider) !== undefined || decider === ctx.trust.self) {
      throw wrong('a refusal of somebody who has decided, or does not');
    }
    outcomes.set(decider, 'refused');
  }
  const mine = decisions.find(({ payload }) => payload.state === ctx.trust.self);
  if (digestOf((mine ?? null) as unknown as Json) !== digestOf(own as unknown as Json)) {
    throw wrong('our own decision is another');
  }
  return outcomes;
}

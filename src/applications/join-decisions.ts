import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { type Joined, joinDecisions, type Service } from '../agreements/index.ts';
import { isId, type Sealed } from '../crypto/index.ts';
import { send } from '../exchange/index.ts';
import { sendLetter } from '../mailbox/index.ts';
import { Failure, type Json, type Tx } from '../storage/index.ts';
import { casesOf, markAwarded } from './case-rows.ts';
import { type AnsweredDocument, AnsweredDocumentForm, verifyAnsweredDocument } from './claim-answer.ts';
import type { ApplicationsContext } from './context.ts';
import { holdDocument } from './held-documents.ts';
import type { ApplicationCase, SealedApplication, SealedDecision } from './types.ts';

type Join = Service['decidedBy']['join'];

/** The type of the message by which home relays what all have decided, and of the one that brings the document then. */
export const JOINED = 'decisions-joined';
export const AWARD = 'joined-award';

/** What home relays: decisions under their agencies' own signatures, and who did not take the claim at all. */
export interface JoinedBody {
  application: string;
  decisions: Sealed<SealedDecision>[];
  refused: string[];
}

/** How the decisions of an application take effect together; undefined where each stands for itself. */
export function joinOf(ctx: Pick<ApplicationsContext, 'agreements'>, application: SealedApplication): Join | undefined {
  const join = ctx.agreements.byContract(application.contract)?.services[application.service]?.decidedBy.join;
  return join === 'independent' || application.deciders.length < 2 ? undefined : join;
}

function joinedOf(join: Join, cases: readonly ApplicationCase[]): Joined | undefined {
  const outcomes = cases.map(({ status, decision }) => {
    const outcome = decision?.payload.outcome;
    return status === 'refused' ? 'refused' : outcome === 'undecided' ? undefined : outcome;
  });
  return joinDecisions(join, outcomes);
}

/**
 * Where a service joins its decisions, an authority's award takes effect only together with the others. Once that is open no more, home
 * relays the signed decisions to every authority that granted: each checks them itself, and issues its document, or none.
 * Whoever decides later is sent the same then.
 */
export async function relayJoined(ctx: ApplicationsContext, tx: Tx, application: SealedApplication): Promise<void> {
  const join = joinOf(ctx, application);
  if (join === undefined) return;
  const cases = await casesOf(tx, application.id);
  const joined = joinedOf(join, cases);
  if (joined === undefined || joined === 'waiting') return;
  const body: JoinedBody = {
    application: application.id,
    decisions: cases.flatMap(({ decision }) => decision ?? []),
    refused: cases.flatMap(({ status, state }) => (status === 'refused' ? [state] : [])),
  };
  for (const { state, decision, document } of cases) {
    if (decision === undefined || decision.payload.outcome === 'refused' || document !== undefined) continue;
    const to = { to: state, type: JOINED, lane: application.id, application: application.id };
    await send(tx, ctx, { ...to, body: body as unknown as Json });
  }
}

const Award = Type.Object(
  { application: Type.String(), document: AnsweredDocumentForm },
  { additionalProperties: false },
);

/**
 * The document of a joined award came: taken only for a decision of the sender that she holds and that has none yet, only where all of
 * them together grant, and only where it proves itself.
 * @throws Failure DOCUMENT_INVALID, APPLICATION_NOT_FOUND: the message is kept as a dead letter for an operator
 */
export async function awardArrived(ctx: ApplicationsContext, tx: Tx, from: string, body: Json): Promise<void> {
  const wrong = (reason: string) => new Failure('DOCUMENT_INVALID', { state: from, reason });
  if (!Value.Check(Award, body)) throw wrong('the message has not its form');
  const { application: id, document } = body as unknown as { application: string; document: AnsweredDocument };
  if (!isId(id)) throw wrong('the message has not its form');
  const [found] = await tx.query<{ person: string; sealed: Sealed<SealedApplication> }>(
    'select person, sealed from applications where id = $1 for update',
    [id],
  );
  const row = (await casesOf(tx, id)).find(({ state }) => state === from);
  if (found === undefined || row?.decision === undefined) throw new Failure('APPLICATION_NOT_FOUND', {});
  if (row.document !== undefined) return;
  const join = joinOf(ctx, found.sealed.payload);
  const joined = join && joinedOf(join, await casesOf(tx, id));
  if (joined === undefined || joined === 'waiting' || joined === 'refused') throw wrong('before all have granted it');
  const agreement = ctx.agreements.byContract(found.sealed.payload.contract);
  await verifyAnsweredDocument(ctx, document, { agreement, decision: row.decision.payload });
  await markAwarded(tx, id, from, document.id);
  const { state, agency } = row;
  await holdDocument(tx, ctx, { person: found.person, application: id, state, agency, ...document });
  await sendLetter(tx, ctx, {
    person: found.person,
    cause: `award/${id}/${from}`,
    kind: 'awarded',
    params: { state: from },
    link: `/applications/${id}`,
  });
}

import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { digestOf, isId, type Sealed, signersOf } from '../crypto/index.ts';
import type { TransactionRecord } from '../exchange/index.ts';
import { sendLetter } from '../mailbox/index.ts';
import { Failure, type Instant, isFailure, type Json, type Tx } from '../storage/index.ts';
import { casesOf } from './case-rows.ts';
import type { ApplicationsContext } from './context.ts';
import { answerRequest, correctionRequests, isOpenRequest } from './correction-rows.ts';
import type { CorrectionRequest, SealedApplication, SealedCorrectionRefusal } from './types.ts';

const text = Type.String({ maxLength: 500 });
const Refusal = Type.Object({
  case: text,
  application: text,
  reference: text,
  state: text,
  agency: text,
  request: text,
  reason: Type.String({ maxLength: 2_000 }),
  at: Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$' }),
});
const Answer = Type.Union([
  Type.Object({ standing: Type.Literal('corrected') }, { additionalProperties: false }),
  Type.Object(
    {
      standing: Type.Literal('declined'),
      answer: Type.Object({ kind: text, payload: Refusal, signatures: Type.Array(Type.Any(), { maxItems: 1 }) }),
    },
    { additionalProperties: false },
  ),
]);

/** The authority has her request. */
export async function correctionAccepted(
  ctx: ApplicationsContext,
  tx: Tx,
  transaction: TransactionRecord,
): Promise<void> {
  const place = await findRequest(tx, transaction);
  if (place === undefined) return;
  await answerRequest(tx, place.application, transaction.id, { status: 'accepted', at: ctx.clock.now() });
}

/**
 * The authority answered: it has corrected its decision, which came before this by a transaction of its own, or it says under its own
 * signature why it does not follow this very request.
 * @throws Failure DECISION_INVALID: the message is kept as a dead letter for an operator, and nothing changes
 */
export async function correctionAnswered(
  ctx: ApplicationsContext,
  tx: Tx,
  transaction: TransactionRecord,
  body: Json,
): Promise<void> {
  const place = await findRequest(tx, transaction);
  if (place === undefined) return;
  const wrong = (reason: string) => new Failure('DECISION_INVALID', { reason });
  if (!Value.Check(Answer, body)) throw wrong('the answer has not its form');
  const at = ctx.clock.now();
  if (body.standing === 'corrected') {
    await demandCorrected(tx, place);
    await answerRequest(tx, place.application, transaction.id, { status: 'corrected', at });
    return;
  }
  const { answer } = body as unknown as { answer: Sealed<SealedCorrectionRefusal> };
  demandRefusal(ctx, answer, place, transaction);
  await answerRequest(tx, place.application, transaction.id, { status: 'declined', at, answer });
  await tellHer(ctx, tx, place, 'declined');
}

/** Its node does not take the request, with a code. */
export async function correctionRefused(
  ctx: ApplicationsContext,
  tx: Tx,
  transaction: TransactionRecord,
  code: string,
): Promise<void> {
  const place = await findRequest(tx, transaction);
  if (place === undefined) return;
  await answerRequest(tx, place.application, transaction.id, { status: 'refused', at: ctx.clock.now(), code });
  await tellHer(ctx, tx, place, 'refused');
}

interface Place {
  application: string;
  person: string;
  sealed: SealedApplication;
  request: CorrectionRequest;
}

/** Another decision stands than the one that she held for wrong: else the answer would end her request with nothing in its place. */
async function demandCorrected(tx: Tx, { application, request }: Place): Promise<void> {
  const one = (await casesOf(tx, application)).find(({ state }) => state === request.state);
  if (digestOf((one?.decision ?? null) as unknown as Json) === request.decision) {
    throw new Failure('DECISION_INVALID', { reason: 'nothing was corrected' });
  }
}

function demandRefusal(
  { trust }: ApplicationsContext,
  answer: Sealed<SealedCorrectionRefusal>,
  { sealed, request }: Place,
  { toAgency }: TransactionRecord,
): void {
  const { payload, signatures } = answer;
  const wrong = (reason: string) => new Failure('DECISION_INVALID', { reason });
  if (payload.application !== sealed.id || payload.reference !== sealed.reference) throw wrong('another application');
  if (payload.state !== request.state || payload.agency !== toAgency) throw wrong('another authority');
  // An agency may have declined before: what it said then is no answer to what she asks now.
  if (payload.request !== request.request) throw wrong('another request');
  try {
    const key = trust.agencyKey(request.state, toAgency, String(signatures[0]?.key), payload.at as Instant);
    signersOf(answer, 'correction-refusal', [key]);
  } catch (error) {
    if (!isFailure(error)) throw error;
    throw new Failure('DECISION_INVALID', { reason: 'not signed by the agency' }, { cause: error });
  }
}

/** An open request, with the application locked. */
async function findRequest(tx: Tx, { application, id, to }: TransactionRecord): Promise<Place | undefined> {
  if (application === undefined || !isId(application)) return undefined;
  const [row] = await tx.query<{ person: string; sealed: Sealed<SealedApplication> }>(
    'select person, sealed from applications where id = $1 for update',
    [application],
  );
  const request = (await correctionRequests(tx, application)).find(
    (one) => one.transaction === id && one.state === to && isOpenRequest(one),
  );
  if (row === undefined || request === undefined) return undefined;
  return { application, person: row.person, sealed: row.sealed.payload, request };
}

async function tellHer(
  ctx: ApplicationsContext,
  tx: Tx,
  { application, person, request }: Place,
  outcome: 'declined' | 'refused',
): Promise<void> {
  await sendLetter(tx, ctx, {
    person,
    cause: `correction-${outcome}/${request.transaction}`,
    kind: 'correctionDeclined',
    params: { state: request.state },
    link: `/applications/${application}#${request.state}`,
  });
}

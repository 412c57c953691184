import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { type Agreement, compareVersions } from '../agreements/index.ts';
import { dayOf } from '../calendar/index.ts';
import { isId, type Sealed, signersOf } from '../crypto/index.ts';
import { sendLetter } from '../mailbox/index.ts';
import { addMilliseconds, Failure, isFailure, type Json, type Tx } from '../storage/index.ts';
import { casesOf, isOver, markMoved } from './case-rows.ts';
import type { ApplicationsContext } from './context.ts';
import type { ApplicationCase, SealedApplication, SealedMove } from './types.ts';

/** The type of the message by which an authority says that it decides by a newer contract from now on. */
export const CASE_MOVED = 'case-moved';

const text = Type.String({ maxLength: 500 });
const digest = Type.String({ pattern: '^[0-9a-f]{64}$' });
const Move = Type.Object(
  {
    kind: Type.Literal('case-move'),
    payload: Type.Object({
      ...{ case: text, application: text, reference: text, state: text, agency: text },
      ...{ from: digest, to: digest, annex: digest },
      reason: Type.String({ maxLength: 2_000 }),
      at: Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$' }),
    }),
    signatures: Type.Array(Type.Object({ key: text, value: text }), { minItems: 1, maxItems: 1 }),
  },
  { additionalProperties: false },
);

/**
 * An authority moved its case to a newer contract. It counts under the agency's own signature, for a case that is not decided, and only
 * where both states have ratified the newer contract for the day: the decision is then held against that one. She gets a letter.
 * @throws Failure DECISION_INVALID: the message is kept as a dead letter for an operator, and nothing changes
 */
export async function caseMoved(ctx: ApplicationsContext, tx: Tx, from: string, body: Json): Promise<void> {
  const wrong = (reason: string) => new Failure('DECISION_INVALID', { reason });
  if (!Value.Check(Move, body)) throw wrong('the move has not its form');
  const move = body as unknown as Sealed<SealedMove>;
  const { payload } = move;
  if (!isId(payload.application)) throw wrong('the move has not its form');
  const [found] = await tx.query<{ person: string; sealed: Sealed<SealedApplication> }>(
    'select person, sealed from applications where id = $1 for update',
    [payload.application],
  );
  const one = (await casesOf(tx, payload.application)).find(({ state }) => state === from);
  if (found === undefined || one === undefined) throw wrong('another application');
  // Told twice, or a second time after the decision: what is known stays.
  if (isOver(one) || one.contract === payload.to) return;
  demandMove(ctx, move, found.sealed.payload, one);
  const agreement = demandNewer(ctx, payload);
  await markMoved(tx, payload.application, from, { contract: payload.to, at: payload.at });
  await sendLetter(tx, ctx, {
    person: found.person,
    cause: `moved/${payload.application}/${from}/${payload.to}`,
    kind: 'caseMoved',
    params: { state: from, version: agreement.version, reason: payload.reason },
    link: `/applications/${payload.application}#${from}`,
  });
}

/** Two contracts that are held here, the one that it moves to the newer: what both have ratified once was perhaps worse for her. */
function demandNewer({ agreements }: ApplicationsContext, { from, to }: SealedMove): Agreement {
  const wrong = (reason: string) => new Failure('DECISION_INVALID', { reason });
  const [before, after] = [agreements.byContract(from), agreements.byContract(to)];
  if (before === undefined || after === undefined) throw wrong('a contract that is not held here');
  if (compareVersions(after.version, before.version) <= 0) throw wrong('a contract that is no newer');
  return after;
}

/** How far the clocks of two states may differ. */
const SKEW_MS = 60_000;

function demandMove(
  { trust, clock }: ApplicationsContext,
  move: Sealed<SealedMove>,
  application: SealedApplication,
  one: ApplicationCase,
): void {
  const { payload, signatures } = move;
  const wrong = (reason: string, cause?: unknown) => new Failure('DECISION_INVALID', { reason }, { cause });
  if (payload.state !== one.state || payload.agency !== one.agency) throw wrong('another authority');
  if (payload.reference !== application.reference) throw wrong('another person');
  if (payload.from !== (one.contract ?? application.contract)) throw wrong('another contract to move from');
  // The day chooses what was ratified: it is one between her filing, or the move before, and now.
  const [first, last] = [
    addMilliseconds(one.movedAt ?? application.filedAt, -SKEW_MS),
    addMilliseconds(clock.now(), SKEW_MS),
  ];
  if (payload.at < first || payload.at > last) throw wrong('a moment at which nothing could be moved');
  for (const state of [one.state, trust.self]) {
    const words = trust.ratifications(state, application.agreement, dayOf(payload.at, state));
    if (!words.some(({ contract }) => contract === payload.to)) throw wrong('a contract that was not ratified');
  }
  try {
    const key = trust.agencyKey(one.state, one.agency, signatures[0]?.key ?? '', payload.at);
    signersOf(move, 'case-move', [key]);
  } catch (error) {
    if (!isFailure(error)) throw error;
    throw wrong('not signed by the agency', error);
  }
}

import { Type } from 'typebox';
import { Value } from 'typebox/value';
import type { DecisionDeadline } from '../agreements/index.ts';
import { dayOf } from '../calendar/index.ts';
import { isId, type Sealed, signersOf } from '../crypto/index.ts';
import type { ExchangeContext } from '../exchange/index.ts';
import { addMilliseconds, Failure, type Instant, isFailure, type PlainDate } from '../storage/index.ts';
import type { SealedApplication, SealedDecision } from './types.ts';

const text = Type.String({ maxLength: 500 });
const digest = Type.String({ pattern: '^[0-9a-f]{64}$' });
const instant = Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$' });
const day = Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\d$' });
const json = Type.Unknown();

const Explanation = Type.Object({
  rule: text,
  title: text,
  article: text,
  source: Type.Union([Type.Literal('law'), Type.Literal('design')]),
  reference: day,
  value: json,
  words: Type.Optional(text),
  facts: Type.Array(Type.Object({ name: text, kind: text, value: json, evidence: Type.Optional(text) })),
  row: Type.Optional(text),
});
const Outcome = Type.Union([Type.Literal('granted'), Type.Literal('partly'), Type.Literal('refused')]);

/** What her pages read of a decision, so that no state can send one that breaks them. */
const DecisionForm = Type.Object({
  case: text,
  application: text,
  reference: text,
  state: text,
  agency: text,
  outcome: Outcome,
  decision: Type.Object({
    outcome: Outcome,
    months: Type.Number(),
    values: Type.Record(Type.String(), json),
    explanation: Type.Array(Explanation, { maxItems: 500 }),
    missing: Type.Array(Type.Object({ rule: text, text, article: text }), { maxItems: 500 }),
    pending: Type.Array(Type.Object({ type: text, state: text, reason: text }), { maxItems: 500 }),
    silence: Type.Optional(
      Type.Object({
        consequence: Type.Union([Type.Literal('approve'), Type.Literal('refuse')]),
        article: text,
        source: Type.Union([Type.Literal('law'), Type.Literal('design')]),
        due: day,
        said: Outcome,
      }),
    ),
    dates: Type.Object({ claim: day, entitlement: day, decision: day }),
    digests: Type.Object({ contract: digest, annex: digest, texts: digest }),
  }),
  evidence: Type.Array(digest, { maxItems: 500 }),
  opinions: Type.Optional(Type.Array(digest, { maxItems: 500 })),
  decidedAt: instant,
  decidedOn: day,
  confirmations: Type.Integer({ minimum: 0 }),
  corrects: Type.Optional(
    Type.Object(
      { decision: digest, reason: Type.String({ maxLength: 2_000 }), article: text },
      { additionalProperties: false },
    ),
  ),
});

/** The application that a decision must be about, and the authority that was asked. */
export interface ExpectedDecision {
  application: SealedApplication;
  /** Digests of the evidence that she added after she had applied. */
  supplements: readonly string[];
  state: string;
  agency: string;
  /** What its contract says of silence, and the last moment to decide: silence decides nothing earlier, and nothing else. */
  deadline?: { terms: DecisionDeadline; due: Instant } | undefined;
  /** The contract that it is decided by, and the day of the move, where the authority has moved its case since. */
  moved?: { contract: string; on: PlainDate } | undefined;
  /** Digest of the decision that it must take the place of; a first decision without it. */
  corrects?: string;
}

/**
 * A decision under the deciding agency's own key, about this person's application, by the contract that it was filed under and an
 * annex that its state has ratified, on nothing but the evidence that was sent, with the application or after it.
 * @throws Failure DECISION_INVALID naming what does not fit
 */
export function verifyDecision(
  ctx: Pick<ExchangeContext, 'trust' | 'clock'>,
  sealed: Sealed<SealedDecision>,
  { application, supplements, state, agency, deadline, moved, corrects }: ExpectedDecision,
): Sealed<SealedDecision> {
  const wrong = (reason: string) => new Failure('DECISION_INVALID', { reason });
  if (!Value.Check(DecisionForm, sealed?.payload) || !isId(sealed.payload.case)) throw wrong('it has not its form');
  const { payload } = sealed;
  demandSigner(ctx, sealed, { state, agency });
  if (payload.application !== application.id) throw wrong('another application');
  if (payload.reference !== application.reference) throw wrong('another person');
  if (payload.state !== state || payload.agency !== agency) throw wrong('another authority');
  if (payload.outcome !== payload.decision.outcome) throw wrong('two outcomes');
  demandTimes(ctx, payload, application);
  const { contract, annex } = payload.decision.digests;
  if (payload.corrects?.decision !== corrects) throw wrong('another decision to take the place of');
  // An annex that was wrong may have been put right since: a correction is made by the annex of its own day.
  const begun = moved?.on ?? application.filedOn;
  const days = corrects === undefined ? [begun] : [begun, payload.decidedOn];
  const ratified = days.flatMap((day) => ctx.trust.ratifications(state, application.agreement, day));
  if (
    contract !== (moved?.contract ?? application.contract) ||
    !ratified.some((one) => one.contract === contract && one.annex === annex)
  ) {
    throw wrong('a contract or annex that was not ratified');
  }
  const { silence } = payload.decision;
  if (silence !== undefined) {
    const { terms, due } = deadline ?? {};
    const agreed = terms?.silence === silence.consequence && terms.article === silence.article;
    const outcome = silence.consequence === 'approve' ? 'granted' : 'refused';
    if (!agreed || due === undefined || payload.decidedAt < due || payload.outcome !== outcome) {
      throw wrong('silence does not decide this');
    }
  }
  const sent = [...application.evidence, ...supplements];
  if (payload.evidence.some((one) => !sent.includes(one))) throw wrong('evidence that was not sent');
  return sealed;
}

/** How far the clocks of two states may differ. */
const SKEW_MS = 60_000;

/**
 * Made after it was filed and not ahead of our clock, on the day of that moment: or an authority could say that a time is over which still
 * runs, or take the annex of a day of its choosing.
 */
function demandTimes(
  { clock }: Pick<ExchangeContext, 'clock'>,
  { state, decidedAt, decidedOn }: SealedDecision,
  { filedAt }: SealedApplication,
): void {
  const wrong = (reason: string) => new Failure('DECISION_INVALID', { reason });
  if (decidedAt > addMilliseconds(clock.now(), SKEW_MS)) throw wrong('decided in the future');
  if (decidedAt < addMilliseconds(filedAt, -SKEW_MS)) throw wrong('decided before it was filed');
  if (dayOf(decidedAt, state) !== decidedOn) throw wrong('its day is not that of its time');
}

/** Signed once, with a key that the agency had at the moment of the decision: it may have changed it since. */
function demandSigner(
  { trust }: Pick<ExchangeContext, 'trust'>,
  sealed: Sealed<SealedDecision>,
  { state, agency }: { state: string; agency: string },
): void {
  const [signature] = Array.isArray(sealed.signatures) ? sealed.signatures : [];
  if (typeof signature?.key !== 'string' || sealed.signatures.length !== 1) {
    throw new Failure('DECISION_INVALID', { reason: 'not signed once by the agency' });
  }
  try {
    signersOf(sealed, 'decision', [trust.agencyKey(state, agency, signature.key, sealed.payload.decidedAt)]);
  } catch (error) {
    if (!isFailure(error)) throw error;
    throw new Failure('DECISION_INVALID', { reason: 'not signed by the agency' }, { cause: error });
  }
}

import { evidenceQuestions } from '../agreements/index.ts';
import { representedBy } from '../applications/index.ts';
import { digestOf, signersOf } from '../crypto/index.ts';
import { acceptTransaction, refuseTransaction, type TransactionRecord } from '../exchange/index.ts';
import { reaches } from '../identity/index.ts';
import { recordAccess } from '../persons/index.ts';
import { representedKey } from '../registers/index.ts';
import { addMilliseconds, Failure, isFailure, type Json, type Tx } from '../storage/index.ts';
import { append, type HeldCase, stateOf } from './append.ts';
import { findCaseOf, lockCase } from './case-rows.ts';
import { ASSURANCE, SKEW_MS } from './claim.ts';
import type { CasesContext } from './context.ts';
import { type CorrectionBody, readCorrection } from './correction-form.ts';
import { evidenceNow, filedOf } from './fold.ts';
import { verifyIssuedEvidence } from './issued-evidence.ts';
import { filedUnder, getPinned } from './pinned.ts';

const wrong = (reason: string) => new Failure('CORRECTION_REQUEST_INVALID', { reason });

/**
 * She asks that a decision be put right: her request and the evidence with it are checked as if nobody before had, and wait in the case
 * for an officer. Nothing that was decided changes by it. What does not prove itself, or cannot be followed, is refused with its code.
 */
export async function correctionAsked(
  ctx: CasesContext,
  tx: Tx,
  transaction: TransactionRecord,
  body: Json,
): Promise<void> {
  let given: CorrectionBody;
  let held: HeldCase;
  try {
    given = readCorrection(body);
    demandSeal(ctx, transaction, given);
    held = await heldFor(tx, transaction, given);
    demandFit(ctx, held, given, transaction);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    await refuseTransaction(tx, ctx, transaction.id, { code: error.code });
    return;
  }
  await append(tx, ctx, held, {
    verb: 'askCorrection',
    key: `askCorrection/${transaction.id}`,
    actor: {
      kind: 'home',
      id: held.row.home,
      agency: held.row.agency,
      assurance: given.request.payload.actor.assurance,
    },
    payload: { ...given, transaction: transaction.id },
  });
  await recordUse(ctx, tx, held, given);
  await acceptTransaction(tx, ctx, transaction.id, { case: held.row.id });
}

/** Sealed by the home node that sent it, with a key that it had then; not ahead of our clock. */
function demandSeal({ trust, clock }: CasesContext, { from }: TransactionRecord, { request }: CorrectionBody): void {
  const { payload, signatures } = request;
  if (payload.home !== from) throw wrong('the seal is of another home');
  if (payload.at > addMilliseconds(clock.now(), SKEW_MS)) throw wrong('it was asked in the future');
  try {
    signersOf(request, 'correction-request', [trust.key(from, 'messages', signatures[0]?.key ?? '', payload.at)]);
  } catch (error) {
    if (!isFailure(error)) throw error;
    throw new Failure('CORRECTION_REQUEST_INVALID', { reason: 'its seal does not hold' }, { cause: error });
  }
  if (payload.actor.reference !== payload.reference) throw wrong('another person acted, without a mandate');
  if (!reaches(payload.actor.assurance, ASSURANCE)) throw wrong('the assurance of the sign-in is too low');
}

/** The case that it is about, under lock. */
async function heldFor(tx: Tx, transaction: TransactionRecord, { request }: CorrectionBody): Promise<HeldCase> {
  const { home, application, agency } = request.payload;
  if (agency !== transaction.toAgency) throw wrong('it is for another agency');
  const found = await findCaseOf(tx, { home, application, agency });
  const row = found === undefined ? undefined : await lockCase(tx, found.id);
  if (row === undefined) throw wrong('there is no such case here');
  return { row, state: await stateOf(tx, row.id) };
}

/** About the decision that stands, by the transaction that the agreement has for it, with answers to what was asked for the application. */
function demandFit(
  ctx: CasesContext,
  { row, state }: HeldCase,
  { request, evidence }: CorrectionBody,
  transaction: TransactionRecord,
): void {
  const { payload } = request;
  if (row.phase !== 'decided') throw new Failure('CORRECTION_NOT_DECIDED', { phase: row.phase });
  const filed = filedOf(state);
  if (filed === undefined) throw wrong('there is no such case here');
  // Her home node speaks by the contract that she filed under, also where the case was moved since.
  const agreement = filedUnder(ctx, filed);
  const service = agreement.services[row.service];
  const ours = getPinned(ctx, row).services[row.service]?.actions.correct;
  const asks = service?.actions.correct?.request === transaction.code;
  if (service === undefined || !asks || ours === undefined || transaction.contract !== filed.contract) {
    throw new Failure('CORRECTION_NOT_AGREED', {});
  }
  if (payload.reference !== row.reference || payload.state !== ctx.trust.self) {
    throw wrong('it is of another person or state');
  }
  if (payload.decision !== digestOf(state.decision as unknown as Json)) throw new Failure('CORRECTION_OVERTAKEN', {});
  if (state.asked.length > 0) throw new Failure('CORRECTION_REQUEST_TWICE', {});
  const digests = evidence.map((sealed) => digestOf(sealed as unknown as Json));
  if (digestOf(digests) !== digestOf(payload.evidence)) throw wrong('the evidence is not what was sealed');
  const input = { home: filed.home, claim: filed.filedOn, answers: state.application?.payload.answers ?? {} };
  const questions = evidenceQuestions(agreement, service, input).map((one) => `${one.evidence.type}/${one.state}`);
  for (const sealed of evidence) {
    const { type, issuer, issuedAt } = sealed.payload;
    const key = `${type}/${issuer.state}`;
    if (!questions.includes(key)) throw wrong('evidence that the answers do not call for');
    const about = {
      type,
      state: issuer.state,
      application: filed.id,
      reference: filed.reference,
      home: filed.home,
      represented: representedKey(representedBy(filed.actor.mandate)),
    };
    verifyIssuedEvidence(ctx, agreement, sealed, about, payload.at);
    if (issuedAt > addMilliseconds(payload.at, SKEW_MS)) throw wrong('evidence is younger than the request');
    const known = evidenceNow(state).find(({ payload: one }) => `${one.type}/${one.issuer.state}` === key);
    // An older answer must not undo a newer one.
    if (known !== undefined && issuedAt <= known.payload.issuedAt)
      throw wrong('evidence that is no newer than what is known');
  }
  if (new Set(evidence.map(({ payload: one }) => `${one.type}/${one.issuer.state}`)).size < evidence.length) {
    throw wrong('two answers to one question');
  }
}

/** What came with it is read for the case: one more use of her data. */
async function recordUse(ctx: CasesContext, tx: Tx, { row }: HeldCase, { evidence }: CorrectionBody): Promise<void> {
  if (evidence.length === 0) return;
  const agreement = getPinned(ctx, row);
  const outcome = agreement.services[row.service]?.decision.outcome ?? '';
  await recordAccess(tx, ctx, {
    subject: { home: row.home, reference: row.reference },
    state: ctx.trust.self,
    agency: row.agency,
    fields: evidence.map(({ payload }) => `${payload.type}/${payload.issuer.state}`),
    purpose: `${agreement.name}.decision`,
    ground: { kind: 'law', article: agreement.rules[outcome]?.article ?? '' },
    application: row.application,
    case: row.id,
  });
}

import { type Agreement, demandFacts, type EvidenceType, withheldUntil } from '../../agreements/index.ts';
import { today } from '../../calendar/index.ts';
import { refuseTransaction, respondTransaction, type TransactionRecord } from '../../exchange/index.ts';
import { Failure, isFailure, type Json, type Tx } from '../../storage/index.ts';
import type { RegistersContext } from '../context.ts';
import { REGISTERS_FAILURES } from '../failures.ts';
import { type Asked, serveEvidence } from './serve-evidence.ts';

/**
 * A question of another state (or of our own) arrived: answered with signed evidence, or refused with the code of what is wrong with it.
 * Runs once per question, in the transaction that answers.
 */
export async function questionArrived(
  ctx: RegistersContext,
  tx: Tx,
  transaction: TransactionRecord,
  body: Json,
): Promise<void> {
  try {
    const evidence = await serveEvidence(tx, ctx, body, askedUnder(ctx, transaction));
    await respondTransaction(tx, ctx, transaction.id, evidence as unknown as Json);
  } catch (error) {
    if (!isFailure(error) || !isRefusal(error)) throw error;
    await refuseTransaction(tx, ctx, transaction.id, { code: error.code });
  }
}

const REFUSALS = new Set([...Object.keys(REGISTERS_FAILURES), 'PERSONS_REFERENCE_UNKNOWN', 'AGREEMENT_FACTS_REFUSED']);

/** A wrong question is refused, and so is one whose answer this register could not give in the agreed form; all else is tried again. */
function isRefusal({ code }: Failure): boolean {
  return REFUSALS.has(code);
}

/** What our own copy of the agreement says about the question: the contract must be one that we ratified for today. */
function askedUnder(ctx: RegistersContext, transaction: TransactionRecord): Asked {
  const { self } = ctx.trust;
  const agreement = ctx.agreements.byContract(transaction.contract);
  const day = today(ctx.clock, self);
  const ratified = ctx.trust
    .ratifications(self, agreement?.name ?? '', day)
    .some(({ contract }) => contract === transaction.contract);
  if (agreement === undefined || !ratified || !agreement.parties.includes(transaction.from)) {
    throw new Failure('REGISTERS_CONTRACT_UNKNOWN', { contract: transaction.contract.slice(0, 16) });
  }
  const evidence = evidenceOf(agreement, transaction.code);
  const agency = evidence === undefined ? undefined : agreement.annexes[self]?.roles[evidence.servedBy];
  if (evidence === undefined || agency === undefined) {
    throw new Failure('REGISTERS_NOT_SERVED', { agency: self, type: transaction.code.slice(0, 60) });
  }
  return {
    from: transaction.from,
    agency,
    agreement: agreement.contractDigest,
    evidence,
    withheldUntil: withheldUntil(agreement, evidence.ground, ctx.clock.now(), self),
    demandFacts: (facts) => demandFacts(agreement, evidence.type, facts),
  };
}

function evidenceOf(agreement: Agreement, code: string): EvidenceType | undefined {
  const type = agreement.transactions[code]?.evidence;
  return type === undefined ? undefined : agreement.evidence[type];
}

import { type Agreement, confirmationsFor } from '../agreements/index.ts';
import type { SealedApplication } from '../applications/index.ts';
import { dayOf } from '../calendar/index.ts';
import { Failure } from '../storage/index.ts';
import type { HeldCase } from './append.ts';
import type { CasesContext } from './context.ts';

/**
 * What a case is decided by: the contract that it was filed under, or that an officer moved it to, and its own annex as it was then,
 * whatever has been ratified since.
 */
export function pinnedAgreement(
  { agreements, trust }: Pick<CasesContext, 'agreements' | 'trust'>,
  { contract, annex, filedOn, movedAt }: Pick<HeldCase['row'], 'contract' | 'annex' | 'filedOn' | 'movedAt'>,
): Agreement | undefined {
  const on = movedAt === undefined ? filedOn : dayOf(movedAt, trust.self);
  return agreements.byContract(contract, { annexes: { [trust.self]: annex }, on });
}

/**
 * What she filed under, wherever the case was moved since: what registers signed for her application is signed for this contract.
 * @throws Failure CLAIM_CONTRACT_UNKNOWN
 */
export function filedUnder(ctx: Pick<CasesContext, 'agreements'>, { contract, filedOn }: SealedApplication): Agreement {
  const agreement = ctx.agreements.byContract(contract, { on: filedOn });
  if (agreement === undefined) throw new Failure('CLAIM_CONTRACT_UNKNOWN', { contract: contract.slice(0, 16) });
  return agreement;
}

/** The same where nothing can be done without it. @throws Failure CLAIM_CONTRACT_UNKNOWN */
export function getPinned(ctx: Pick<CasesContext, 'agreements' | 'trust'>, row: HeldCase['row']): Agreement {
  const agreement = pinnedAgreement(ctx, row);
  if (agreement === undefined) throw new Failure('CLAIM_CONTRACT_UNKNOWN', { contract: row.contract.slice(0, 16) });
  return agreement;
}

/** How many different officers must confirm a case of this state: what the agreement's stages say, annex first. */
export function confirmationsNeeded(ctx: CasesContext, row: HeldCase['row']): number {
  return confirmationsFor(getPinned(ctx, row), row.service, ctx.trust.self);
}

import type { Agreement } from '../agreements/index.ts';
import { Failure, type PlainDate } from '../storage/index.ts';
import type { ApplicationsContext } from './context.ts';

/** The states of the agreement that have not ratified this very contract for the day. */
export function statesWithout(ctx: Pick<ApplicationsContext, 'trust'>, agreement: Agreement, day: PlainDate): string[] {
  return agreement.parties.filter(
    (state) => ctx.trust.ratified(state, agreement.name, day)?.contract !== agreement.contractDigest,
  );
}

/**
 * Refuses a contract that is not the same in all states, before a person fills anything in.
 * @throws Failure AGREEMENT_NOT_RATIFIED naming the first state without it
 */
export function requireCommonContract(
  ctx: Pick<ApplicationsContext, 'trust'>,
  agreement: Agreement,
  day: PlainDate,
): void {
  const [state] = statesWithout(ctx, agreement, day);
  if (state !== undefined) throw new Failure('AGREEMENT_NOT_RATIFIED', { state, agreement: agreement.name });
}

import { deadline, workingDaysAfter } from '../../calendar/index.ts';
import type { Instant } from '../../storage/index.ts';
import type { Agreement, DecisionDeadline, Service } from '../types.ts';
import { annexOf } from './decide.ts';

/**
 * How long the authority of one state has to decide: the contract's time, or that of the state's annex.
 * @throws Failure AGREEMENT_NO_STATE
 * @example termsFor(agreement, service, 'kz').decide // 'P15D'
 */
export function termsFor(agreement: Agreement, service: Service, state: string): DecisionDeadline {
  const { days: _contract, ...rest } = service.deadline;
  const own = annexOf(agreement, state).deadlines[service.name];
  return own === undefined ? service.deadline : { ...rest, ...own };
}

/**
 * The last moment at which an authority decides in time on a claim, in calendar days, or in working days of its state.
 * @param from the receipt of the claim at home
 * @throws Failure AGREEMENT_NO_STATE, CALENDAR_STATE_UNKNOWN
 * @example decideBy(agreement, service, 'kz', '2026-03-02T05:00:00.000Z') // '2026-03-26T18:59:59.999Z'
 */
export function decideBy(agreement: Agreement, service: Service, state: string, from: Instant): Instant {
  const { decide, days } = termsFor(agreement, service, state);
  return days === 'working'
    ? workingDaysAfter(from, decide, state, annexOf(agreement, state).holidays)
    : deadline(from, decide, state);
}

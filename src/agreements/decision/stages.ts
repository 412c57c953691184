import { getService } from '../journey/journey.ts';
import type { Agreement, Stage } from '../types.ts';
import { annexOf } from './decide.ts';

/**
 * The stages of a service as one state has them: the contract's, with the confirmations of its annex.
 * @throws Failure AGREEMENT_NO_SERVICE, AGREEMENT_NO_STATE
 * @example stagesFor(agreement, 'pension', 'kz').find(({ verb }) => verb === 'confirm')?.confirmations?.count // 2
 */
export function stagesFor(agreement: Agreement, serviceName: string, state: string): Stage[] {
  const own = annexOf(agreement, state).confirmations[serviceName] ?? {};
  return getService(agreement, serviceName).stages.map((stage) => {
    const confirmations = own[stage.name] ?? stage.confirmations;
    return confirmations === undefined ? stage : { ...stage, confirmations };
  });
}

/** How many different officers must confirm a decision in a state; 0 where none must. */
export function confirmationsFor(agreement: Agreement, serviceName: string, state: string): number {
  const counts = stagesFor(agreement, serviceName, state).map(({ confirmations }) => confirmations?.count ?? 0);
  return Math.max(0, ...counts);
}

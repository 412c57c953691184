import { Failure } from '../../storage/index.ts';
import type { Pattern } from '../protocol/head.ts';

/**
 * What belongs to each pattern after the UN/CEFACT Modelling Methodology (UMM): whether the asked side says that it accepts the
 * request for processing, and whether it answers. Any request may be refused. The one-way patterns end with the receipt.
 */
const STEPS: Record<Pattern, { accept: boolean; respond: boolean }> = {
  notification: { accept: false, respond: false },
  informationDistribution: { accept: false, respond: false },
  queryResponse: { accept: true, respond: true },
  requestConfirm: { accept: true, respond: true },
  requestResponse: { accept: true, respond: true },
  mutualObligation: { accept: true, respond: true },
};

/** Whether a transaction of this pattern ends with its receipt. */
export function isOneWay(pattern: Pattern): boolean {
  return !STEPS[pattern].respond;
}

/** @throws Failure EXCHANGE_PATTERN for a step that the pattern does not have */
export function demandStep(pattern: Pattern, step: 'accept' | 'respond'): void {
  if (!STEPS[pattern][step]) throw new Failure('EXCHANGE_PATTERN', { pattern, step });
}

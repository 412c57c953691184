import { Failure } from '../../storage/index.ts';
import type { Pattern } from '../protocol/head.ts';

/** Where a transaction stands. `sent` on the asking side only; `responded` and `refused` are its ends. */
export type Standing = 'sent' | 'received' | 'accepted' | 'responded' | 'refused';

/** What can happen to a transaction: a receipt, an acceptance for processing, an answer, a negative acknowledgement. */
export type Step = 'acknowledge' | 'accept' | 'respond' | 'refuse';

type Machine = Readonly<Record<Standing, Partial<Readonly<Record<Step, Standing>>>>>;

/** Ends with its receipt. The receiver may still say that it cannot take it. */
const TOLD: Machine = {
  sent: { acknowledge: 'received', refuse: 'refused' },
  received: { refuse: 'refused' },
  accepted: {},
  responded: {},
  refused: {},
};
/** Ends with its receipt, and nobody answers: it went to many. */
const SPREAD: Machine = { ...TOLD, sent: { acknowledge: 'received' }, received: {} };
/** Answered or refused at once: a register does not say first that it will look. */
const ASKED: Machine = {
  sent: { acknowledge: 'received', respond: 'responded', refuse: 'refused' },
  received: { respond: 'responded', refuse: 'refused' },
  accepted: {},
  responded: {},
  refused: {},
};
/** Somebody works on it: accepted for processing, then answered. A quick answer needs no acceptance before it. */
const WORKED_ON: Machine = {
  ...ASKED,
  sent: { ...ASKED.sent, accept: 'accepted' },
  received: { ...ASKED.received, accept: 'accepted' },
  accepted: { respond: 'responded', refuse: 'refused' },
};
/** Acceptance binds both sides: nothing is answered before it, and nobody refuses after it. */
const BINDING: Machine = {
  ...WORKED_ON,
  sent: { acknowledge: 'received', accept: 'accepted', refuse: 'refused' },
  received: { accept: 'accepted', refuse: 'refused' },
  accepted: { respond: 'responded' },
};

/**
 * The state machine of each pattern, after the business transaction patterns of the UN/CEFACT Modelling Methodology (UMM) and the
 * regulations of the Union's common processes, whose transactions have the same parameters.
 */
const MACHINES: Readonly<Record<Pattern, Machine>> = {
  notification: TOLD,
  informationDistribution: SPREAD,
  queryResponse: ASKED,
  requestConfirm: ASKED,
  requestResponse: WORKED_ON,
  mutualObligation: BINDING,
};

/**
 * Where a transaction stands after a step.
 * @returns undefined where the pattern has no such step from there
 * @example after('queryResponse', 'received', 'respond') // 'responded'
 */
export function after(pattern: Pattern, standing: Standing, step: Step): Standing | undefined {
  return MACHINES[pattern][standing][step];
}

/** Whether a pattern has a step at all. One that it has, but that comes too late or twice, changes nothing. */
export function hasStep(pattern: Pattern, step: Step): boolean {
  return Object.values(MACHINES[pattern]).some((steps) => steps[step] !== undefined);
}

/** Whether a transaction of this pattern ends with its receipt. */
export function isOneWay(pattern: Pattern): boolean {
  return !hasStep(pattern, 'respond');
}

/** @throws Failure EXCHANGE_PATTERN for a step that the pattern does not have where the transaction stands */
export function demandStep(pattern: Pattern, standing: Standing, step: Step): Standing {
  const next = after(pattern, standing, step);
  if (next === undefined) throw new Failure('EXCHANGE_PATTERN', { pattern, step, standing });
  return next;
}

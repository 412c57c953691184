import type { CaseAction, CaseState } from './types.ts';

/** A case before its first action. */
export const EMPTY_CASE: CaseState = {
  phase: 'received',
  evidence: [],
  opinions: [],
  basis: 0,
  confirmations: [],
  told: [],
};

/** The state after one more action. Every state that anybody sees of a case comes from here. */
export function step(state: CaseState, action: CaseAction): CaseState {
  switch (action.verb) {
    case 'open':
      return {
        ...state,
        phase: 'inProgress',
        stage: 'examination',
        application: action.payload.application,
        evidence: action.payload.evidence,
      };
    case 'supplement':
      // Who confirmed saw less than there is now.
      return {
        ...state,
        evidence: [...state.evidence, action.payload.evidence],
        basis: action.sequence,
        confirmations: [],
      };
    case 'request':
      return {
        ...state,
        opinions: [...state.opinions, ...action.payload.opinions.map((one) => ({ ...one, status: 'asked' as const }))],
      };
    case 'opinion': {
      const { transaction, evidence, without = 'given' } = action.payload;
      return {
        ...state,
        opinions: state.opinions.map((one) => (one.transaction === transaction ? { ...one, status: without } : one)),
        evidence: evidence === undefined ? state.evidence : [...state.evidence, evidence],
        basis: action.sequence,
        confirmations: [],
      };
    }
    case 'propose':
      return {
        ...state,
        stage: 'confirmation',
        proposal: action.payload,
        basis: action.sequence,
        confirmations: [],
      };
    case 'confirm': {
      const { note } = action.payload;
      const confirmation = { officer: action.actor, at: action.at, ...(note === undefined ? {} : { note }) };
      return { ...state, confirmations: [...state.confirmations, confirmation] };
    }
    case 'return':
      return {
        ...state,
        basis: action.sequence,
        confirmations: [],
        returned: { reason: action.payload.reason, officer: action.actor, at: action.at },
      };
    case 'notify':
      return { ...state, told: [...state.told, { ...action.payload, at: action.at }] };
    case 'escalate':
      return { ...state, escalatedAt: action.at };
    case 'decide': {
      const { decision, document } = action.payload;
      const { stage: _left, ...rest } = state;
      return {
        ...rest,
        phase: 'decided',
        decision,
        decidedAt: action.at,
        ...(document === undefined ? {} : { document }),
      };
    }
  }
}

/** The state that a list of actions amounts to. */
export function fold(actions: readonly CaseAction[]): CaseState {
  return actions.reduce(step, EMPTY_CASE);
}

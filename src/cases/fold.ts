import { lotOf } from '../agreements/index.ts';
import type { SealedApplication } from '../applications/index.ts';
import type { Json } from '../storage/index.ts';
import type { CaseAction, CaseState, Confirmation } from './types.ts';

/** A case before its first action. */
export const EMPTY_CASE: CaseState = {
  phase: 'received',
  evidence: [],
  opinions: [],
  basis: 0,
  confirmations: [],
  told: [],
  notes: [],
  renewed: [],
  asked: [],
  replaced: [],
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
      const confirmation = confirmationOf(action, action.payload.note);
      return { ...state, confirmations: [...state.confirmations, confirmation] };
    }
    case 'return':
      return {
        ...state,
        basis: action.sequence,
        confirmations: [],
        returned: { reason: action.payload.reason, officer: action.actor, at: action.at },
      };
    case 'move': {
      // The rules are run by the newer contract: who confirmed what the earlier one said has confirmed another decision.
      const { proposal: _earlier, ...rest } = state;
      return {
        ...rest,
        moved: { ...action.payload, at: action.at, officer: action.actor },
        basis: action.sequence,
        confirmations: [],
      };
    }
    case 'notify':
      return { ...state, told: [...state.told, { ...action.payload, at: action.at }] };
    case 'assign': {
      const { assignee: _before, ...rest } = state;
      return { ...rest, ...(action.payload.to === undefined ? {} : { assignee: action.payload.to }) };
    }
    case 'note':
      return { ...state, notes: [...state.notes, { text: action.payload.text, officer: action.actor, at: action.at }] };
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
        standing: action.digest,
        basis: action.sequence,
        ...(document === undefined ? {} : { document }),
      };
    }
    case 'join': {
      const { joined, document } = action.payload;
      return { ...state, joined, ...(document === undefined ? {} : { document }) };
    }
    case 'askCorrection':
      return asked(state, action);
    case 'proposeCorrection':
      return {
        ...state,
        basis: action.sequence,
        correction: { ...action.payload, officer: action.actor, at: action.at, confirmations: [] },
      };
    case 'confirmCorrection': {
      if (state.correction === undefined) return state;
      const confirmations = [...state.correction.confirmations, confirmationOf(action, action.payload.note)];
      return { ...state, correction: { ...state.correction, confirmations } };
    }
    case 'declineCorrection': {
      const { correction: _fallen, ...rest } = state;
      const asked = action.payload.of === 'requests' ? [] : state.asked;
      return { ...rest, asked, basis: action.sequence };
    }
    case 'correct':
      return corrected(state, action);
  }
}

type ActionOf<V extends CaseAction['verb']> = Extract<CaseAction, { verb: V }>;

/** New evidence takes the ground from a correction that was proposed without it. */
function asked(state: CaseState, action: ActionOf<'askCorrection'>): CaseState {
  const { correction, ...rest } = state;
  const { evidence } = action.payload;
  const stays = evidence.length === 0 && correction !== undefined ? { correction } : {};
  return {
    ...rest,
    ...stays,
    asked: [...state.asked, { ...action.payload, at: action.at }],
    renewed: newest([...state.renewed, ...evidence]),
    basis: action.sequence,
  };
}

/** The new decision stands, on the evidence that is there now; what stood is kept beside it. */
function corrected(state: CaseState, action: ActionOf<'correct'>): CaseState {
  const { correction, document: earlier, ...rest } = state;
  const { decision, document } = action.payload;
  const replaced =
    state.decision === undefined
      ? state.replaced
      : [
          ...state.replaced,
          { decision: state.decision, at: action.at, ...(earlier === undefined ? {} : { document: earlier }) },
        ];
  const proposer = correction === undefined ? [] : [{ officer: correction.officer, at: correction.at }];
  return {
    ...rest,
    decision,
    ...(document === undefined ? {} : { document }),
    standing: action.digest,
    basis: action.sequence,
    evidence: evidenceNow(state),
    renewed: [],
    asked: [],
    confirmations: [...proposer, ...(correction?.confirmations ?? [])],
    replaced,
  };
}

const pieceKey = ({ payload }: CaseState['evidence'][number]): string => `${payload.type}/${payload.issuer.state}`;

/** Of each kind the last piece. */
function newest(pieces: CaseState['evidence']): CaseState['evidence'] {
  return [...new Map(pieces.map((piece) => [pieceKey(piece), piece])).values()];
}

/** The evidence of a case with what came anew in the place of what it is a newer answer than. */
export function evidenceNow({ evidence, renewed }: Pick<CaseState, 'evidence' | 'renewed'>): CaseState['evidence'] {
  return newest([...evidence, ...renewed]);
}

function confirmationOf({ actor, at }: Pick<CaseAction, 'actor' | 'at'>, note: string | undefined): Confirmation {
  return { officer: actor, at, ...(note === undefined ? {} : { note }) };
}

/** The state that a list of actions amounts to. */
export function fold(actions: readonly CaseAction[]): CaseState {
  return actions.reduce(step, EMPTY_CASE);
}

/** What she filed, with her answers as the contract has them that the case is decided by now. */
export function filedOf({
  application,
  moved,
}: Pick<CaseState, 'application' | 'moved'>): SealedApplication | undefined {
  const filed = application?.payload;
  return filed === undefined || moved === undefined ? filed : { ...filed, answers: moved.answers };
}

/** The lot of the case, from the application as it was sealed; undefined once that was erased. */
export function lotOfCase({ application }: Pick<CaseState, 'application'>, state: string): number | undefined {
  return application === undefined ? undefined : lotOf(application as unknown as Json, state);
}

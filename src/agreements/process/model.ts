import type { Agreement, Service, Stage, TransactionType } from '../types.ts';
import type { Machine, Step } from './explore.ts';
import { type ProcessWords, processWords } from './words.ts';

type DecidedOutcome = 'granted' | 'partly' | 'refused';

/** Where an application and the case of one deciding authority stand. Deciding authorities work apart from each other. */
export interface ProcessState {
  /** The place in the service's evidence that the citizen has come to. */
  evidence: number;
  /** What became of the transaction that is under way: the question, or the claim. */
  transaction: 'none' | 'sent' | 'late';
  /** `draft` until the claim is sent, `answered` at the end. */
  application: 'draft' | 'sent' | 'answered';
  /** The stage of the case; -1 before it is opened. */
  stage: number;
  /** Officers who have confirmed in this stage. */
  confirmed: number;
  /** What the rules propose, or what was decided. */
  outcome: DecidedOutcome | 'undecided' | 'none';
}

/** The machine of a service, and the words of its states. */
export interface ProcessModel {
  machine: Machine<ProcessState>;
  words: ProcessWords;
}

const START: ProcessState = {
  evidence: 0,
  transaction: 'none',
  application: 'draft',
  stage: -1,
  confirmed: 0,
  outcome: 'none',
};

/**
 * The process of a service as the platform runs it: the citizen's home asks for evidence, sends the claim, the deciding authority goes
 * through the stages, timers end what is not answered.
 * @param outcomes what the rules can give; `undecided` among them
 */
export function modelOf(
  agreement: Agreement,
  service: Service,
  outcomes: readonly ProcessState['outcome'][],
): ProcessModel {
  const words = processWords(agreement, service);
  const part: Part = { agreement, service, outcomes, words, claim: agreement.transactions[service.claim] };
  return {
    words,
    machine: {
      start: START,
      isFinal: ({ application, outcome }) =>
        application === 'answered' && outcome !== 'none' && outcome !== 'undecided',
      steps(state) {
        if (state.application === 'answered') return [];
        if (state.application === 'draft') return draftSteps(part, state);
        return state.stage < 0 ? claimSteps(part, state) : stageSteps(part, state);
      },
    },
  };
}

/** The evidence that is fetched before she applies, in the order in which it is asked. */
export const fetchedEvidence = (agreement: Agreement, { evidence }: Service): string[] =>
  evidence.filter((name) => agreement.evidence[name]?.opinion !== true);

interface Part {
  agreement: Agreement;
  service: Service;
  outcomes: readonly ProcessState['outcome'][];
  words: ProcessWords;
  claim: TransactionType | undefined;
}

type Steps = readonly Step<ProcessState>[];

/** The home node asks for one piece of evidence after the other, then sends the claim. */
function draftSteps({ agreement, service, words, claim }: Part, state: ProcessState): Steps {
  const type = agreement.evidence[fetchedEvidence(agreement, service)[state.evidence] ?? ''];
  const transaction = agreement.transactions[type?.transaction ?? ''];
  const done: ProcessState = { ...state, evidence: state.evidence + 1, transaction: 'none' };
  if (claim === undefined) return [];
  if (type === undefined || transaction === undefined) {
    return [{ to: { ...state, application: 'sent', transaction: 'sent' }, tells: words.sends(claim) }];
  }
  switch (state.transaction) {
    case 'none':
      // The home of the citizen is whoever sends the claim; nobody else begins anything before there is a case.
      return transaction.from === claim.from
        ? [{ to: { ...state, transaction: 'sent' }, tells: words.asks(transaction, type) }]
        : [];
    case 'sent': {
      const steps: Step<ProcessState>[] = [];
      if (transaction.to === type.servedBy) steps.push({ to: done, tells: words.answers(transaction, type) });
      if (transaction.timers.respond !== undefined) {
        steps.push({ to: { ...state, transaction: 'late' }, tells: words.late(transaction) });
      }
      return steps;
    }
    case 'late':
      return [{ to: done, tells: words.waives(type) }];
  }
}

/** The claim opens a case where it arrives, if who receives it is who decides. */
function claimSteps({ service, words, claim }: Part, state: ProcessState): Steps {
  if (claim === undefined) return [];
  const steps: Step<ProcessState>[] = [];
  if (claim.to === service.decidedBy.role) {
    steps.push({ to: { ...state, transaction: 'none', stage: 0 }, tells: words.opens(claim, service.stages[0]) });
  }
  if (state.transaction === 'sent' && claim.timers.respond !== undefined) {
    steps.push({ to: { ...state, transaction: 'late' }, tells: words.late(claim) });
  }
  return steps;
}

function stageSteps(part: Part, state: ProcessState): Steps {
  const { service, words } = part;
  const stage = service.stages[state.stage];
  const goOn: ProcessState = { ...state, stage: state.stage + 1, confirmed: 0 };
  // What the rules left open does not close: it is completed, or the time runs out.
  const closes = { to: { ...state, application: 'answered' as const }, tells: words.closes(state.outcome) };
  if (stage === undefined && state.outcome !== 'undecided') return [closes];
  const steps = [...(stage === undefined ? undecidedSteps(part, state) : workSteps(part, stage, state, goOn))];
  const { silence } = service.deadline;
  // Silence decides for officers who do not, on what the rules have said; what they left open is escalated, and so the stage stays.
  if (silence !== 'escalate' && steps.length > 0 && stage?.verb === 'confirm' && isDecided(state)) {
    const outcome = silence === 'approve' ? 'granted' : 'refused';
    const to: ProcessState = { ...state, stage: service.stages.length, confirmed: 0, outcome };
    if (part.outcomes.includes(outcome)) steps.push({ to, tells: words.silence(service.deadline.decide, outcome) });
  }
  return steps;
}

/** What ends a stage. Nothing does where nobody can do its work. */
function workSteps(part: Part, stage: Stage, state: ProcessState, goOn: ProcessState): Steps {
  const { service, words, outcomes } = part;
  switch (stage.verb) {
    case 'decide':
      return outcomes.map((outcome) => ({ to: { ...goOn, outcome }, tells: words.proposes(stage, outcome) }));
    case 'confirm':
      return confirmSteps(part, stage, state, goOn);
    case 'issue':
      if (service.document === undefined || !isDecided(state)) return undecidedSteps(part, state);
      return [{ to: goOn, tells: words.issues(stage, service.document, state.outcome) }];
    case 'notify':
      return isDecided(state) ? [{ to: goOn, tells: words.notifies(stage) }] : undecidedSteps(part, state);
    case 'request':
      return requestSteps(part, stage, goOn);
    case 'ask':
      return [
        { to: goOn, tells: words.isAnswered(stage) },
        { to: goOn, tells: words.isNotAnswered(stage) },
      ];
    default:
      return [{ to: goOn, tells: words.works(stage) }];
  }
}

/**
 * Officers of another authority answer, or the time for it runs out; then the rules look again. That their transaction leaves no end open
 * is held by its pattern, which has a time to respond.
 */
function requestSteps({ agreement, words, outcomes }: Part, stage: Stage, goOn: ProcessState): Steps {
  const type = agreement.evidence[stage.requests?.evidence ?? ''];
  const transaction = agreement.transactions[type?.transaction ?? ''];
  if (type === undefined || transaction === undefined) return [];
  const ends = [
    ...(transaction.to === type.servedBy ? [words.answers(transaction, type)] : []),
    ...(transaction.timers.respond === undefined ? [] : [words.late(transaction)]),
  ];
  if (stage.requests?.when !== undefined) {
    return [
      { to: goOn, tells: words.works(stage) },
      ...ends.flatMap((tells) => outcomes.map((outcome) => ({ to: { ...goOn, outcome }, tells }))),
    ];
  }
  return ends.flatMap((tells) => outcomes.map((outcome) => ({ to: { ...goOn, outcome }, tells })));
}

const isDecided = ({ outcome }: ProcessState): boolean => outcome !== 'none' && outcome !== 'undecided';

/** Officers confirm what is proposed, each once; what the rules left open goes back to be completed. */
function confirmSteps(part: Part, stage: Stage, state: ProcessState, goOn: ProcessState): Steps {
  if (stage.by !== 'officer') return [];
  if (!isDecided(state)) return undecidedSteps(part, state);
  const count = stage.confirmations?.count ?? 1;
  const confirmed = state.confirmed + 1;
  const to = confirmed >= count ? goOn : { ...state, confirmed };
  return [{ to, tells: part.words.confirms(stage, confirmed, count) }];
}

/** Back to the rules once the missing evidence is there; without a stage that decided before, there is no way. */
function undecidedSteps({ service, words }: Part, state: ProcessState): Steps {
  const back = service.stages.findLastIndex(({ verb }, index) => verb === 'decide' && index < state.stage);
  if (state.outcome !== 'undecided' || back < 0) return [];
  return [{ to: { ...state, stage: back, confirmed: 0, outcome: 'none' }, tells: words.completes() }];
}

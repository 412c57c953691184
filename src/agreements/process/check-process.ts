import type { Budget } from '../budget.ts';
import type { Findings } from '../findings.ts';
import type { Draft } from '../read/draft.ts';
import type { Agreement, Service } from '../types.ts';
import { type Explored, explore } from './explore.ts';
import { fetchedEvidence, modelOf, type ProcessModel, type ProcessState } from './model.ts';
import { checkOutcomes, possibleOutcomes } from './outcomes.ts';
import { type Places, placesOf } from './places.ts';
import { told } from './story.ts';
import { checkTimers } from './timers.ts';
import { checkUses } from './uses.ts';
import { valuesByState } from './values.ts';
import { checkWays } from './ways.ts';

/**
 * Looks at everything that can happen to an application of each service: no stage without a way out, no transaction that nobody answers,
 * nobody waiting for ever, every outcome possible, every piece of evidence allowed before it is asked. What is wrong is told as a
 * story.
 * Findings: AGREEMENT_FACT_NOT_ASKED, AGREEMENT_FACT_NOT_FETCHED, AGREEMENT_RULE_NOT_LISTED, AGREEMENT_STAGE_NO_EXIT, AGREEMENT_STAGE_ORDER, AGREEMENT_TRANSACTION_UNANSWERED, AGREEMENT_DEADLOCK,
 * AGREEMENT_OUTCOME_UNREACHABLE, AGREEMENT_SILENCE, AGREEMENT_CONSENT_NOT_ASKED, AGREEMENT_NOBODY_DECIDES, AGREEMENT_TIMER_ORDER.
 */
export function checkProcesses(draft: Draft, agreement: Agreement, findings: Findings, budget: Budget): void {
  for (const service of Object.values(agreement.services)) {
    const places = placesOf(draft, service);
    checkTimers(agreement, service, places, findings);
    checkUses(agreement, service, findings);
    checkWays(agreement, service, places, findings, budget);
    const values = valuesByState(agreement, service, budget);
    const outcomes = possibleOutcomes(values, service);
    // Where the rules can say nothing at all, every way is without an end, and that is the rules' fault.
    if (!outcomes.some((outcome) => outcome !== 'undecided')) {
      checkOutcomes(agreement, service, values, places, findings);
      continue;
    }
    checkSilence(service, outcomes, places, findings);
    const model = modelOf(agreement, service, outcomes);
    const explored = explore(model.machine);
    const stuck = checkEnds(agreement, service, model, explored, places, findings);
    checkAnswers(agreement, service, explored, places, findings);
    // What is never reached because of a dead end before it is that dead end's fault.
    if (stuck) continue;
    checkOrder(service, model, explored, places, findings);
    checkOutcomes(agreement, service, values, places, findings);
  }
}

/** Silence gives what the rules can give, and nothing else. */
function checkSilence(
  { name, deadline: { silence } }: Service,
  outcomes: readonly ProcessState['outcome'][],
  places: Places,
  findings: Findings,
): void {
  if (silence === 'escalate') return;
  const outcome = silence === 'approve' ? 'granted' : 'refused';
  // Where nothing at all can be granted, that is said of the rules.
  if (outcomes.includes(outcome) || (outcome === 'granted' && !outcomes.includes('partly'))) return;
  const reason = `the rules never say "${outcome}"`;
  findings.add('AGREEMENT_SILENCE', { service: name, silence, reason }, places.deadline);
}

/** @returns whether some state has no end after it */
function checkEnds(
  agreement: Agreement,
  service: Service,
  { words, machine }: ProcessModel,
  explored: Explored<ProcessState>,
  places: Places,
  findings: Findings,
): boolean {
  const [first] = explored.doomed;
  if (first === undefined) return false;
  // The state in which nothing happens any more tells why; one from which that cannot be avoided tells less.
  const dead = explored.doomed.find((state) => machine.steps(state).length === 0) ?? first;
  const story = explored.story(dead);
  const claim = agreement.transactions[service.claim];
  const stage = service.stages[dead.stage];
  if (dead.application === 'sent' && stage !== undefined) {
    const end = `${words.stage(stage)} never ends: ${whyNoExit(service, stage.verb, stage.by)}.`;
    const params = { stage: stage.name, service: service.name };
    findings.add('AGREEMENT_STAGE_NO_EXIT', params, places.stage(dead.stage), undefined, told(story, capital(end)));
  } else if (dead.application === 'sent' && dead.stage < 0 && claim !== undefined) {
    const decider = words.role(service.decidedBy.role);
    const end = `${decider} decides, and waits for a claim; ${words.role(claim.from)} waits for ${words.role(claim.to)}: nobody goes on.`;
    const params = { service: service.name, one: claim.from, other: service.decidedBy.role };
    findings.add('AGREEMENT_DEADLOCK', params, places.transaction(claim.code), undefined, told(story, end));
  } else if (dead.application === 'draft') {
    const type = agreement.evidence[fetchedEvidence(agreement, service)[dead.evidence] ?? ''];
    const transaction = agreement.transactions[type?.transaction ?? ''];
    if (type === undefined || transaction === undefined || claim === undefined) return true;
    const end = `The citizen at ${words.role(claim.from)} waits for ${type.type}, which only ${words.role(transaction.from)} asks for, and that has no case yet: nobody goes on.`;
    const params = { service: service.name, one: claim.from, other: transaction.from };
    findings.add('AGREEMENT_DEADLOCK', params, places.transaction(transaction.code), undefined, told(story, end));
  } else {
    const end = 'Nobody has decided, and nothing is left to do.';
    const params = { stage: service.stages.at(-1)?.name ?? '', service: service.name };
    findings.add(
      'AGREEMENT_STAGE_NO_EXIT',
      params,
      places.stage(service.stages.length - 1),
      undefined,
      told(story, end),
    );
  }
  return true;
}

function whyNoExit(service: Service, verb: string, by: string): string {
  if (verb === 'confirm' && by !== 'officer') return 'only an officer can confirm, and the stage is left to the system';
  if (verb === 'issue' && service.document === undefined) return 'the service names no document that could be issued';
  return `nothing was decided before it that "${verb}" could work on`;
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** A timer may end a question, but who is asked must be able to answer it. */
function checkAnswers(
  agreement: Agreement,
  service: Service,
  explored: Explored<ProcessState>,
  places: Places,
  findings: Findings,
): void {
  for (const [index, name] of fetchedEvidence(agreement, service).entries()) {
    const type = agreement.evidence[name];
    const transaction = agreement.transactions[type?.transaction ?? ''];
    if (type === undefined || transaction === undefined || transaction.to === type.servedBy) continue;
    const late = explored.states.find((state) => state.evidence === index && state.transaction === 'late');
    if (late === undefined) continue;
    const end = `${name} is served by the role ${type.servedBy}, which nobody asked: ${transaction.to} can never answer.`;
    const params = { code: transaction.code, role: transaction.to };
    const story = told(explored.story(late), end);
    findings.add('AGREEMENT_TRANSACTION_UNANSWERED', params, places.transaction(transaction.code), undefined, story);
  }
  for (const [index, { requests }] of service.stages.entries()) {
    const type = agreement.evidence[requests?.evidence ?? ''];
    const opinion = agreement.transactions[type?.transaction ?? ''];
    if (type === undefined || opinion === undefined) continue;
    const before = explored.states.find(({ stage, application }) => stage === index && application === 'sent');
    const story = before === undefined ? [] : explored.story(before);
    const say = (role: string, end: string): void =>
      findings.add(
        'AGREEMENT_TRANSACTION_UNANSWERED',
        { code: opinion.code, role },
        places.transaction(opinion.code),
        undefined,
        told(story, end),
      );
    if (opinion.from !== service.decidedBy.role) {
      say(
        opinion.from,
        `The role ${service.decidedBy.role} has the case, but only ${opinion.from} may ask by ${opinion.code}.`,
      );
    } else if (opinion.to !== type.servedBy) {
      say(
        opinion.to,
        `${type.type} is given by the role ${type.servedBy}, which nobody asked: ${opinion.to} can never answer.`,
      );
    }
  }
  for (const { sends } of service.stages) {
    const notice = agreement.transactions[sends?.transaction ?? ''];
    if (notice === undefined || notice.from === service.decidedBy.role) continue;
    const end = `The role ${service.decidedBy.role} has decided, but only ${notice.from} may send ${notice.code}.`;
    const params = { code: notice.code, role: notice.from };
    const story = told(['The case is decided.'], end);
    findings.add('AGREEMENT_TRANSACTION_UNANSWERED', params, places.transaction(notice.code), undefined, story);
  }
}

/** A document is issued, and a person told, only after the last officer has confirmed. */
function checkOrder(
  service: Service,
  { words }: ProcessModel,
  explored: Explored<ProcessState>,
  places: Places,
  findings: Findings,
): void {
  const confirms = service.stages.findLastIndex(({ verb }) => verb === 'confirm');
  const confirm = service.stages[confirms];
  for (const [index, stage] of service.stages.entries()) {
    if (confirm === undefined || index >= confirms || !['issue', 'notify'].includes(stage.verb)) continue;
    const early = explored.states.find((state) => state.stage === index);
    if (early === undefined) continue;
    const end = `${capital(words.stage(stage))} does "${stage.verb}", though ${words.stage(confirm)} is still to come.`;
    const params = { stage: stage.name, service: service.name, before: confirm.name };
    findings.add('AGREEMENT_STAGE_ORDER', params, places.stage(index), undefined, told(explored.story(early), end));
  }
}

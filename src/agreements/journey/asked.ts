import { type FeelValue, fromJson } from '../../feel/index.ts';
import type { Json } from '../../storage/index.ts';
import { type Budget, evaluateWithin } from '../budget.ts';
import type { Answers } from '../decision/types.ts';
import type { Agreement, EvidenceType, Field, Service } from '../types.ts';
import { answerError, isEmpty, offeredFor, statesOfType } from './answers.ts';
import { asStates, type JourneyInput, reachableAnswers } from './journey.ts';

/** A type of evidence, to be asked of one state. */
export interface EvidenceQuestion {
  evidence: EvidenceType;
  state: string;
}

/**
 * The evidence that the answers call for before she applies: each type in the order of the service, each state in the order of the
 * answers.
 * @example evidenceQuestions(agreement, service, input).map(({ evidence, state }) => `${evidence.type}/${state}`)
 */
export function evidenceQuestions(agreement: Agreement, service: Service, input: JourneyInput): EvidenceQuestion[] {
  return questionsFor(agreement, service, input.home, reachableAnswers(agreement, service, input)).filter(
    ({ evidence }) => !evidence.opinion,
  );
}

/** The opinions that the answers call for once the case is open, from the same states for every deciding authority. */
export function opinionQuestions(agreement: Agreement, service: Service, input: JourneyInput): EvidenceQuestion[] {
  return questionsFor(agreement, service, input.home, reachableAnswers(agreement, service, input)).filter(
    ({ evidence }) => evidence.opinion,
  );
}

/** All evidence that answers call for which are known to be reached, opinions among it. */
export function questionsFor(
  agreement: Agreement,
  service: Service,
  home: string,
  answers: Answers,
  budget?: Budget,
): EvidenceQuestion[] {
  const scope = answerScope(service, home, answers);
  return service.evidence.flatMap((name) => {
    const evidence = agreement.evidence[name];
    if (evidence === undefined) return [];
    return asStates(evaluateWithin(budget, evidence.from.compiled, scope)).map((state) => ({ evidence, state }));
  });
}

/** The states whose authorities decide on an application with these answers. */
export function decidersOf(agreement: Agreement, service: Service, input: JourneyInput): string[] {
  return decidersFor(service, input.home, reachableAnswers(agreement, service, input));
}

/** The same for answers that are known to be reached. */
export function decidersFor(service: Service, home: string, answers: Answers, budget?: Budget): string[] {
  return asStates(evaluateWithin(budget, service.decidedBy.forEach.compiled, answerScope(service, home, answers)));
}

/** The answers as names of expressions; what was not answered is null. */
export function answerScope(service: Service, home: string | null, answers: Answers): Record<string, FeelValue> {
  const scope: Record<string, FeelValue> = { home };
  for (const field of Object.values(service.fields)) {
    const given = Object.hasOwn(answers, field.name) ? answers[field.name] : undefined;
    scope[field.name] = answerValue(field, given);
  }
  return scope;
}

/** An answer as a value; one that does not have the form of its field is no answer. */
function answerValue(field: Field, given: Json | undefined): FeelValue {
  if (given === undefined || isEmpty(given)) return null;
  const offered = offeredFor(field, statesOfType(field));
  return answerError(field, given, offered) === undefined ? fromJson(given, field.feelType) : null;
}

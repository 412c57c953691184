import { DATE, type FeelValue, fromJson } from '../../feel/index.ts';
import { Failure, type Json, type PlainDate } from '../../storage/index.ts';
import { type Budget, evaluateWithin, newBudget, spendSteps } from '../budget.ts';
import type { Answers } from '../decision/types.ts';
import { LIMITS } from '../limits.ts';
import type { Agreement, Expression, Field, ListOfThings, Page, Service } from '../types.ts';
import { type AnswerErrorCode, answerError, countError, isEmpty, isGroup, offeredFor } from './answers.ts';

/** What a journey depends on: nothing else, so the same input gives the same pages on every node. */
export interface JourneyInput {
  home: string;
  /** The day of the claim; while a draft is written, today. */
  claim: PlainDate;
  answers: Answers;
}

/** Why an answer is not taken. */
export interface FieldError {
  code: AnswerErrorCode;
  /** Text id: `error.answer.<code>` of the platform, or the field's own sentence in the agreement. */
  text: string;
}

/** A question that is asked, with its answer so far. */
export interface FieldState {
  field: Field;
  /** As it was given, right or wrong; null when open. */
  value: Json;
  /** Values of options, or states, that can be chosen. */
  offered?: readonly string[];
  error?: FieldError;
  /** The things of a list, each with its questions. */
  things?: ThingState[];
}

/** One thing of a list: what is asked of it, and what is right of what was answered. */
export interface ThingState {
  fields: FieldState[];
  answers: Answers;
  complete: boolean;
}

/** A page that is reached. */
export interface PageState {
  name: string;
  title: string;
  lead?: string;
  fields: FieldState[];
  /** The page before; undefined on the first. */
  back?: string;
  /** The page after; undefined on the last, which leads to the check of the answers. */
  next?: string;
  complete: boolean;
}

/** The way through a form as far as the answers lead. */
export interface Journey {
  pages: PageState[];
  /** Only answers that are reached and right. */
  answers: Answers;
  /** Field -> what is wrong, for reached fields only. */
  errors: Record<string, FieldError>;
  complete: boolean;
}

/**
 * Follows a form: which pages and questions are reached, what is wrong with the answers, where each page leads back to.
 * An answer to a question that is not reached does not count, as if it had never been given.
 *
 * @param budget what a check may spend on it
 * @example pathOf(agreement, service, { home: 'kz', claim: '2026-11-22', answers: {} }).pages[0]?.name // 'work'
 */
export function pathOf(agreement: Agreement, service: Service, input: JourneyInput, budget?: Budget): Journey {
  const walk: Walk = {
    agreement,
    budget,
    scope: { home: input.home, claimDate: fromJson(input.claim, DATE) },
    answers: {},
    errors: {},
  };
  for (const name of Object.keys(service.fields)) walk.scope[name] = null;

  const pages: PageState[] = [];
  for (const page of service.form) {
    if (page.when !== undefined && evaluateWithin(budget, page.when.compiled, walk.scope) !== true) continue;
    const fields = page.fields.flatMap((name) => visit(walk, service.fields[name], input.answers[name]));
    if (fields.length === 0) continue;
    pages.push(pageOf(page, fields));
  }
  for (const [index, page] of pages.entries()) {
    const [before, after] = [pages[index - 1], pages[index + 1]];
    if (before !== undefined) page.back = before.name;
    if (after !== undefined) page.next = after.name;
  }
  return { pages, answers: walk.answers, errors: walk.errors, complete: pages.every(({ complete }) => complete) };
}

interface Walk {
  agreement: Agreement;
  budget: Budget | undefined;
  scope: Record<string, FeelValue>;
  answers: Answers;
  errors: Record<string, FieldError>;
}

function visit(walk: Walk, field: Field | undefined, given: Json | undefined): FieldState[] {
  if (field === undefined) return [];
  spendSteps(walk.budget, 1);
  if (field.when !== undefined && evaluateWithin(walk.budget, field.when.compiled, walk.scope) !== true) return [];
  const offered = offeredFor(field, statesOf(walk, field.among));
  const made: FieldState = {
    field,
    value: given ?? null,
    ...(offered === undefined ? {} : { offered }),
  };
  if (field.list !== undefined) made.things = visitThings(walk, field.list, given);
  const error = judge(walk, made, given);
  if (error !== undefined) {
    made.error = error;
    walk.errors[field.name] = error;
  }
  return [made];
}

/** Follows the questions of each thing. They see the answers before the list and the thing's own, never another thing's. */
function visitThings(walk: Walk, list: ListOfThings, given: Json | undefined): ThingState[] {
  // What cannot be shown is not followed: a stranger's list of a million things is wrong as it is.
  if (!Array.isArray(given) || given.length > list.most) return [];
  return given.map((thing) => visitThing(walk, list, isGroup(thing) ? thing : {}));
}

function visitThing(
  { agreement, budget, scope }: Walk,
  { fields }: Pick<ListOfThings, 'fields'>,
  thing: Answers,
): ThingState {
  const own: Walk = { agreement, budget, scope: { ...scope }, answers: {}, errors: {} };
  for (const name of Object.keys(fields)) own.scope[name] = null;
  const asked = Object.values(fields).flatMap((field) =>
    visit(own, field, Object.hasOwn(thing, field.name) ? thing[field.name] : undefined),
  );
  return { fields: asked, answers: own.answers, complete: Object.keys(own.errors).length === 0 };
}

/** Questions by themselves, outside a form: what an officer is asked. They see nothing but each other. */
export function questionsState(
  agreement: Agreement,
  fields: Readonly<Record<string, Field>>,
  given: Answers,
): ThingState {
  const budget = newBudget(LIMITS.steps);
  return visitThing({ agreement, budget, scope: {}, answers: {}, errors: {} }, { fields }, given);
}

/** Takes a right answer into the scope; what comes later sees it. */
function judge(walk: Walk, asked: FieldState, written: Json | undefined): FieldError | undefined {
  const { field, offered, things = [] } = asked;
  if (written === undefined || isEmpty(written)) return field.required ? fieldError('required') : undefined;
  const given = field.list === undefined ? written : things.map(({ answers }) => answers);
  const code = field.list === undefined ? answerError(field, given, offered) : thingsError(field.list, written, things);
  if (code !== undefined) return fieldError(code);
  walk.scope[field.name] = fromJson(given, field.feelType);
  if (field.valid !== undefined && evaluateWithin(walk.budget, field.valid.test.compiled, walk.scope) !== true) {
    walk.scope[field.name] = null;
    return { code: 'notValid', text: field.valid.error };
  }
  walk.answers[field.name] = given;
  return undefined;
}

/** Of the list as it was written; of each thing, what its own questions found. */
function thingsError(list: ListOfThings, written: Json, things: readonly ThingState[]): AnswerErrorCode | undefined {
  if (!Array.isArray(written)) return 'wrongType';
  return countError(written.length, list) ?? (things.every(({ complete }) => complete) ? undefined : 'thingWrong');
}

const fieldError = (code: AnswerErrorCode): FieldError => ({ code, text: `error.answer.${code}` });

function statesOf(walk: Walk, among: Expression | undefined): readonly string[] {
  if (among === undefined) return walk.agreement.parties;
  return asStates(evaluateWithin(walk.budget, among.compiled, walk.scope));
}

function pageOf(page: Page, fields: FieldState[]): PageState {
  const { name, title, lead } = page;
  return {
    name,
    title,
    ...(lead === undefined ? {} : { lead }),
    fields,
    complete: fields.every(({ error }) => error === undefined),
  };
}

/**
 * The states that a list expression names, each once, in its own order.
 */
export function asStates(value: FeelValue): string[] {
  const list = Array.isArray(value) ? value : [value];
  return [...new Set(list.filter((state) => typeof state === 'string'))];
}

/** Only the answers that are reached and right. */
export function reachableAnswers(agreement: Agreement, service: Service, input: JourneyInput): Answers {
  return pathOf(agreement, service, input).answers;
}

/**
 * Takes the answers of one page into those given before.
 * @param given by field name; fields of other pages are ignored, null takes an answer back
 * @returns all answers when those of the page are right; else only the errors, a text id for each field
 * @throws Failure AGREEMENT_PAGE_NOT_REACHED
 */
export function applyAnswers(
  agreement: Agreement,
  service: Service,
  input: JourneyInput,
  page: string,
  given: Answers,
): { answers?: Answers; errors: Record<string, string> } {
  const names = service.form.find(({ name }) => name === page)?.fields ?? [];
  const answers = { ...input.answers };
  for (const name of names) {
    if (isEmpty(given[name])) delete answers[name];
    else answers[name] = given[name] ?? null;
  }
  const reached = pathOf(agreement, service, { ...input, answers }).pages.find(({ name }) => name === page);
  if (reached === undefined) throw new Failure('AGREEMENT_PAGE_NOT_REACHED', { page: page.slice(0, 60) });
  const wrong = reached.fields.flatMap(({ field, error }) => (error === undefined ? [] : [[field.name, error.text]]));
  return wrong.length > 0 ? { errors: Object.fromEntries(wrong) } : { answers, errors: {} };
}

/**
 * A service by its name.
 * @throws Failure AGREEMENT_NO_SERVICE
 */
export function getService(agreement: Agreement, name: string): Service {
  const service = Object.hasOwn(agreement.services, name) ? agreement.services[name] : undefined;
  if (service === undefined) throw new Failure('AGREEMENT_NO_SERVICE', { agreement: agreement.name, service: name });
  return service;
}

import { Failure, type Json } from '../../storage/index.ts';
import type { Answers } from '../decision/types.ts';
import type { Agreement, ListOfThings, Service } from '../types.ts';
import { type JourneyInput, pathOf, type ThingState } from './journey.ts';

/** Where a thing stands: the page, its list, and its number from 0; `new` for one that is to be added. */
export interface ThingPlace {
  page: string;
  list: string;
  thing: number | 'new';
}

/**
 * A thing of a list as its page shows it: its questions with what was answered. A new one has none.
 * @param given shown instead of what the draft has, for a page that comes back with errors
 * @throws Failure AGREEMENT_PAGE_NOT_REACHED, AGREEMENT_THING_NOT_FOUND
 */
export function thingOf(
  agreement: Agreement,
  service: Service,
  input: JourneyInput,
  place: ThingPlace,
  given?: Answers,
): ThingState {
  const { things } = listAt(agreement, service, input, place);
  const stored = place.thing === 'new' ? {} : asAnswers(things[place.thing]);
  return judged(agreement, service, input, place, given ?? stored);
}

/**
 * Takes the answers about one thing into the list, after what is there or in its place.
 * @returns all answers when those about the thing are right; else only the errors, a text id for each field
 * @throws Failure AGREEMENT_PAGE_NOT_REACHED, AGREEMENT_THING_NOT_FOUND
 * @example applyThing(agreement, service, input, { page: 'goods', list: 'goods', thing: 'new' }, { name: 'Tea', value: 120 })
 */
export function applyThing(
  agreement: Agreement,
  service: Service,
  input: JourneyInput,
  place: ThingPlace,
  given: Answers,
): { answers?: Answers; errors: Record<string, string> } {
  const { list, things } = listAt(agreement, service, input, place);
  if (place.thing === 'new' && things.length >= list.most) {
    return { errors: { [place.list]: 'error.answer.tooMany' } };
  }
  const thing = judged(agreement, service, input, place, given);
  const wrong = thing.fields.flatMap(({ field, error }) =>
    error === undefined ? [] : [[field.name, error.text] as const],
  );
  if (wrong.length > 0) return { errors: Object.fromEntries(wrong) };
  const after = place.thing === 'new' ? [...things, thing.answers] : things.toSpliced(place.thing, 1, thing.answers);
  return { answers: { ...input.answers, [place.list]: after }, errors: {} };
}

/**
 * Takes one thing out of its list.
 * @throws Failure AGREEMENT_PAGE_NOT_REACHED, AGREEMENT_THING_NOT_FOUND
 */
export function removeThing(
  agreement: Agreement,
  service: Service,
  input: JourneyInput,
  place: ThingPlace & { thing: number },
): Answers {
  const { things } = listAt(agreement, service, input, place);
  const { [place.list]: _before, ...others } = input.answers;
  const after = things.toSpliced(place.thing, 1);
  return after.length === 0 ? others : { ...others, [place.list]: after };
}

function listAt(
  agreement: Agreement,
  service: Service,
  input: JourneyInput,
  { page, list: name, thing }: ThingPlace,
): { list: ListOfThings; things: Json[] } {
  const reached = pathOf(agreement, service, input).pages.find((one) => one.name === page);
  const asked = reached?.fields.find(({ field }) => field.name === name);
  if (asked?.field.list === undefined) throw new Failure('AGREEMENT_PAGE_NOT_REACHED', { page: page.slice(0, 60) });
  const things = Array.isArray(asked.value) ? asked.value : [];
  const there = thing === 'new' || (Number.isSafeInteger(thing) && thing >= 0 && thing < things.length);
  if (!there) throw new Failure('AGREEMENT_THING_NOT_FOUND', {});
  return { list: asked.field.list, things };
}

/** A thing is judged by the answers before its list and its own, so it can be judged as if it were the only one. */
function judged(
  agreement: Agreement,
  service: Service,
  input: JourneyInput,
  { page, list }: ThingPlace,
  given: Answers,
): ThingState {
  const answers = { ...input.answers, [list]: [given] };
  const reached = pathOf(agreement, service, { ...input, answers }).pages.find((one) => one.name === page);
  const thing = reached?.fields.find(({ field }) => field.name === list)?.things?.[0];
  if (thing === undefined) throw new Failure('AGREEMENT_PAGE_NOT_REACHED', { page: page.slice(0, 60) });
  return thing;
}

const asAnswers = (thing: Json | undefined): Answers =>
  typeof thing === 'object' && thing !== null && !Array.isArray(thing) ? thing : {};

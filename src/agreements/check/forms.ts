import type { Budget } from '../budget.ts';
import type { Answers } from '../decision/types.ts';
import { pathOf } from '../journey/journey.ts';
import { LIMITS } from '../limits.ts';
import type { Draft } from '../read/draft.ts';
import type { Agreement, Expression, Field, Position, Service } from '../types.ts';

/** Where a service's form stands, for findings. */
interface FormPlace {
  page(index: number): Position;
  field(name: string): Position;
}

/**
 * Every field is placed once, nothing is used before it is asked, and some answers lead to every page and question.
 * Findings: AGREEMENT_FIELD_PLACED_TWICE, AGREEMENT_FIELD_NOT_PLACED, AGREEMENT_FIELD_USED_EARLY, AGREEMENT_PAGE_UNREACHABLE.
 */
export function checkForms(draft: Draft, agreement: Agreement, budget: Budget): void {
  for (const service of Object.values(agreement.services)) {
    const place = placeOf(draft, service);
    checkPlaces(draft, service, place);
    checkOrder(draft, service);
    checkReach(draft, agreement, service, place, budget);
  }
}

function placeOf(draft: Draft, service: Service): FormPlace {
  const read = draft.services.items.get(service.name);
  const form = draft.forms.items.get(read?.raw.form ?? '');
  const nowhere = { file: `services/${service.name}.yaml`, line: 1, column: 1 };
  return {
    page: (index) => form?.source.at(['pages', index]) ?? nowhere,
    field: (name) => read?.source.at(['fields', name], true) ?? nowhere,
  };
}

function checkPlaces(draft: Draft, service: Service, place: FormPlace): void {
  const placed = new Set<string>();
  for (const [index, page] of service.form.entries()) {
    for (const name of page.fields) {
      if (placed.has(name)) draft.findings.add('AGREEMENT_FIELD_PLACED_TWICE', { name }, place.page(index));
      placed.add(name);
      if (page.fields.length > 1 && service.fields[name]?.type === 'list') {
        const reason = 'a list has a page of its own';
        draft.findings.add('AGREEMENT_FIELD_SHAPE', { name, reason }, place.page(index));
      }
    }
  }
  for (const name of Object.keys(service.fields)) {
    if (!placed.has(name)) draft.findings.add('AGREEMENT_FIELD_NOT_PLACED', { name }, place.field(name));
  }
}

/** A condition sees earlier pages only: the page is made before its own questions are answered. A validity test sees its own. */
function checkOrder(draft: Draft, service: Service): void {
  const asked = new Set<string>();
  const demandAsked = (expression: Expression | undefined, fields: Service['fields'], own?: string): void => {
    for (const path of expression?.compiled.dependencies ?? []) {
      const name = path.split('.')[0] ?? path;
      if (expression === undefined || fields[name] === undefined || asked.has(name) || name === own) continue;
      draft.findings.add('AGREEMENT_FIELD_USED_EARLY', { name }, expression.at);
    }
  };
  const checkPage = (fields: readonly Field[], known: Service['fields']): void => {
    for (const field of fields) {
      demandAsked(field.when, known);
      demandAsked(field.among, known);
      if (field.list !== undefined) checkThing(field.list.fields);
    }
    for (const field of fields) {
      asked.add(field.name);
      demandAsked(field.valid?.test, known, field.name);
    }
  };
  // The questions of a thing stand on one page, one after the other: each sees those before it.
  const checkThing = (fields: Service['fields']): void => {
    const known = { ...service.fields, ...fields };
    for (const field of Object.values(fields)) checkPage([field], known);
    for (const name of Object.keys(fields)) asked.delete(name);
  };
  for (const page of service.form) {
    demandAsked(page.when, service.fields);
    checkPage(
      page.fields.flatMap((name) => service.fields[name] ?? []),
      service.fields,
    );
  }
}

/**
 * Walks the form with every combination of the answers that conditions look at. Conditions over texts, numbers and dates are not
 * judged: their answers cannot be counted.
 */
function checkReach(draft: Draft, agreement: Agreement, service: Service, place: FormPlace, budget: Budget): void {
  const looked = conditionFields(service);
  const domains = [...looked].map((name) => domainOf(agreement, service.fields[name]));
  if (domains.some((domain) => domain === undefined)) return;
  const known = domains.filter((domain) => domain !== undefined);
  if (known.reduce((count, domain) => count * domain.length, 1) > LIMITS.combinations) return;

  const pages = new Set<string>();
  const fields = new Set<string>();
  for (const answers of combinations([...looked], known)) {
    for (const home of agreement.parties) {
      const journey = pathOf(agreement, service, { home, claim: agreement.inForce, answers }, budget);
      if (budget.left < 0) return;
      for (const page of journey.pages) {
        pages.add(page.name);
        for (const { field } of page.fields) fields.add(field.name);
      }
    }
    if (pages.size === service.form.length && fields.size === Object.keys(service.fields).length) return;
  }
  for (const [index, page] of service.form.entries()) {
    if (!pages.has(page.name)) {
      draft.findings.add(
        'AGREEMENT_PAGE_UNREACHABLE',
        { name: `the page ${page.name}` },
        page.when?.at ?? place.page(index),
      );
      continue;
    }
    for (const name of page.fields) {
      const at = service.fields[name]?.when?.at ?? place.field(name);
      if (!fields.has(name)) draft.findings.add('AGREEMENT_PAGE_UNREACHABLE', { name: `the question ${name}` }, at);
    }
  }
}

/**
 * The fields that decide, directly or through the choice of states, what is asked.
 * @param more expressions that look at answers too
 */
export function conditionFields(service: Service, more: readonly Expression[] = []): Set<string> {
  const fields = new Set<string>();
  const visit = (expression: Expression | undefined): void => {
    for (const path of expression?.compiled.dependencies ?? []) {
      const name = path.split('.')[0] ?? path;
      const field = service.fields[name];
      if (field === undefined || fields.has(name)) continue;
      fields.add(name);
      for (const inner of [field.when, field.among, field.valid?.test]) visit(inner);
    }
  };
  for (const page of service.form) visit(page.when);
  for (const field of Object.values(service.fields)) visit(field.when);
  for (const expression of more) visit(expression);
  return fields;
}

/** All answers that a field can have, nothing among them; undefined where they cannot be counted. */
export function domainOf(agreement: Agreement, field: Field | undefined): Answers[string][] | undefined {
  switch (field?.type) {
    case 'yesNo':
      return [null, true, false];
    case 'choice':
      return [null, ...Object.keys(field.options ?? {})];
    case 'state':
      return [null, ...agreement.parties];
    case 'states':
      return subsets(agreement.parties);
    case 'choices':
      return subsets(Object.keys(field.options ?? {}));
    default:
      return undefined;
  }
}

function subsets(values: readonly string[]): string[][] | undefined {
  if (values.length > 12) return undefined;
  return Array.from({ length: 2 ** values.length }, (_, bits) => values.filter((_value, index) => (bits >> index) & 1));
}

/** Every combination of answers, one value of each domain. */
export function* combinations(names: readonly string[], domains: readonly Answers[string][][]): Generator<Answers> {
  const counts = domains.map((domain) => domain.length);
  const total = counts.reduce((product, count) => product * count, 1);
  for (let number = 0; number < total; number++) {
    let rest = number;
    const answers: Answers = {};
    for (const [index, name] of names.entries()) {
      const count = counts[index] ?? 1;
      answers[name] = domains[index]?.[rest % count] ?? null;
      rest = Math.floor(rest / count);
    }
    yield answers;
  }
}

import { evaluate, unaryTest } from 'feelin';
import {
  type Boxed,
  type BoxedTable,
  type Decision,
  type DmnModel,
  type FeelValue,
  type Knowledge,
  parseDate,
  parseDateTime,
  parseDuration,
  parseNumber,
  parseTime,
  toFeel,
} from '../src/feel/index.ts';
import type { TckCase, TckSuite } from './_tck-cases.ts';

type Scope = Record<string, unknown>;

/** What `feelin` makes of a test: it has no models, so the elements are walked here and it evaluates every text. */
export function feelinResults({ model, imported }: TckSuite, { inputs, service, results }: TckCase): FeelValue[] {
  const given = new Map([...inputs].map(([name, value]) => [name, toTheirs(value)]));
  const walk = new Walk(model, imported, given);
  return results.map(({ name }) => {
    try {
      return fromTheirs(service === undefined ? walk.decision(name) : walk.served(service, name));
    } catch {
      return null;
    }
  });
}

const toTheirs = (value: FeelValue): unknown => {
  if (Array.isArray(value)) return value.map(toTheirs);
  if (value instanceof Map) return Object.fromEntries([...value].map(([name, entry]) => [name, toTheirs(entry)]));
  return evaluate(toFeel(value), {}).value;
};

/** Numbers, texts, lists and contexts are JavaScript's; dates, times and durations are read from their texts. */
function fromTheirs(value: unknown): FeelValue {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number') return parseNumber(String(value));
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (Array.isArray(value)) return value.map(fromTheirs);
  if (Object.getPrototypeOf(value) === Object.prototype) {
    return new Map(Object.entries(value as object).map(([name, entry]) => [name, fromTheirs(entry)]));
  }
  const text = String(evaluate('string(x)', { x: value }).value);
  return parseDate(text) ?? parseTime(text) ?? parseDateTime(text) ?? parseDuration(text);
}

/** One evaluation of a model. */
class Walk {
  private readonly values = new Map<string, unknown>();
  private readonly model: DmnModel;
  private readonly imported: readonly DmnModel[];
  private readonly given: ReadonlyMap<string, unknown>;

  constructor(model: DmnModel, imported: readonly DmnModel[], given: ReadonlyMap<string, unknown>) {
    this.model = model;
    this.imported = imported;
    this.given = given;
  }

  decision(name: string): unknown {
    const found = this.model.decisions.find((one) => one.name === name);
    return found === undefined ? null : this.make(found.id, found);
  }

  served(service: string, name: string): unknown {
    for (const href of this.model.services.find((one) => one.name === service)?.inputDecisions ?? []) {
      const decision = this.model.decisions.find((one) => one.id === idOf(href));
      if (decision !== undefined) this.values.set(decision.id, this.given.get(decision.name) ?? null);
    }
    return this.decision(name);
  }

  private make(id: string, decision: Decision): unknown {
    if (this.values.has(id)) return this.values.get(id);
    this.values.set(id, null);
    const value = boxed(decision.logic, this.scopeOf(decision));
    this.values.set(id, value);
    return value;
  }

  private scopeOf({ requires }: Decision | Knowledge): Scope {
    const scope: Scope = {};
    for (const href of [...requires.information, ...requires.knowledge]) {
      const [namespace, id] = [href.slice(0, href.lastIndexOf('#')), idOf(href)];
      const own = this.named(id);
      if (own !== undefined) Object.assign(scope, own);
      else this.addImported(scope, namespace, id);
    }
    return scope;
  }

  private addImported(scope: Scope, namespace: string, id: string): void {
    const model = this.imported.find((one) => one.namespace === namespace || namespace.endsWith(`/${one.id}`));
    const alias = this.model.imports.find((one) => one.namespace === namespace)?.name;
    if (model === undefined || alias === undefined) return;
    const local = new Map([...this.given].map(([name, value]) => [name.replace(/^.*#/, ''), value]));
    const found = new Walk(model, this.imported, local).named(id);
    scope[alias] = { ...(scope[alias] as Scope | undefined), ...found };
  }

  /** The name and value of an element. */
  private named(id: string): Scope | undefined {
    const { inputs, decisions, knowledge, services } = this.model;
    const input = inputs.find((one) => one.id === id);
    if (input !== undefined) return { [input.name]: this.given.get(input.name) ?? null };
    const decision = decisions.find((one) => one.id === id);
    if (decision !== undefined) return { [decision.name]: this.make(id, decision) };
    const known = knowledge.find((one) => one.id === id);
    if (known !== undefined) return { [known.name]: boxed(known.logic, this.scopeOf(known)) };
    const service = services.find((one) => one.id === id);
    if (service === undefined) return undefined;
    const parameters = [...service.inputData, ...service.inputDecisions].map(idOf);
    const names = parameters.map((one) => [...inputs, ...decisions].find((other) => other.id === one)?.name ?? '');
    const call = (...args: unknown[]): unknown => {
      const inner = new Walk(this.model, this.imported, new Map(names.map((name, at) => [name, args[at] ?? null])));
      for (const [at, one] of parameters.entries()) inner.values.set(one, args[at] ?? null);
      const outputs = service.outputs.map(
        (href) => decisions.find((other) => other.id === idOf(href)) as Decision | undefined,
      );
      const made = outputs.map((output) => (output === undefined ? null : inner.make(output.id, output)));
      if (made.length === 1) return made[0];
      return Object.fromEntries(outputs.map((output, at) => [output?.name ?? '', made[at]]));
    };
    return { [service.name]: Object.assign(call, { $args: names }) };
  }
}

const idOf = (href: string): string => href.slice(href.lastIndexOf('#') + 1);

const text = (source: string, scope: Scope): unknown => evaluate(source, scope).value;

function boxed(logic: Boxed | undefined, scope: Scope): unknown {
  switch (logic?.kind) {
    case undefined:
      return null;
    case 'literal':
      return text(logic.text, scope);
    case 'table':
      return table(logic, scope);
    case 'context': {
      const made: Scope = {};
      for (const { name, value } of logic.entries) {
        const entry = boxed(value, { ...scope, ...made });
        if (name === undefined) return entry;
        made[name] = entry;
      }
      return made;
    }
    case 'invocation': {
      const args = logic.bindings.map(({ value }, at): [string, unknown] => [`argument${at}`, boxed(value, scope)]);
      const names = logic.bindings.map(({ name }, at) => `${name}: argument${at}`).join(', ');
      const callee = boxed(logic.callee, scope);
      return text(`called(${names})`, { called: callee, ...Object.fromEntries(args) });
    }
    case 'function': {
      if (logic.language !== 'FEEL') return null;
      const names = logic.parameters.map(({ name }) => name);
      const call = (...args: unknown[]): unknown =>
        boxed(logic.body, { ...scope, ...Object.fromEntries(names.map((name, at) => [name, args[at] ?? null])) });
      return Object.assign(call, { $args: names });
    }
    case 'relation':
      return logic.rows.map((row) =>
        Object.fromEntries(logic.columns.map((name, at) => [name, boxed(row[at], scope)])),
      );
    case 'list':
      return logic.items.map((item) => boxed(item, scope));
    case 'conditional':
      return boxed(logic.condition, scope) === true ? boxed(logic.yes, scope) : boxed(logic.no, scope);
    case 'filter': {
      const list = boxed(logic.list, scope);
      const items = Array.isArray(list) ? list : [list];
      return items.filter((item) => boxed(logic.match, { ...scope, item, ...(item as object) }) === true);
    }
    case 'iterator': {
      const list = boxed(logic.list, scope);
      if (!Array.isArray(list)) return null;
      const made = list.map((item) => boxed(logic.body, { ...scope, [logic.variable]: item }));
      if (logic.of === 'for') return made;
      if (!made.every((value) => typeof value === 'boolean')) return null;
      return logic.of === 'some' ? made.includes(true) : !made.includes(false);
    }
  }
}

function table({ hitPolicy, inputs, outputs, rules }: BoxedTable, scope: Scope): unknown {
  const values = inputs.map(({ expression }) => text(expression, scope));
  const matched = rules.filter(({ when }) =>
    when.every((test, at) => test === '-' || unaryTest(test, { ...scope, '?': values[at] }).value === true),
  );
  const make = (cells: readonly (string | undefined)[]): unknown => {
    const made = cells.map((cell) => (cell === undefined ? null : text(cell, scope)));
    return outputs.length === 1 ? made[0] : Object.fromEntries(outputs.map(({ name }, at) => [name ?? '', made[at]]));
  };
  const hits = matched.map(({ gives }) => make(gives));
  if (hits.length === 0) {
    if (outputs.some((output) => output.default !== undefined)) return make(outputs.map((output) => output.default));
    return null;
  }
  const ranked = (): unknown[] => {
    const orders = outputs.map(({ values: list }) =>
      list === undefined ? [] : (text(`[${list}]`, scope) as unknown[]),
    );
    const rank = (hit: unknown): number[] =>
      orders.map((order, at) => order.indexOf(outputs.length === 1 ? hit : (hit as Scope)[outputs[at]?.name ?? '']));
    const compare = (a: number[], b: number[]): number => a.map((one, at) => one - (b[at] ?? 0)).find(Boolean) ?? 0;
    return hits.toSorted((a, b) => compare(rank(a), rank(b)));
  };
  const same = hits.every((hit) => JSON.stringify(hit) === JSON.stringify(hits[0]));
  switch (hitPolicy) {
    case 'U':
      return hits.length === 1 ? hits[0] : null;
    case 'A':
      return same ? hits[0] : null;
    case 'F':
      return hits[0];
    case 'P':
      return ranked()[0];
    case 'O':
      return ranked();
    case 'C+':
      return text('sum(hits)', { hits });
    case 'C<':
      return text('min(hits)', { hits });
    case 'C>':
      return text('max(hits)', { hits });
    case 'C#':
      return hits.length;
    default:
      return hits;
  }
}

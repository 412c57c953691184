import { type Compiled, type FeelType, type FeelValue, fromJson, toJson } from '../../feel/index.ts';
import type { Json } from '../../storage/index.ts';
import { type Budget, evaluateWithin } from '../budget.ts';
import { versionsIn } from '../build/annexes.ts';
import { functionScope } from '../decision/decide.ts';
import { LIMITS } from '../limits.ts';
import type { Agreement, Annex, Service } from '../types.ts';

/** The values that a rule can have in one state, null among them; undefined where they cannot be counted. */
export type RuleValues = ReadonlyMap<string, readonly Json[] | undefined>;

/** The values of a service's rules in every state. */
export function valuesByState(agreement: Agreement, service: Service, budget: Budget): ReadonlyMap<string, RuleValues> {
  const annexes = Object.values(agreement.annexes);
  return new Map(annexes.map((annex) => [annex.state, ruleValues(agreement, service, annex, budget)]));
}

/**
 * What each rule of a service can give in one state: by trying all that it can be given where that can be counted (true, false, one of
 * a few words, and not known), else all values of its type. It never leaves out a value that some facts lead to: what is not here
 * cannot be.
 */
export function ruleValues(agreement: Agreement, service: Service, annex: Annex, budget: Budget): RuleValues {
  const known = new Map<string, readonly Json[] | undefined>();
  for (const name of service.decision.order) {
    const rule = agreement.rules[name];
    if (rule === undefined) continue;
    const versions = versionsIn(rule, annex);
    const each = versions.map(({ expression }) => {
      const inputs = expression.dependencies.map((path) => inputOf(agreement, service, annex, known, path));
      return tried(agreement, inputs, expression, budget) ?? valuesOfType(expression.type);
    });
    // Before the first version and after the last there is no rule.
    const gap = versions[0]?.from !== undefined || versions.at(-1)?.until !== undefined;
    known.set(name, together(gap ? [...each, [null]] : each));
  }
  return known;
}

/** A name or path that an expression reads, with all that it can be. */
interface Input {
  path: string;
  type: FeelType;
  values: readonly Json[] | undefined;
}

function inputOf(
  agreement: Agreement,
  service: Service,
  annex: Annex,
  known: RuleValues,
  path: string,
): Input | 'function' {
  const [head = '', ...rest] = path.split('.');
  if (agreement.functions[head] !== undefined) return 'function';
  if (head === 'decider') return { path, type: STATE, values: [annex.state] };
  if (head === 'home') return { path, type: STATE, values: agreement.parties };
  const rule = agreement.rules[head];
  if (rule !== undefined) return { path, type: rule.feelType, values: rest.length === 0 ? known.get(head) : undefined };
  const field = service.fields[head];
  const evidence = Object.values(agreement.evidence).find(({ as }) => as === head);
  const whole = field?.feelType ?? evidence?.feelType;
  const type = rest.length === 0 ? whole : entryOf(whole, rest);
  return { path, type: type ?? STATE, values: type === undefined ? undefined : valuesOfType(type) };
}

const STATE: FeelType = { kind: 'string' };

/** The type one level down; deeper, and through lists, nothing is counted. */
function entryOf(type: FeelType | undefined, [name = '', ...rest]: readonly string[]): FeelType | undefined {
  return type?.kind === 'context' && rest.length === 0 ? type.entries[name] : undefined;
}

function valuesOfType(type: FeelType): readonly Json[] | undefined {
  if (type.kind === 'boolean') return [true, false, null];
  if (type.kind === 'null') return [null];
  return type.kind === 'string' && type.values !== undefined ? [...type.values, null] : undefined;
}

/** Every value that comes out when all inputs are tried with each other; undefined where they cannot be counted. */
function tried(
  agreement: Agreement,
  inputs: readonly (Input | 'function')[],
  expression: Compiled,
  budget: Budget,
): readonly Json[] | undefined {
  const facts = inputs.filter((input) => input !== 'function');
  let combinations = 1;
  for (const { values } of facts) combinations *= values?.length ?? Number.POSITIVE_INFINITY;
  if (combinations > LIMITS.combinations) return undefined;
  const functions = functionScope(agreement);
  const found = new Map<string, Json>();
  for (let number = 0; number < combinations; number++) {
    let rest = number;
    const scope: Record<string, FeelValue> = { ...functions };
    const contexts: Record<string, Map<string, FeelValue>> = {};
    for (const { path, type, values = [] } of facts) {
      const json = values[rest % values.length] ?? null;
      rest = Math.floor(rest / values.length);
      const value = json === null ? null : fromJson(json, type);
      const [head = '', entry] = path.split('.');
      if (entry === undefined) scope[head] = value;
      else contexts[head] = new Map(contexts[head]).set(entry, value);
    }
    const value = toJson(evaluateWithin(budget, expression, { ...scope, ...contexts }));
    if (budget.left < 0) return undefined;
    found.set(JSON.stringify(value), value);
  }
  return [...found.values()];
}

function together(each: readonly (readonly Json[] | undefined)[]): readonly Json[] | undefined {
  const all = new Map<string, Json>();
  for (const values of each) {
    if (values === undefined) return undefined;
    for (const value of values) all.set(JSON.stringify(value), value);
  }
  return [...all.values()];
}

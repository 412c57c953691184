import { Failure } from '../../storage/index.ts';
import { guarded } from '../compile/runnable.ts';
import type { EvaluateOptions } from '../compiled.ts';
import type { Machine } from '../machine.ts';
import { plainName } from '../syntax/names.ts';
import type { FeelValue } from '../values.ts';
import { coerce, findType } from './declared-types.ts';
import { compilerOf } from './elements.ts';
import { allModels, type Element, linkModel, type Model } from './link.ts';
import type { DmnModel } from './model.ts';
import { newRound, serviceValue, settle } from './round.ts';

/** Values by name; those of imported models also as `namespace#name`. */
export type Facts = ReadonlyMap<string, FeelValue>;

/** A model that is ready to decide. */
export interface CompiledModel {
  /** The names of its decisions, in the order of the file. */
  readonly decisions: readonly string[];
  readonly services: readonly string[];
  /** The value of a decision for input data. Never throws for what the model or the facts hold, always ends. */
  decide(decision: string, facts: Facts, options?: EvaluateOptions): FeelValue;
  /** The values of the output decisions of a service, by name, for its input data and input decisions. */
  serve(service: string, facts: Facts, options?: EvaluateOptions): ReadonlyMap<string, FeelValue>;
}

/**
 * Compiles a model, as the specification's untyped semantics have it: what is wrong with a part is null, as are values that do not have
 * their declared types.
 *
 * @param imported models that it imports, directly or over others
 * @throws Failure DMN_UNKNOWN from `decide` and `serve` for a name that the model does not have
 * @example compileModel(readModel(xml)).decide('Eligibility', new Map([['Age', 17]]))
 */
export function compileModel(definition: DmnModel, imported: readonly DmnModel[] = []): CompiledModel {
  const model = linkModel(definition, imported);
  const compiler = compilerOf();
  const find = (kind: Element['kind'], name: string): Element => {
    const plain = plainName(name);
    const found = model.all.find((one) => one.kind === kind && plainName(one.of.name) === plain);
    if (found === undefined) throw new Failure('DMN_UNKNOWN', { name });
    return found;
  };
  return {
    decisions: definition.decisions.map(({ name }) => name),
    services: definition.services.map(({ name }) => name),
    decide(decision, facts, options = {}) {
      const element = find('decision', decision);
      return guarded(options, (machine) =>
        settle(element, newRound(compiler, givenInputs(model, facts, machine), machine)),
      );
    },
    serve(service, facts, options = {}) {
      const element = find('service', service);
      const values = new Map<string, FeelValue>();
      guarded(options, (machine) => {
        const outputs = serviceValue(element, (one) => facts.get(one.of.name), compiler, machine);
        for (const [name, value] of outputs) values.set(name, value);
        return null;
      });
      return values;
    },
  };
}

/** What the facts say of the input data of a model and of those that it imports. */
function givenInputs(model: Model, facts: Facts, machine: Machine): Map<Element, FeelValue> {
  const given = new Map<Element, FeelValue>();
  for (const one of allModels(model)) {
    for (const element of one.all) {
      if (element.kind !== 'input') continue;
      const { name, type } = element.of;
      const value = facts.get(`${one.definition.namespace}#${name}`) ?? facts.get(name) ?? null;
      given.set(element, coerce(value, findType(type, one.types), machine));
    }
  }
  return given;
}

import { type Declared, type DeclaredTypes, declareTypes } from './declared-types.ts';
import type { Decision, DecisionService, DmnModel, InputData, Knowledge } from './model.ts';

/** A model among those that it imports. */
export interface Model {
  readonly definition: DmnModel;
  readonly types: DeclaredTypes;
  /** Imported models by the name that they have here. */
  readonly imports: ReadonlyMap<string, Model>;
  readonly all: readonly Element[];
  /** By id; of several with one id the first. */
  readonly elements: ReadonlyMap<string, Element>;
}

/** An element that others refer to. */
export type Element = { readonly model: Model } & (
  | { readonly kind: 'input'; readonly of: InputData }
  | { readonly kind: 'decision'; readonly of: Decision }
  | { readonly kind: 'knowledge'; readonly of: Knowledge }
  | { readonly kind: 'service'; readonly of: DecisionService }
);

/** Links a model with the models that it imports, directly and over others. An import that is not there is left out. */
export function linkModel(definition: DmnModel, others: readonly DmnModel[]): Model {
  const linked = new Map<DmnModel, Model>();
  const link = (one: DmnModel): Model => {
    const known = linked.get(one);
    if (known !== undefined) return known;
    const imports = new Map<string, Model>();
    const elements = new Map<string, Element>();
    const types = new Map<string, Declared>();
    const all: Element[] = [];
    const model: Model = { definition: one, types, imports, all, elements };
    linked.set(one, model);
    for (const { name, namespace } of one.imports) {
      const other = others.find((candidate) => candidate !== one && isNamed(candidate, namespace));
      if (other === undefined) continue;
      const imported = link(other);
      imports.set(name, imported);
      for (const [typeName, type] of imported.types) types.set(`${name}.${typeName}`, type);
    }
    for (const [name, type] of declareTypes(one.items, types)) types.set(name, type);
    for (const of of one.inputs) all.push({ kind: 'input', model, of });
    for (const of of one.decisions) all.push({ kind: 'decision', model, of });
    for (const of of one.knowledge) all.push({ kind: 'knowledge', model, of });
    for (const of of one.services) all.push({ kind: 'service', model, of });
    for (const element of all.toReversed()) elements.set(element.of.id, element);
    return model;
  };
  return link(definition);
}

/** Some tools write the id of the other file's definitions where its namespace belongs. */
const isNamed = ({ namespace, id }: DmnModel, wanted: string): boolean =>
  namespace === wanted || (id !== '' && wanted.endsWith(`/${id}`));

/** What a reference (`#id`, `namespace#id`) means in a model, with the name of the import that it goes through. */
export function resolve(model: Model, href: string): { element: Element; through: string | undefined } | undefined {
  const cut = href.lastIndexOf('#');
  const [namespace, id] = [href.slice(0, Math.max(0, cut)), href.slice(cut + 1)];
  const own = model.elements.get(id);
  if (own !== undefined && (namespace === '' || isNamed(model.definition, namespace))) {
    return { element: own, through: undefined };
  }
  for (const [name, imported] of model.imports) {
    const element = isNamed(imported.definition, namespace) ? imported.elements.get(id) : undefined;
    if (element !== undefined) return { element, through: name };
  }
  return undefined;
}

/** This model and all that it imports, each once. */
export function allModels(model: Model, found = new Set<Model>()): ReadonlySet<Model> {
  if (found.has(model)) return found;
  found.add(model);
  for (const imported of model.imports.values()) allModels(imported, found);
  return found;
}

import { factNames } from '../compile/names.ts';
import { newUnit } from '../compile/node.ts';
import { onFacts } from '../compile/runnable.ts';
import type { Machine } from '../machine.ts';
import { plainName } from '../syntax/names.ts';
import { ANY, contextOf, type FeelParameter, type FeelType, functionOf } from '../types.ts';
import type { FeelValue } from '../values.ts';
import { boxedNode, functionNode } from './boxed.ts';
import { type Declared, findType, UNDECLARED } from './declared-types.ts';
import { declaredNode } from './embedded.ts';
import { type Element, resolve } from './link.ts';

/** An element that is ready to run: what it needs, under which names, and what it makes of that. */
export interface Ready {
  readonly type: FeelType;
  readonly needs: readonly Need[];
  readonly run: (scope: ReadonlyMap<string, FeelValue>, machine: Machine) => FeelValue;
}

/** Something that an element requires. */
export interface Need {
  readonly element: Element;
  /** The name of the import that it comes from. */
  readonly through: string | undefined;
}

/** Compiles the elements of linked models, each when it is first needed. */
export type ElementCompiler = (element: Element) => Ready;

/** Decisions that may stand behind each other: keeps compiling and running within the stack. */
const LONGEST_CHAIN = 300;

/** A compiler that compiles each element once. One that requires itself is null where it comes back. */
export function compilerOf(): ElementCompiler {
  const known = new Map<Element, Ready>();
  const open = new Set<Element>();
  const ready: ElementCompiler = (element) => {
    const done = known.get(element);
    if (done !== undefined) return done;
    if (open.has(element) || open.size > LONGEST_CHAIN) return NEVER;
    open.add(element);
    const made = compileElement(element, ready);
    open.delete(element);
    known.set(element, made);
    return made;
  };
  return ready;
}

const NEVER: Ready = { type: ANY, needs: [], run: () => null };

function compileElement(element: Element, ready: ElementCompiler): Ready {
  const declared = findType(element.of.type, element.model.types);
  switch (element.kind) {
    case 'input':
      return { ...NEVER, type: declared.type };
    case 'service':
      return { ...NEVER, type: serviceType(element, declared) };
    case 'decision':
      return compileLogic(element, declaredNode(boxedNode(element.of.logic, element.model.types), declared), ready);
    case 'knowledge': {
      const { logic } = element.of;
      if (logic === undefined) return NEVER;
      const result = resultOf(declared);
      const node = functionNode(logic, element.model.types);
      const typed = node.kind === 'function' ? { ...node, body: declaredNode(node.body, result) } : node;
      return compileLogic(element, typed, ready);
    }
  }
}

/** The variable of knowledge bears the type of the function, or that of its result. */
export const resultOf = (declared: Declared): Declared =>
  declared.type.kind === 'function' ? { type: declared.type.result } : declared;

function compileLogic(
  element: Element & { kind: 'decision' | 'knowledge' },
  node: Parameters<ReturnType<typeof newUnit>['compile']>[0],
  ready: ElementCompiler,
): Ready {
  const { requires } = element.of;
  const needs = [...requires.information, ...requires.knowledge].flatMap((href): Need[] => {
    const found = resolve(element.model, href);
    return found === undefined ? [] : [found];
  });
  const types = typesOf(needs, ready);
  const unit = newUnit({ mode: 'loose' }, '');
  const typed = unit.compile(node, factNames(types, unit));
  return { type: typed.type, needs, run: onFacts(typed, unit) };
}

/** The types of the names that an element sees; what comes from an import stands in a context of the import's name. */
function typesOf(needs: readonly Need[], ready: ElementCompiler): Record<string, FeelType> {
  const types: Record<string, FeelType> = Object.create(null);
  const imported = new Map<string, Record<string, FeelType>>();
  for (const { element, through } of needs) {
    const { type } = ready(element);
    if (through === undefined) types[element.of.name] = type;
    else imported.set(through, { ...imported.get(through), [element.of.name]: type });
  }
  for (const [name, entries] of imported) types[name] = contextOf(entries);
  return types;
}

/** The parameters of a decision service: its input data, then its input decisions (DMN 1.5, 10.4). */
export function parametersOf(element: Element & { kind: 'service' }): { element: Element; parameter: FeelParameter }[] {
  const { inputData, inputDecisions } = element.of;
  return [...inputData, ...inputDecisions].flatMap((href) => {
    const found = resolve(element.model, href)?.element;
    if (found === undefined) return [];
    const { type } = findType(found.of.type, found.model.types);
    return [{ element: found, parameter: { name: plainName(found.of.name), type } }];
  });
}

function serviceType(element: Element & { kind: 'service' }, declared: Declared): FeelType {
  const parameters = parametersOf(element).map(({ parameter }) => parameter);
  return functionOf(parameters, declared === UNDECLARED ? ANY : resultOf(declared).type);
}

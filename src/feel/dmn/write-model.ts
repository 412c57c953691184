import { Failure } from '../../storage/index.ts';
import type {
  Decision,
  DecisionService,
  DmnModel,
  InputData,
  ItemDefinition,
  Knowledge,
  Requirements,
} from './model.ts';
import { attributesOf, boxedXml, element, functionXml, type Written } from './write-boxed.ts';

/** The vocabulary of DMN 1.3, which every later tool reads as well. */
const NAMESPACE = 'https://www.omg.org/spec/DMN/20191111/MODEL/';

/**
 * A model as a DMN 1.3 file. Reading it again gives the same model.
 *
 * @throws Failure DMN_NOT_WRITABLE for a text with signs that no XML file can hold
 */
export function writeModel(model: DmnModel): string {
  const { id, name, namespace } = model;
  const inputs = new Set(model.inputs.map((input) => `#${input.id}`));
  const parts = [
    ...model.imports.map((one) => element('import', { ...one, importType: NAMESPACE })),
    ...model.items.map((item) => itemXml('itemDefinition', item)),
    ...model.inputs.map((input) => element('inputData', idAndName(input), variableXml(input))),
    ...model.knowledge.map((one) => knowledgeXml(one, inputs)),
    ...model.decisions.map((one) => decisionXml(one, inputs)),
    ...model.services.map(serviceXml),
  ];
  const root = element('definitions', { xmlns: NAMESPACE, id, name, namespace }, ...parts);
  const text = `<?xml version="1.0" encoding="UTF-8"?>\n${root.lines.join('\n')}\n`;
  const stray = UNWRITABLE.exec(text);
  if (stray === null) return text;
  throw new Failure('DMN_NOT_WRITABLE', { sign: `U+${(stray[0].codePointAt(0) ?? 0).toString(16).padStart(4, '0')}` });
}

/** Signs that XML 1.0 does not have (section 2.2), lone halves of code points among them. */
const UNWRITABLE = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u;

const idAndName = ({ id, name }: InputData): Record<string, string> => ({ id, name });

const variableXml = ({ name, type }: InputData): Written => element('variable', attributesOf(name, type));

function itemXml(tag: string, item: ItemDefinition): Written {
  const { name, collection, type, allowed, components, function: made } = item;
  return element(
    tag,
    { name, isCollection: String(collection) },
    ...(type === undefined ? [] : [element('typeRef', {}, type)]),
    ...(allowed === undefined ? [] : [element('allowedValues', {}, element('text', {}, allowed))]),
    ...components.map((component) => itemXml('itemComponent', component)),
    ...(made === undefined ? [] : [functionItemXml(made)]),
  );
}

function functionItemXml({ parameters, result }: NonNullable<ItemDefinition['function']>): Written {
  const inside = parameters.map(({ name, type }) => element('parameters', attributesOf(name, type)));
  return element('functionItem', result === undefined ? {} : { outputTypeRef: result }, ...inside);
}

function requirementsXml({ information, knowledge }: Requirements, inputs: ReadonlySet<string>): Written[] {
  const required = (wrapper: string, tag: string, href: string): Written =>
    element(wrapper, {}, element(tag, { href }));
  return [
    ...information.map((href) =>
      required('informationRequirement', inputs.has(href) ? 'requiredInput' : 'requiredDecision', href),
    ),
    ...knowledge.map((href) => required('knowledgeRequirement', 'requiredKnowledge', href)),
  ];
}

function decisionXml(decision: Decision, inputs: ReadonlySet<string>): Written {
  const { requires, question, logic } = decision;
  return element(
    'decision',
    idAndName(decision),
    ...(question === undefined ? [] : [element('question', {}, question)]),
    variableXml(decision),
    ...requirementsXml(requires, inputs),
    ...boxedXml(logic),
  );
}

function knowledgeXml(knowledge: Knowledge, inputs: ReadonlySet<string>): Written {
  const { requires, logic } = knowledge;
  return element(
    'businessKnowledgeModel',
    idAndName(knowledge),
    variableXml(knowledge),
    ...(logic === undefined ? [] : [functionXml('encapsulatedLogic', logic)]),
    ...requirementsXml(requires, inputs),
  );
}

function serviceXml(service: DecisionService): Written {
  const hrefs = (tag: string, list: readonly string[]): Written[] => list.map((href) => element(tag, { href }));
  return element(
    'decisionService',
    idAndName(service),
    variableXml(service),
    ...hrefs('outputDecision', service.outputs),
    ...hrefs('inputDecision', service.inputDecisions),
    ...hrefs('inputData', service.inputData),
  );
}

import { Failure } from '../../storage/index.ts';
import type {
  Decision,
  DecisionService,
  DmnModel,
  InputData,
  ItemDefinition,
  Knowledge,
  Parameter,
  Requirements,
} from './model.ts';
import { readBoxed, readFunction } from './read-boxed.ts';
import { childOf, childrenOf, readXml, textOf, type XmlElement } from './xml.ts';

/**
 * Reads a DMN file (1.2 to 1.5; what came later than a version is read in it as well). Diagrams, descriptions and vendors' extensions are
 * passed over.
 *
 * @throws Failure DMN_XML, DMN_FILE_TOO_LARGE, DMN_NOT_A_MODEL
 */
export function readModel(source: string): DmnModel {
  const root = readXml(source);
  if (root.name !== 'definitions') throw new Failure('DMN_NOT_A_MODEL', { found: root.name });
  const all = <T>(name: string, read: (element: XmlElement) => T): T[] => childrenOf(root, name).map(read);
  return {
    id: root.attributes.id ?? '',
    name: root.attributes.name ?? '',
    namespace: root.attributes.namespace ?? '',
    imports: all('import', ({ attributes }) => ({
      name: attributes.name ?? '',
      namespace: attributes.namespace ?? '',
    })),
    items: all('itemDefinition', readItem),
    inputs: all('inputData', (element): InputData => named(element)),
    decisions: all('decision', readDecision),
    knowledge: all('businessKnowledgeModel', readKnowledge),
    services: all('decisionService', readService),
  };
}

/** A type of an attribute, or of the element that older versions have instead. */
const typeOf = (element: XmlElement | undefined): { type?: string } => {
  const type = element?.attributes.typeRef ?? textOf(element, 'typeRef');
  return type === undefined || type === '' ? {} : { type };
};

/** The variable bears the name by which expressions know the element. */
function named(element: XmlElement): InputData {
  const variable = childOf(element, 'variable');
  const name = variable?.attributes.name ?? element.attributes.name ?? '';
  return { id: element.attributes.id ?? name, name, ...typeOf(variable) };
}

function readItem(element: XmlElement): ItemDefinition {
  const { name = '', isCollection } = element.attributes;
  const allowed = textOf(childOf(element, 'allowedValues') ?? childOf(element, 'typeConstraint'), 'text');
  const made = childOf(element, 'functionItem');
  return {
    name,
    collection: isCollection === 'true',
    ...typeOf(element),
    ...(allowed === undefined ? {} : { allowed }),
    components: childrenOf(element, 'itemComponent').map(readItem),
    ...(made === undefined ? {} : { function: readFunctionItem(made) }),
  };
}

function readFunctionItem(element: XmlElement): NonNullable<ItemDefinition['function']> {
  const { outputTypeRef } = element.attributes;
  const parameters = childrenOf(element, 'parameters').map(readParameter);
  return { parameters, ...(outputTypeRef === undefined ? {} : { result: outputTypeRef }) };
}

const readParameter = (element: XmlElement): Parameter => ({
  name: element.attributes.name ?? '',
  ...typeOf(element),
});

function requirementsOf(element: XmlElement): Requirements {
  const hrefs = (wrapper: string, ...names: string[]): string[] =>
    childrenOf(element, wrapper).flatMap((requirement) =>
      requirement.children.filter(({ name }) => names.includes(name)).map(({ attributes }) => attributes.href ?? ''),
    );
  return {
    information: hrefs('informationRequirement', 'requiredInput', 'requiredDecision'),
    knowledge: hrefs('knowledgeRequirement', 'requiredKnowledge'),
  };
}

function readDecision(element: XmlElement): Decision {
  const question = textOf(element, 'question');
  return {
    ...named(element),
    requires: requirementsOf(element),
    ...(question === undefined ? {} : { question }),
    logic: readBoxed(element),
  };
}

function readKnowledge(element: XmlElement): Knowledge {
  const logic = childOf(element, 'encapsulatedLogic');
  return {
    ...named(element),
    requires: requirementsOf(element),
    logic: logic === undefined ? undefined : readFunction(logic),
  };
}

function readService(element: XmlElement): DecisionService {
  const hrefs = (name: string): string[] => childrenOf(element, name).map(({ attributes }) => attributes.href ?? '');
  return {
    ...named(element),
    outputs: hrefs('outputDecision'),
    inputDecisions: hrefs('inputDecision'),
    inputData: hrefs('inputData'),
  };
}

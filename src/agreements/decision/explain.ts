import type { Json } from '../../storage/index.ts';
import type { EvidenceType } from '../types.ts';
import type { Run } from './decide.ts';
import type { ExplainedFact } from './types.ts';

/**
 * The facts that a rule used, with the evidence that each came from. Where a rule reads parts of a thing, the parts are named:
 * `identity.birthDate`, not all of `identity`. The state of a piece of evidence is no fact of its own: each fact names it.
 */
export function explainFacts(run: Run, dependencies: readonly string[]): ExplainedFact[] {
  return dependencies
    .filter((path) => !dependencies.some((other) => other.startsWith(`${path}.`) && !isIssuer(run, other)))
    .filter((path) => !isIssuer(run, path))
    .flatMap((path) => factsAt(run, path));
}

/** Whether a path is the state that signed a piece of evidence. */
function isIssuer({ evidenceByName }: Run, path: string): boolean {
  const [head = '', second, ...rest] = path.split('.');
  return second === 'state' && rest.length === 0 && evidenceByName.get(head)?.cardinality === 'each';
}

function factsAt(run: Run, path: string): ExplainedFact[] {
  const [head = '', ...rest] = path.split('.');
  const { service, input, dates, json, evidenceByName } = run;
  if (json.has(head)) return [{ name: path, kind: 'rule', value: step(json.get(head) ?? null, rest) }];
  if (service.fields[head] !== undefined) {
    return [{ name: path, kind: 'answer', value: step(input.answers[head] ?? null, rest) }];
  }
  const type = evidenceByName.get(head);
  if (type !== undefined) return evidenceFacts(run, type, path, rest);
  switch (head) {
    case 'home':
      return [{ name: head, kind: 'state', value: input.home }];
    case 'decider':
      return [{ name: head, kind: 'state', value: input.state }];
    case 'claimDate':
      return [{ name: head, kind: 'date', value: dates.claim }];
    case 'entitlementDate':
      return [{ name: head, kind: 'date', value: dates.entitlement }];
    case 'decisionDate':
      return [{ name: head, kind: 'date', value: dates.decision }];
    case 'lot':
      return [{ name: head, kind: 'lot', value: input.lot ?? null }];
    default:
      return [];
  }
}

/** One fact for each state that signed some. */
function evidenceFacts({ usable }: Run, type: EvidenceType, path: string, rest: readonly string[]): ExplainedFact[] {
  return (usable.get(type.type) ?? []).map(({ state, facts }) => ({
    name: path,
    kind: 'evidence',
    value: step(facts, rest),
    evidence: `${type.type}/${state}`,
  }));
}

/** The value at a path; through a list, the values of all its items. */
function step(value: Json, path: readonly string[]): Json {
  const [name, ...rest] = path;
  if (name === undefined) return value;
  if (Array.isArray(value)) return value.map((item) => step(item, path));
  if (value === null || typeof value !== 'object') return null;
  return step(Object.hasOwn(value, name) ? (value[name] ?? null) : null, rest);
}

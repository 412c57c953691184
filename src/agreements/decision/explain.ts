import type { Json } from '../../storage/index.ts';
import type { EvidenceType, ExplainedFact } from '../types.ts';
import type { Run } from './decide.ts';
import { usableFacts } from './facts-scope.ts';

/**
 * The facts that a rule used, with the evidence that each came from. A path is named once, by its longest part that the rule
 * reads as a whole: `identity.birthDate`, not all of `identity`.
 */
export function explainFacts(run: Run, dependencies: readonly string[]): ExplainedFact[] {
  return dependencies
    .filter((path) => !dependencies.some((other) => path.startsWith(`${other}.`)))
    .flatMap((path) => factsAt(run, path));
}

function factsAt(run: Run, path: string): ExplainedFact[] {
  const [head = '', ...rest] = path.split('.');
  const { agreement, service, input, dates, json } = run;
  if (json.has(head)) return [{ name: path, kind: 'rule', value: step(json.get(head) ?? null, rest) }];
  if (service.fields[head] !== undefined) {
    return [{ name: path, kind: 'answer', value: step(input.answers[head] ?? null, rest) }];
  }
  const type = Object.values(agreement.evidence).find(({ as }) => as === head);
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
    default:
      return [];
  }
}

/** One fact for each state that signed some. */
function evidenceFacts({ input }: Run, type: EvidenceType, path: string, rest: readonly string[]): ExplainedFact[] {
  return usableFacts(type, input.evidence).map(({ state, facts }) => ({
    name: path,
    kind: 'evidence',
    value: rest[0] === 'state' ? state : step(facts, rest),
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

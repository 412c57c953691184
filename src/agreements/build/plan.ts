import type { Draft } from '../read/draft.ts';
import type { Path, Source } from '../read/yaml.ts';
import type { Rule, Service } from '../types.ts';
import type { BuiltRules } from './rules.ts';
import type { World } from './world.ts';

/**
 * Puts the rules of each service into an order of evaluation, and checks that each finds what it uses: fields that are asked,
 * evidence that is fetched, rules that are listed.
 */
export function planDecisions(draft: Draft, world: World, services: Record<string, Service>, built: BuiltRules): void {
  for (const service of Object.values(services)) {
    const read = draft.services.items.get(service.name);
    if (read !== undefined) planOne(draft, world, service, built, read.source);
  }
}

function planOne(draft: Draft, world: World, service: Service, built: BuiltRules, source: Source): void {
  const { findings } = draft;
  const { decision } = service;
  const listed = new Set(decision.rules);
  decision.rules.forEach((name, index) => {
    if (!isWritten(draft, name)) {
      findings.add('AGREEMENT_RULE_UNKNOWN', { name }, source.at(['decision', 'rules', index]));
    }
  });
  const roles: [string | undefined, Path][] = [
    [decision.outcome, ['decision', 'outcome']],
    [decision.months, ['decision', 'months']],
    [decision.entitlement, ['decision', 'entitlement']],
    ...decision.values.map((name, index): [string, Path] => [name, ['decision', 'values', index]]),
  ];
  for (const [name, path] of roles) {
    if (name !== undefined && !listed.has(name)) findings.add('AGREEMENT_RULE_NOT_LISTED', { name }, source.at(path));
  }

  const needs = new Map<string, string[]>();
  for (const name of decision.rules) {
    const rule = built.rules[name];
    if (rule === undefined) continue;
    const needed = new Set<string>();
    for (const { heads, at } of usesOf(rule, built)) {
      for (const head of heads) {
        const type = world.evidenceNames.get(head);
        if (built.rules[head] !== undefined || isWritten(draft, head)) {
          if (listed.has(head)) needed.add(head);
          else findings.add('AGREEMENT_RULE_NOT_LISTED', { name: head }, at);
        } else if (type !== undefined && !service.evidence.includes(type)) {
          findings.add('AGREEMENT_FACT_NOT_FETCHED', { name: type }, at);
        } else if (world.fields[head] !== undefined && service.fields[head] === undefined) {
          findings.add('AGREEMENT_FACT_NOT_ASKED', { name: head }, at);
        }
      }
    }
    needs.set(name, [...needed]);
  }
  decision.order = sorted(draft, needs, source);
  checkEntitlement(draft, service, built, needs);
}

/** What each version of a rule reads, the national ones included. */
function usesOf(rule: Rule, built: BuiltRules): { heads: Set<string>; at: Rule['versions'][number]['at'] }[] {
  const national = Object.values(built.national).flatMap((rules) => rules[rule.name]?.versions ?? []);
  return [...rule.versions, ...national].map(({ expression, at }) => ({
    heads: new Set(expression.dependencies.map((path) => path.split('.')[0] ?? path)),
    at,
  }));
}

/** Depth first, so that each rule stands after what it needs; a circle is reported once. */
function sorted(draft: Draft, needs: ReadonlyMap<string, readonly string[]>, source: Source): string[] {
  const order: string[] = [];
  const open = new Set<string>();
  const done = new Set<string>();
  const visit = (name: string): void => {
    if (done.has(name)) return;
    if (open.has(name)) {
      const names = [...open]
        .slice([...open].indexOf(name))
        .sort()
        .join(', ');
      draft.findings.add('AGREEMENT_RULE_CYCLE', { names }, source.at(['decision', 'rules']));
      return;
    }
    open.add(name);
    for (const other of needs.get(name) ?? []) visit(other);
    open.delete(name);
    done.add(name);
    order.push(name);
  };
  for (const name of needs.keys()) visit(name);
  return order;
}

/** The entitlement date cannot be made from rules that are chosen by it. */
function checkEntitlement(
  draft: Draft,
  service: Service,
  built: BuiltRules,
  needs: ReadonlyMap<string, readonly string[]>,
): void {
  const start = service.decision.entitlement;
  if (start === undefined) return;
  const seen = new Set<string>();
  const visit = (name: string): void => {
    if (seen.has(name)) return;
    seen.add(name);
    const rule = built.rules[name];
    if (rule === undefined) return;
    const uses = usesOf(rule, built);
    const early = uses.find(({ heads }) => heads.has('entitlementDate'));
    const at = early?.at ?? positionOf(draft, name);
    if (rule.reference === 'entitlement' || early !== undefined)
      draft.findings.add('AGREEMENT_RULE_REFERENCE', { name }, at);
    for (const other of needs.get(name) ?? []) visit(other);
  };
  visit(start);
}

/** Where a rule is written. */
function positionOf(draft: Draft, name: string): Rule['versions'][number]['at'] {
  for (const { raw, source } of draft.rules.items.values()) {
    if (Object.hasOwn(raw.rules, name)) return source.at(['rules', name], true);
  }
  return { file: 'rules', line: 1, column: 1 };
}

function isWritten(draft: Draft, name: string): boolean {
  return (
    draft.rules.broken.size > 0 || [...draft.rules.items.values()].some(({ raw }) => Object.hasOwn(raw.rules, name))
  );
}

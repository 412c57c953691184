import type { FeelType } from '../../feel/index.ts';
import type { Draft } from '../read/draft.ts';
import { expressionAt } from '../read/expressions.ts';
import type { RulesFile } from '../read/kinds/rules.ts';
import type { Source } from '../read/yaml.ts';
import type { RuleFunction } from '../types.ts';
import { demandArticle } from './contract.ts';
import { useText } from './texts.ts';

type Written = NonNullable<RulesFile['functions']>[string] & { name: string; source_: Source };

/**
 * Compiles the functions of the rules. They know their parameters and each other, nothing of a case, and none can call itself: each is
 * compiled after those that it mentions.
 */
export function buildFunctions(draft: Draft): Record<string, RuleFunction> {
  const waiting = new Map<string, Written>();
  for (const { raw, source } of draft.rules.items.values()) {
    for (const [name, written] of Object.entries(raw.functions ?? {})) {
      waiting.set(name, { ...written, name, source_: source });
      const path = ['functions', name];
      useText(draft, written.title, source.at([...path, 'title']));
      demandArticle(draft, written.article, source, [...path, 'article']);
    }
  }
  const names = new Set(waiting.keys());
  const built: Record<string, RuleFunction> = {};
  for (let moved = true; moved; ) {
    moved = false;
    for (const [name, written] of waiting) {
      const needs = (written.value.match(/[a-z][A-Za-z0-9]*/g) ?? []).filter((word) => names.has(word));
      if (needs.some((word) => waiting.has(word))) continue;
      waiting.delete(name);
      moved = true;
      const made = needs.every((word) => built[word] !== undefined) ? compileOne(draft, written, built) : undefined;
      if (made !== undefined) built[name] = made;
    }
  }
  const [first] = waiting.values();
  if (first !== undefined) {
    const circle = [...waiting.keys()].sort().join(', ');
    draft.findings.add('AGREEMENT_RULE_CYCLE', { names: circle }, first.source_.at(['functions', first.name], true));
  }
  return built;
}

function compileOne(draft: Draft, written: Written, built: Record<string, RuleFunction>): RuleFunction | undefined {
  const { name, title, article, source, value, source_ } = written;
  const types: Record<string, FeelType> = {};
  for (const other of Object.values(built)) types[other.name] = other.feelType;
  const path = ['functions', name, 'value'];
  const made = expressionAt(source_, path, value, { types }, draft.findings);
  if (made === undefined) return undefined;
  const { type } = made.compiled;
  if (type.kind !== 'function') {
    const reason = 'a function begins with function(...)';
    draft.findings.add('AGREEMENT_RULE_SHAPE', { name, reason }, source_.at(path));
    return undefined;
  }
  const scope = Object.fromEntries(Object.values(built).map((other) => [other.name, other.value]));
  return { name, title, article, source, text: value, feelType: type, value: made.compiled.evaluate(scope) };
}

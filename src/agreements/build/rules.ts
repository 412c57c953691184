import { ANY, BOOLEAN, DATE, type FeelType, NUMBER, oneOf } from '../../feel/index.ts';
import type { Draft } from '../read/draft.ts';
import type { RulesFile } from '../read/kinds/rules.ts';
import type { Source } from '../read/yaml.ts';
import type { NationalRule, Rule, RuleFunction } from '../types.ts';
import { demandArticle } from './contract.ts';
import { typeOfWord } from './feel-types.ts';
import { useText } from './texts.ts';
import { buildVersions, checkVersions, type WrittenVersions } from './versions.ts';
import type { World } from './world.ts';

const OUTCOMES = ['granted', 'partly', 'refused'] as const;

interface Written {
  name: string;
  raw: RulesFile['rules'][string];
  source: Source;
}

/** The rules of the contract, and of every annex under the state's code. */
export interface BuiltRules {
  rules: Record<string, Rule>;
  national: Record<string, Record<string, NationalRule>>;
  /** The type of every rule and function that is written, with or without fault. */
  types: Record<string, FeelType>;
}

/**
 * Compiles all rules. A rule that declares its type can be used before it is compiled; any other is compiled first, so that its
 * expression says its type.
 */
export function buildRules(draft: Draft, world: World, functions: Record<string, RuleFunction>): BuiltRules {
  const written = new Map<string, Written>();
  for (const { raw, source } of draft.rules.items.values()) {
    for (const [name, rule] of Object.entries(raw.rules)) written.set(name, { name, raw: rule, source });
  }
  for (const rule of written.values()) checkRule(draft, rule);
  checkAnnexes(draft, written);
  const built: BuiltRules = { rules: {}, national: {}, types: {} };
  if (!world.whole) return built;

  const wanted = typesByUse(draft);
  const types: Record<string, FeelType> = { ...world.fields, ...world.evidence, ...world.rule };
  for (const { raw } of draft.rules.items.values()) {
    for (const name of Object.keys(raw.functions ?? {})) types[name] = functions[name]?.feelType ?? ANY;
  }
  for (const { name, raw } of written.values()) {
    const type = raw.type === undefined ? (raw.condition === true ? BOOLEAN : wanted.get(name)) : typeOfWord(raw.type);
    if (type !== undefined) types[name] = type;
  }
  for (const rule of inOrder(draft, written, types)) {
    const { name, raw, source } = rule;
    const expect = types[name];
    const versions: WrittenVersions = { name, versions: raw.versions ?? [], source, path: ['rules', name, 'versions'] };
    const compiled =
      raw.national === true && expect !== undefined
        ? { versions: [], type: expect }
        : buildVersions(draft, versions, { types, ...(expect === undefined ? {} : { expect }) });
    // Of a rule with a fault nothing is known: what uses it is judged by its own faults only.
    types[name] = compiled?.type ?? expect ?? ANY;
    if (compiled === undefined) continue;
    built.rules[name] = {
      name,
      title: raw.title,
      article: raw.article,
      source: raw.source,
      reference: raw.reference ?? 'claim',
      condition: raw.condition ?? false,
      ...(raw.missing === undefined ? {} : { missing: raw.missing }),
      words: raw.words ?? {},
      national: raw.national ?? false,
      versions: compiled.versions,
      feelType: compiled.type,
    };
  }
  for (const [state, { raw, source }] of draft.annexes.items) {
    const rules: Record<string, NationalRule> = {};
    for (const [name, rule] of Object.entries(raw.rules)) {
      const expect = types[name];
      if (expect === undefined || written.get(name)?.raw.national !== true) continue;
      const versions: WrittenVersions = { name, versions: rule.versions, source, path: ['rules', name, 'versions'] };
      const compiled = buildVersions(draft, versions, { types, expect });
      if (compiled !== undefined) rules[name] = { ...rule, versions: compiled.versions };
    }
    built.national[state] = rules;
  }
  // What is said over a finished decision sees the rules' values, and so what they drew; not the lot itself.
  const { lot: _lot, ...said } = types;
  built.types = said;
  return built;
}

/** What services need of rules by the part that they play. */
function typesByUse(draft: Draft): Map<string, FeelType> {
  const wanted = new Map<string, FeelType>();
  for (const { raw } of draft.services.items.values()) {
    wanted.set(raw.decision.outcome, oneOf(...OUTCOMES));
    if (raw.decision.months !== undefined) wanted.set(raw.decision.months, NUMBER);
    if (raw.decision.entitlement !== undefined) wanted.set(raw.decision.entitlement, DATE);
  }
  return wanted;
}

function checkRule(draft: Draft, { name, raw, source }: Written): void {
  const path = ['rules', name];
  const { findings } = draft;
  const wrong = (reason: string): void => findings.add('AGREEMENT_RULE_SHAPE', { name, reason }, source.at(path));
  useText(draft, raw.title, source.at([...path, 'title']));
  demandArticle(draft, raw.article, source, [...path, 'article']);
  for (const [value, id] of Object.entries(raw.words ?? {})) useText(draft, id, source.at([...path, 'words', value]));
  if (raw.missing !== undefined) useText(draft, raw.missing, source.at([...path, 'missing']));
  if (raw.condition === true && raw.missing === undefined) wrong('a condition says what is missing');
  if (raw.condition !== true && raw.missing !== undefined) wrong('only a condition can be missing');
  if (raw.national === true && raw.versions !== undefined) wrong('a national rule leaves its versions to the annexes');
  if (raw.national === true && raw.type === undefined && raw.condition !== true)
    wrong('a national rule declares its type');
  if (raw.national !== true && raw.versions === undefined) wrong('it has no version');
  checkVersions(draft, { name, versions: raw.versions ?? [], source, path: [...path, 'versions'] });
}

/** Every annex gives every national rule, and no other. */
function checkAnnexes(draft: Draft, written: ReadonlyMap<string, Written>): void {
  const { findings } = draft;
  for (const [state, { raw, source }] of draft.annexes.items) {
    for (const [name, rule] of Object.entries(raw.rules)) {
      const path = ['rules', name];
      if (written.get(name)?.raw.national !== true) {
        if (draft.rules.broken.size === 0) {
          findings.add('AGREEMENT_NATIONAL_RULE_UNKNOWN', { name }, source.at(path, true));
        }
        continue;
      }
      demandArticle(draft, rule.article, source, [...path, 'article']);
      checkVersions(draft, { name, versions: rule.versions, source, path: [...path, 'versions'] });
    }
    for (const { name, raw: rule } of written.values()) {
      if (rule.national === true && !Object.hasOwn(raw.rules, name)) {
        findings.add('AGREEMENT_NATIONAL_RULE_MISSING', { name, state }, source.at(['rules'], true));
      }
    }
  }
}

/** Rules so that each comes after those whose type it must know. */
function* inOrder(
  draft: Draft,
  written: ReadonlyMap<string, Written>,
  types: Readonly<Record<string, FeelType>>,
): Generator<Written> {
  const waiting = new Map(written);
  for (let moved = true; moved; ) {
    moved = false;
    for (const [name, rule] of waiting) {
      if (mentioned(rule).some((other) => waiting.has(other) && types[other] === undefined)) continue;
      waiting.delete(name);
      moved = true;
      yield rule;
    }
  }
  const [first] = waiting.values();
  if (first === undefined) return;
  const names = [...waiting.keys()].sort().join(', ');
  draft.findings.add('AGREEMENT_RULE_CYCLE', { names }, first.source.at(['rules', first.name], true));
}

/** The words of a rule that could be names; texts in quotes are left out. */
function mentioned({ raw }: Written): string[] {
  const texts = JSON.stringify((raw.versions ?? []).map(({ value, table }) => [value, table]));
  return [...new Set(texts.replace(/\\"(?:[^"\\]|\\\\.)*\\"/g, ' ').match(/[a-z][A-Za-z0-9]*/g) ?? [])];
}

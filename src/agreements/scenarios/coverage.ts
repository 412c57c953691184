import { versionsIn } from '../build/annexes.ts';
import type { Decision } from '../decision/types.ts';
import type { Agreement, Annex, Position, Rule, RuleVersion } from '../types.ts';
import type { ScenarioResult, WatchScenarios } from './run.ts';

/** What the scenarios of an agreement meet of its rules. */
export interface Coverage {
  scenarios: number;
  decisions: number;
  /** Rows of all decision tables, those of each annex too. */
  rows: { met: number; all: number };
  /** Rules of the contract once, national rules once for each annex. */
  rules: RuleCoverage[];
  annexes: Record<string, AnnexCoverage>;
}

export interface RuleCoverage {
  rule: string;
  /** The state, for a national rule. */
  annex?: string;
  /** How often it gave a value, and how often null. */
  values: number;
  nulls: number;
  /** For a rule that is true or false: how often each. */
  truths?: { true: number; false: number };
  rows: RowCoverage[];
}

export interface RowCoverage {
  row: string;
  /** The first day of the version that the row stands in, where it has one. */
  from?: string;
  met: number;
  at: Position;
}

export interface AnnexCoverage {
  decisions: number;
  outcomes: Record<Decision['outcome'], number>;
}

/** Counts while scenarios run; `report` gives what was counted. */
export interface CoverageCounter {
  watch: WatchScenarios;
  report(results: readonly ScenarioResult[]): Coverage;
}

interface Tally {
  rule: RuleCoverage;
  versions: ReadonlyMap<RuleVersion, readonly RowCoverage[]>;
}

/**
 * A counter for the scenarios of an agreement.
 * @example
 * const counter = countCoverage(agreement);
 * const coverage = counter.report(runScenarios(agreement, counter.watch));
 */
export function countCoverage(agreement: Agreement): CoverageCounter {
  const tallies = new Map<string, Tally>();
  const key = (rule: Rule, state: string): string => (rule.national ? `${rule.name}/${state}` : rule.name);
  for (const rule of Object.values(agreement.rules)) {
    const annexes: (Annex | undefined)[] = rule.national ? Object.values(agreement.annexes) : [undefined];
    for (const annex of annexes) tallies.set(key(rule, annex?.state ?? ''), tallyOf(rule, annex));
  }
  return {
    watch(state, rule, version, rows, value) {
      const tally = tallies.get(key(rule, state));
      if (tally === undefined) return;
      if (value === null) tally.rule.nulls += 1;
      else tally.rule.values += 1;
      if (tally.rule.truths !== undefined && typeof value === 'boolean') tally.rule.truths[`${value}`] += 1;
      const places = version === undefined ? [] : (tally.versions.get(version) ?? []);
      for (const place of places) if (rows.includes(place.row)) place.met += 1;
    },
    report(results) {
      const rules = [...tallies.values()].map(({ rule }) => rule);
      const rows = rules.flatMap((rule) => rule.rows);
      const decisions = results.flatMap((result) => Object.entries(result.decisions));
      const annexes = Object.keys(agreement.annexes).map((state) => [state, annexCoverage(state, decisions)]);
      return {
        scenarios: results.length,
        decisions: decisions.length,
        rows: { met: rows.filter(({ met }) => met > 0).length, all: rows.length },
        rules,
        annexes: Object.fromEntries(annexes),
      };
    },
  };
}

function tallyOf(rule: Rule, annex: Annex | undefined): Tally {
  const versions = new Map<RuleVersion, readonly RowCoverage[]>();
  for (const version of versionsIn(rule, annex)) {
    const { from } = version;
    const places = version.rows.map(({ name, at }) => ({
      row: name,
      ...(from === undefined ? {} : { from }),
      met: 0,
      at,
    }));
    versions.set(version, places);
  }
  const counted: RuleCoverage = {
    rule: rule.name,
    ...(annex === undefined ? {} : { annex: annex.state }),
    values: 0,
    nulls: 0,
    ...(rule.feelType.kind === 'boolean' ? { truths: { true: 0, false: 0 } } : {}),
    rows: [...versions.values()].flat(),
  };
  return { rule: counted, versions };
}

function annexCoverage(state: string, decisions: readonly (readonly [string, Decision])[]): AnnexCoverage {
  const own = decisions.filter(([decider]) => decider === state);
  const outcomes = { granted: 0, partly: 0, refused: 0, undecided: 0 };
  for (const [, { outcome }] of own) outcomes[outcome] += 1;
  return { decisions: own.length, outcomes };
}

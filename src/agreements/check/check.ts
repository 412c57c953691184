import { collectFindings, type Findings } from '../findings.ts';
import { type Loaded, loadAgreement, loadFiles } from '../load.ts';
import type { AgreementFiles } from '../read/folder.ts';
import { type Coverage, countCoverage } from '../scenarios/coverage.ts';
import { type Difference, differenceLines } from '../scenarios/differences.ts';
import { runScenarios, type ScenarioResult } from '../scenarios/run.ts';

/** What a check found, and what it saw. */
export interface Checked extends Loaded {
  scenarios: { run: number; failed: number; differences: FailedScenario[] };
  /** What the scenarios meet; undefined where they could not run. */
  coverage?: Coverage;
}

/** A scenario that does not hold. */
export interface FailedScenario {
  name: string;
  differences: Difference[];
}

/**
 * The whole check of an agreement: loads it, runs its scenarios and measures what they meet. Findings of scenarios come only when
 * there are no others, since nothing can be run before.
 */
export async function checkAgreement(folder: string): Promise<Checked> {
  return whole(await loadAgreement(folder));
}

/** The same for files that are already in memory. */
export function checkFiles(files: AgreementFiles): Checked {
  return whole(loadFiles(files));
}

function whole(loaded: Loaded): Checked {
  const { agreement } = loaded;
  if (agreement === undefined) return { ...loaded, scenarios: { run: 0, failed: 0, differences: [] } };
  const findings = collectFindings();
  const counter = countCoverage(agreement);
  const results = runScenarios(agreement, counter.watch);
  const failed = results.filter(({ differences }) => differences.length > 0);
  for (const result of failed) reportScenario(result, findings);
  const coverage = counter.report(results);
  reportRows(coverage, findings);
  return {
    agreement,
    findings: findings.list(),
    scenarios: {
      run: results.length,
      failed: failed.length,
      differences: failed.map(({ name, differences }) => ({ name, differences })),
    },
    coverage,
  };
}

function reportScenario({ name, at, differences }: ScenarioResult, findings: Findings): void {
  const count = differences.length;
  const reason = count === 1 ? 'one thing differs' : `${count} things differ`;
  findings.add('AGREEMENT_SCENARIO_FAILED', { name, reason }, at, undefined, differences.flatMap(differenceLines));
}

/** Law that no example shows is not published: every row of every table, each annex's own too, is met by a scenario. */
function reportRows({ rules }: Coverage, findings: Findings): void {
  for (const { rule, annex, rows } of rules) {
    const name = annex === undefined ? rule : `${rule} of ${annex}`;
    for (const { row, met, at } of rows) {
      if (met === 0) findings.add('AGREEMENT_ROW_NOT_MET', { row, rule: name }, at);
    }
  }
}

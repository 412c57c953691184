import { collectFindings, type Findings } from '../findings.ts';
import { demandWithin, type Loaded, type Opened, openFolder, openGiven } from '../load.ts';
import { checkProcesses } from '../process/check-process.ts';
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
 * The whole check of an agreement: loads it, looks at all that can happen in its processes, runs its scenarios and measures what they
 * meet. Processes and scenarios are judged only when nothing else is wrong, since nothing can be run before. They are the gate of
 * publishing, not of loading: what was once ratified stays loadable.
 */
export async function checkAgreement(folder: string): Promise<Checked> {
  return whole(openFolder(folder));
}

/** The same for files that are already in memory. */
export function checkFiles(files: AgreementFiles): Checked {
  return whole(openGiven(files));
}

function whole({ agreement, draft, budget, findings: wrong }: Opened): Checked {
  if (agreement === undefined || draft === undefined || budget === undefined)
    return { findings: wrong, scenarios: { run: 0, failed: 0, differences: [] } };
  const findings = collectFindings();
  checkProcesses(draft, agreement, findings, budget);
  const counter = countCoverage(agreement);
  const results = runScenarios(agreement, { watch: counter.watch, budget });
  demandWithin(budget, findings);
  const failed = results.filter(({ differences }) => differences.length > 0);
  // With the steps spent, nothing can be said of what did not come out.
  if (budget.left < 0) return { findings: findings.list(), scenarios: { run: 0, failed: 0, differences: [] } };
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

import { collectFindings } from '../findings.ts';
import { type Loaded, loadAgreement, loadFiles } from '../load.ts';
import type { AgreementFiles } from '../read/folder.ts';
import { runScenarios } from '../scenarios/run.ts';

/** What a check found, and what it saw. */
export interface Checked extends Loaded {
  scenarios: { run: number; failed: number };
}

/**
 * The whole check of an agreement: loads it, then runs its scenarios. Findings of scenarios come only when there are no others, since
 * nothing can be run before.
 */
export async function checkAgreement(folder: string): Promise<Checked> {
  return withScenarios(await loadAgreement(folder));
}

/** The same for files that are already in memory. */
export function checkFiles(files: AgreementFiles): Checked {
  return withScenarios(loadFiles(files));
}

function withScenarios(loaded: Loaded): Checked {
  if (loaded.agreement === undefined) return { ...loaded, scenarios: { run: 0, failed: 0 } };
  const results = runScenarios(loaded.agreement);
  const failed = results.filter(({ differences }) => differences.length > 0);
  const findings = collectFindings();
  for (const { name, at, differences } of failed) {
    findings.add('AGREEMENT_SCENARIO_FAILED', { name, reason: differences.join('; ') }, at);
  }
  const scenarios = { run: results.length, failed: failed.length };
  return { agreement: loaded.agreement, findings: findings.list(), scenarios };
}

import type { Draft } from '../read/draft.ts';
import { demand } from '../read/expressions.ts';
import type { Path, Source } from '../read/yaml.ts';
import type { Confirmations, Stage } from '../types.ts';

/** Confirmations belong to stages that confirm, and are distinct from stages that exist. */
export function checkConfirmations(
  draft: Draft,
  verb: Stage['verb'],
  written: { count: number; distinctFrom?: string[] } | undefined,
  stages: readonly string[],
  source: Source,
  path: Path,
): void {
  const wrong = (reason: string): void => draft.findings.add('AGREEMENT_CONFIRMATIONS', { reason }, source.at(path));
  if ((verb === 'confirm') !== (written !== undefined)) {
    wrong(verb === 'confirm' ? 'a stage that confirms says how many officers do' : `${verb} is not confirmed`);
  }
  for (const name of written?.distinctFrom ?? []) {
    demand(stages.includes(name), 'AGREEMENT_STAGE_UNKNOWN', name, source, path, draft.findings);
  }
}

/** Confirmations with what was left out. */
export function confirmationsOf(written: { count: number; distinctFrom?: string[] }): Confirmations {
  return { count: written.count, distinctFrom: written.distinctFrom ?? [] };
}

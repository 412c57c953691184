import { type ImportReport, ROW_REASONS } from '../../registers/index.ts';
import { Failure, failureSentence } from '../../storage/index.ts';

/** The rows that a register refused, each as a sentence with its line; the last says how many more there are. */
export function rejectedLines({ rejected, refused }: ImportReport): string[] {
  const reasons: Readonly<Record<string, string>> = ROW_REASONS;
  const lines = rejected.map(
    ({ line, reason, params }) => `line ${line}: ${failureSentence(reasons, new Failure(reason, params))}`,
  );
  return refused > rejected.length ? [...lines, `... and ${refused - rejected.length} more`] : lines;
}

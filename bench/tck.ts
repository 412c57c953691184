import { Failure } from '../src/storage/index.ts';
import type { Figure, Report } from './_report.ts';
import { tckFolder } from './_tck-cases.ts';
import { runLevel, type Score } from './_tck-run.ts';

/**
 * The public DMN TCK (dmn-tck/tck on GitHub; its cases are data under CC-BY-SA and not part of this repository): results that are as
 * expected, ours in loose mode beside `feelin` on the same models.
 *
 * @throws Failure BENCH_CASES where no cases are given
 */
export async function run({ cases, list }: { cases?: string; list?: (line: string) => void }): Promise<Report> {
  const folder = tckFolder(cases === undefined ? process.env : { DMN_TCK: cases });
  if (folder === undefined)
    throw new Failure('CLI_BENCH_CASES', { name: 'tck', repository: 'https://github.com/dmn-tck/tck' });
  const levels = ([2, 3] as const).map((level) => runLevel(folder, level));
  for (const { failures } of levels) for (const line of failures) list?.(line);
  return {
    name: 'tck',
    goal: 'level 2: all; level 3: at least 3,200 of 3,369 results, and 1,800 of the 1,916 that are not null',
    figures: levels.flatMap(({ level, ours, feelin }) => figures(level, ours, feelin)),
  };
}

function figures(level: number, ours: Score, feelin: Score): Figure[] {
  const one = (what: string, mine: number, theirs: number): Figure => ({
    what,
    ours: mine,
    peer: theirs,
    peerName: 'feelin',
    ratio: Number((mine / theirs).toFixed(3)),
    unit: 'results passed',
    runs: 1,
  });
  return [
    one(`level ${level}, all ${ours.total} results`, ours.passed, feelin.passed),
    one(`level ${level}, the ${ours.totalValues} that are not null`, ours.passedValues, feelin.passedValues),
  ];
}

import { compileModel, type FeelValue, parseDateTime, toFeel } from '../src/feel/index.ts';
import { readSuites, type TckCase, type TckLevel, type TckSuite } from './_tck-cases.ts';
import { agrees } from './_tck-compare.ts';
import { feelinResults } from './_tck-feelin.ts';

/** Results passed, and of those whose expected value is not null: an engine that always says null passes the others. */
export interface Score {
  passed: number;
  total: number;
  passedValues: number;
  totalValues: number;
}

export interface LevelScore {
  readonly level: TckLevel;
  readonly ours: Score;
  readonly feelin: Score;
  /** One line for each result that we do not give. */
  readonly failures: readonly string[];
}

const NOW = parseDateTime('2026-11-22T10:00:00Z') ?? undefined;

/** Runs every test of a level with both engines. */
export function runLevel(folder: string, level: TckLevel): LevelScore {
  const [ours, feelin] = [newScore(), newScore()];
  const failures: string[] = [];
  for (const suite of readSuites(folder, level)) {
    const decide = ourDecider(suite);
    for (const one of suite.cases) {
      const [mine, theirs] = [decide(one), feelinResults(suite, one)];
      for (const [index, { name, expected }] of one.results.entries()) {
        const value = mine[index] ?? null;
        count(feelin, theirs[index] ?? null, expected);
        if (!count(ours, value, expected)) {
          failures.push(`${suite.name} ${one.id} ${name}: ${toFeel(value)}, expected ${toFeel(expected)}`);
        }
      }
    }
  }
  return { level, ours, feelin, failures };
}

const newScore = (): Score => ({ passed: 0, total: 0, passedValues: 0, totalValues: 0 });

function count(score: Score, value: FeelValue, expected: FeelValue): boolean {
  const passed = agrees(value, expected);
  score.total++;
  if (passed) score.passed++;
  if (expected === null) return passed;
  score.totalValues++;
  if (passed) score.passedValues++;
  return passed;
}

function ourDecider({ model, imported }: TckSuite): (one: TckCase) => FeelValue[] {
  const compiled = compileModel(model, imported);
  const options = NOW === undefined ? {} : { now: NOW };
  return ({ service, inputs, results }) => {
    if (service === undefined) return results.map(({ name }) => compiled.decide(name, inputs, options));
    const values = compiled.serve(service, inputs, options);
    return results.map(({ name }) => values.get(name) ?? null);
  };
}

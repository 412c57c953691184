import { existsSync, readdirSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Failure } from '../../storage/index.ts';
import { type Command, type Surroundings, textOf } from '../command.ts';
import { EXIT } from '../exit-codes.ts';

interface Figure {
  what: string;
  ours: number;
  peer: number;
  peerName: string;
  ratio: number;
  unit: string;
  runs: number;
}

/** What a bench is given. */
interface BenchSurroundings {
  root: string;
  program: string;
  /** Cases that are not part of the repository. */
  cases?: string;
  /** Takes a line for each single case behind the figures that fell short. */
  list?: (line: string) => void;
  /** For the ledger: how many leaves. */
  leaves?: number;
}

interface Bench {
  run(around: BenchSurroundings): Promise<{ name: string; goal: string; figures: Figure[] }>;
}

/** `./commonway bench` */
export const bench: Command = {
  name: 'bench',
  summary: 'measures, beside a named peer in the same run: medians and ratios',
  details:
    'Without a NAME it lists what can be measured. Absolute figures drift with the machine; the ratio is what counts.',
  arguments: [{ name: 'NAME', summary: 'one of the benches in bench/', optional: true }],
  options: {
    json: { type: 'boolean', summary: 'prints one JSON object' },
    cases: { type: 'string', value: 'FOLDER', summary: 'for tck: a checkout of dmn-tck/tck (or the variable DMN_TCK)' },
    leaves: { type: 'string', value: 'COUNT', summary: 'for ledger: how many leaves, up to 10000000; default: 100000' },
    list: { type: 'boolean', summary: 'lists on standard error each single case that fell short' },
  },
  async run(around, typed) {
    const [name] = typed.arguments;
    if (name === undefined) {
      for (const known of benchNames(around.root)) around.out(known);
      return EXIT.ok;
    }
    if (!benchNames(around.root).includes(name)) {
      throw new Failure('CLI_BENCH_UNKNOWN', { name, names: benchNames(around.root).join(', ') });
    }
    const cases = textOf(typed, 'cases');
    const leaves = textOf(typed, 'leaves');
    if (leaves !== undefined && !/^[1-9]\d{0,7}$/.test(leaves))
      throw new Failure('CLI_OPTION_WRONG', { command: 'bench', reason: '--leaves is a number up to 10000000.' });
    const report = await measure(around, name, {
      ...(cases !== undefined && { cases }),
      ...(leaves !== undefined && { leaves: Number(leaves) }),
      ...(typed.options.list === true && { list: (line: string) => around.err(line) }),
    });
    if (typed.options.json === true) around.out(JSON.stringify({ ...report, machine: machine() }));
    else print(around, report);
    return EXIT.ok;
  },
};

function benchNames(root: string): string[] {
  const home = join(root, 'bench');
  if (!existsSync(home)) return [];
  return readdirSync(home)
    .filter((name) => name.endsWith('.ts') && !name.startsWith('_'))
    .map((name) => name.replace(/\.ts$/, ''))
    .sort();
}

async function measure(around: Surroundings, name: string, more: Pick<BenchSurroundings, 'cases' | 'leaves' | 'list'>) {
  const build = pathToFileURL(join(around.root, 'scripts', 'build.mjs')).href;
  const { buildBenches } = (await import(build)) as {
    buildBenches(root: string): Promise<{ program: string; benches: Record<string, string> }>;
  };
  const { program, benches } = await buildBenches(around.root);
  const module = (await import(pathToFileURL(benches[name] ?? '').href)) as Bench;
  return module.run({ root: around.root, program, ...more }).catch((error: unknown) => {
    throw isRefusal(error) ? new Failure(error.code, error.params) : error;
  });
}

/** A bench is built apart: its refusals have the form of a Failure, and a class of their own. */
const isRefusal = (error: unknown): error is Pick<Failure, 'code' | 'params'> =>
  error instanceof Error && error.name === 'Failure' && 'code' in error && 'params' in error;

function machine() {
  const [first] = cpus();
  return {
    processors: availableParallelism(),
    model: first?.model.trim() ?? '',
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    platform: `${process.platform}-${process.arch}`,
    node: process.version,
  };
}

function print(around: Surroundings, { goal, figures }: Awaited<ReturnType<typeof measure>>): void {
  around.out(`Goal: ${goal}`);
  for (const { what, ours, peer, peerName, ratio, unit, runs } of figures) {
    around.out(`${what}: ${ours} ${unit}; ${peerName}: ${peer} ${unit}; ratio ${ratio} (median of ${runs})`);
  }
}

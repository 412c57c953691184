/** One line of a benchmark: the medians of both over interleaved runs. */
export interface Figure {
  what: string;
  ours: number;
  peer: number;
  peerName: string;
  /** Ours by the peer's, in the sense that `unit` gives it. */
  ratio: number;
  unit: string;
  runs: number;
}

/** What `./commonway bench NAME --json` prints, before the machine is added. */
export interface Report {
  name: string;
  goal: string;
  figures: Figure[];
}

/** What a bench of whole processes is given. */
export interface BenchSurroundings {
  root: string;
  /** The built program. */
  program: string;
  /** For the ledger: how many leaves. */
  leaves?: number;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  const [low = 0, high = 0] =
    sorted.length % 2 === 1 ? [sorted[middle], sorted[middle]] : [sorted[middle - 1], sorted[middle]];
  return (low + high) / 2;
}

/** The middle of both over their runs, and their ratio to three digits. */
export function figure(
  what: string,
  unit: string,
  ours: readonly number[],
  peerName: string,
  theirs: readonly number[],
): Figure {
  const [mine, peer] = [median(ours), median(theirs)];
  const round = (value: number) => Number(value.toPrecision(4));
  return { what, ours: round(mine), peer: round(peer), peerName, ratio: round(mine / peer), unit, runs: ours.length };
}

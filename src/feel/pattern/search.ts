import type { Step } from './program.ts';

/** Where a match begins and ends, and each of its groups; -1 for a group that took no part. Positions count code points. */
export type Marks = readonly number[];

export interface SearchOptions {
  /** Whether `^` and `$` also stand at the lines inside. */
  readonly lines: boolean;
  /** Is told how many steps were taken, and may end the search by throwing. */
  readonly spend: (steps: number) => void;
}

/** A path through the program: where it is, and the marks it has made. */
interface Thread {
  readonly at: number;
  readonly marks: Marks;
}

/**
 * The first match at or after a position, the one that a backtracking engine would find, in time that grows with text times program.
 *
 * @param points the text as code points
 */
export function search(
  program: readonly Step[],
  points: readonly number[],
  from: number,
  options: SearchOptions,
): Marks | undefined {
  let threads: Thread[] = [];
  let found: Marks | undefined;
  const seen = new Int32Array(program.length).fill(-1);
  for (let at = from; at <= points.length; at++) {
    if (found === undefined) follow({ at: 0, marks: [] }, at, threads);
    if (threads.length === 0 && found !== undefined) break;
    options.spend(1 + (threads.length >> 3));
    const point = points[at];
    const next: Thread[] = [];
    for (const thread of threads) {
      const step = program[thread.at];
      if (step?.op === 'done') {
        found = thread.marks;
        // Paths behind this one would only be taken if it had failed.
        break;
      }
      if (step?.op === 'set' && point !== undefined && step.has(point))
        follow({ ...thread, at: thread.at + 1 }, at + 1, next);
    }
    threads = next;
  }
  return found;

  /** Adds a path to a list, through all steps that read nothing; a step already on the list is not taken twice. */
  function follow(start: Thread, position: number, list: Thread[]): void {
    const waiting: Thread[] = [start];
    for (let thread = waiting.pop(); thread !== undefined; thread = waiting.pop()) {
      const step = program[thread.at];
      if (step === undefined || seen[thread.at] === position) continue;
      seen[thread.at] = position;
      const { marks } = thread;
      switch (step.op) {
        case 'jump':
          waiting.push({ at: step.to, marks });
          break;
        case 'split':
          waiting.push({ at: step.second, marks }, { at: step.first, marks });
          break;
        case 'mark':
          waiting.push({ at: thread.at + 1, marks: marked(marks, step.slot, position) });
          break;
        case 'edge':
          if (isEdge(step.edge, points, position, options.lines)) waiting.push({ at: thread.at + 1, marks });
          break;
        default:
          list.push(thread);
      }
    }
  }
}

function marked(marks: Marks, slot: number, position: number): Marks {
  const copy = marks.slice();
  while (copy.length <= slot) copy.push(-1);
  copy[slot] = position;
  return copy;
}

const NEWLINE = 10;

function isEdge(edge: 'start' | 'end', points: readonly number[], at: number, lines: boolean): boolean {
  if (edge === 'end') return at === points.length || (lines && points[at] === NEWLINE);
  return at === 0 || (lines && points[at - 1] === NEWLINE && at < points.length);
}

import { PatternError } from './parse.ts';
import type { CharacterSet, Pattern } from './tree.ts';

/** One step of a program. `first` is tried before `second`. */
export type Step =
  | { readonly op: 'set'; readonly has: CharacterSet }
  | { readonly op: 'edge'; readonly edge: 'start' | 'end' }
  | { readonly op: 'split'; first: number; second: number }
  | { readonly op: 'jump'; to: number }
  | { readonly op: 'mark'; readonly slot: number }
  | { readonly op: 'done' };

/** Counted repetitions are written out; beyond this a pattern is refused. */
const MOST_STEPS = 3000;

/**
 * A pattern as a program for `search`: every path through it is followed at once, so that the time grows with the product of text and
 * program and never faster (Thompson 1968, with Pike's marks for the groups).
 *
 * @throws PatternError when the program gets too long
 */
export function programOf(tree: Pattern): readonly Step[] {
  const steps: Step[] = [];
  emit({ kind: 'group', of: tree, number: 0 }, steps);
  push(steps, { op: 'done' });
  return steps;
}

function push<S extends Step>(steps: Step[], step: S): S {
  if (steps.length >= MOST_STEPS) throw new PatternError('it is too large');
  steps.push(step);
  return step;
}

function emit(pattern: Pattern, steps: Step[]): void {
  switch (pattern.kind) {
    case 'set':
      push(steps, { op: 'set', has: pattern.has });
      return;
    case 'edge':
      push(steps, { op: 'edge', edge: pattern.edge });
      return;
    case 'sequence':
      for (const part of pattern.parts) emit(part, steps);
      return;
    case 'choice':
      emitChoice(pattern.options, steps);
      return;
    case 'group':
      if (pattern.number !== undefined) push(steps, { op: 'mark', slot: pattern.number * 2 });
      emit(pattern.of, steps);
      if (pattern.number !== undefined) push(steps, { op: 'mark', slot: pattern.number * 2 + 1 });
      return;
    case 'repeat':
      emitRepeat(pattern, steps);
  }
}

function emitChoice(options: readonly Pattern[], steps: Step[]): void {
  const ends: { to: number }[] = [];
  for (const [index, option] of options.entries()) {
    if (index === options.length - 1) {
      emit(option, steps);
      continue;
    }
    const split = push(steps, { op: 'split', first: steps.length + 1, second: 0 });
    emit(option, steps);
    ends.push(push(steps, { op: 'jump', to: 0 }));
    split.second = steps.length;
  }
  for (const end of ends) end.to = steps.length;
}

function emitRepeat(pattern: Extract<Pattern, { kind: 'repeat' }>, steps: Step[]): void {
  const { of, least, most, greedy } = pattern;
  for (let count = 0; count < least; count++) emit(of, steps);
  const aim = (split: { first: number; second: number }, inside: number, after: number): void => {
    split.first = greedy ? inside : after;
    split.second = greedy ? after : inside;
  };
  if (most === Number.POSITIVE_INFINITY) {
    const start = steps.length;
    const split = push(steps, { op: 'split', first: 0, second: 0 });
    emit(of, steps);
    push(steps, { op: 'jump', to: start });
    aim(split, start + 1, steps.length);
    return;
  }
  const splits: { split: { first: number; second: number }; inside: number }[] = [];
  for (let count = least; count < most; count++) {
    splits.push({ split: push(steps, { op: 'split', first: 0, second: 0 }), inside: steps.length });
    emit(of, steps);
  }
  for (const { split, inside } of splits) aim(split, inside, steps.length);
}

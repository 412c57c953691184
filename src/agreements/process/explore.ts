/** What can happen next: to which state, in words. */
export interface Step<S> {
  to: S;
  tells: string;
}

/** A process as a machine: where it begins, and what can happen in each state. A state is plain data. */
export interface Machine<S> {
  start: S;
  steps(state: S): readonly Step<S>[];
  isFinal(state: S): boolean;
}

/** Everything that can happen. */
export interface Explored<S> {
  states: readonly S[];
  /** The states from which no end can be reached any more, the earliest first. */
  doomed: readonly S[];
  /** What happened on the shortest way to a state. */
  story(state: S): string[];
}

interface Seen<S> {
  state: S;
  from?: string;
  tells: string;
}

/**
 * Looks at every state that a machine can come into, breadth first, so that the way to each is a shortest one, and at which of them an
 * end stays possible. The machine must have finitely many states.
 * @example explore(machine).doomed.length === 0 // it always can end
 */
export function explore<S>(machine: Machine<S>): Explored<S> {
  const keyOf = (state: S): string => JSON.stringify(state);
  const seen = new Map<string, Seen<S>>([[keyOf(machine.start), { state: machine.start, tells: '' }]]);
  const before = new Map<string, string[]>();
  const ends: string[] = [];
  for (const [key, { state }] of seen) {
    if (machine.isFinal(state)) ends.push(key);
    for (const { to, tells } of machine.steps(state)) {
      const next = keyOf(to);
      const known = before.get(next);
      if (known === undefined) before.set(next, [key]);
      else known.push(key);
      if (!seen.has(next)) seen.set(next, { state: to, from: key, tells });
    }
  }
  const alive = new Set(ends);
  for (const key of alive) for (const earlier of before.get(key) ?? []) alive.add(earlier);
  const all = [...seen];
  return {
    states: all.map(([, { state }]) => state),
    doomed: all.filter(([key]) => !alive.has(key)).map(([, { state }]) => state),
    story(state) {
      const told: string[] = [];
      for (let at = seen.get(keyOf(state)); at?.from !== undefined; at = seen.get(at.from)) told.unshift(at.tells);
      return told;
    },
  };
}

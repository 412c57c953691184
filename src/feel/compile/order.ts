/** Things by name, each after those that it uses; and those that come back to themselves. */
export interface Order<T> {
  readonly order: readonly (readonly [name: string, of: T])[];
  readonly cycles: readonly { readonly name: string; readonly of: T; readonly cycle: readonly string[] }[];
}

/**
 * Puts named things into an order in which each comes after those it uses.
 *
 * @param uses the names that a thing mentions; those that name none of the things are ignored
 */
export function inOrder<T>(things: ReadonlyMap<string, T>, uses: (thing: T) => Iterable<string>): Order<T> {
  const order: [string, T][] = [];
  const cycles: { name: string; of: T; cycle: string[] }[] = [];
  const state = new Map<string, 'open' | 'done'>();
  const visit = (name: string, of: T, trail: readonly string[]): void => {
    state.set(name, 'open');
    const here = [...trail, name];
    for (const used of uses(of)) {
      const other = things.get(used);
      if (other === undefined || state.get(used) === 'done') continue;
      if (state.get(used) === 'open')
        cycles.push({ name: used, of: other, cycle: [...here.slice(here.indexOf(used)), used] });
      else visit(used, other, here);
    }
    state.set(name, 'done');
    order.push([name, of]);
  };
  for (const [name, thing] of things) if (!state.has(name)) visit(name, thing, []);
  return { order, cycles };
}

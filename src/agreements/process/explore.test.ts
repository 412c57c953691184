import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { explore } from './explore.ts';

/** A machine from a list of arrows; the last number is an end. */
function machineOf(arrows: readonly (readonly [number, number])[], end: number) {
  return explore<number>({
    start: 0,
    steps: (state) => arrows.filter(([from]) => from === state).map(([from, to]) => ({ to, tells: `${from}>${to}` })),
    isFinal: (state) => state === end,
  });
}

describe('the search of a machine', () => {
  it('finds every state, the shortest way to it, and where no end is left', () => {
    const explored = machineOf(
      [
        [0, 1],
        [1, 2],
        [0, 2],
        [2, 9],
        [1, 3],
        [3, 4],
        [4, 3],
      ],
      9,
    );
    assert.deepEqual([...explored.states].sort(), [0, 1, 2, 3, 4, 9]);
    assert.deepEqual(explored.doomed, [3, 4]);
    assert.deepEqual(explored.story(4), ['0>1', '1>3', '3>4']);
    assert.deepEqual(explored.story(2), ['0>2']);
  });

  it('tells only ways that exist, and calls doomed exactly the states that do not lead to the end', () => {
    const arrow = fc.tuple(fc.nat(9), fc.nat(9));
    fc.assert(
      fc.property(fc.array(arrow, { maxLength: 25 }), fc.nat(9), (arrows, end) => {
        const { states, doomed, story } = machineOf(arrows, end);
        for (const state of states) {
          const ways = story(state);
          assert.ok(ways.every((way) => arrows.some(([from, to]) => way === `${from}>${to}`)));
          if (state !== 0) assert.ok(ways.at(-1)?.endsWith(`>${state}`));
          const from = (start: number): boolean => {
            const seen = new Set([start]);
            for (const one of seen) for (const [a, b] of arrows) if (a === one) seen.add(b);
            return seen.has(end);
          };
          assert.equal(doomed.includes(state), !from(state));
        }
      }),
    );
  });
});

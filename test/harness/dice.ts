import { randomInt } from 'node:crypto';

/** Numbers that look random and come again for the same seed (mulberry32). */
export interface Dice {
  seed: number;
  /** A whole number from 0 to below `sides`. */
  roll(sides: number): number;
}

/** Dice with the seed of `COMMONWAY_SEED`, else with a fresh one; whoever uses them prints it. */
export function dice(): Dice {
  const seed = Number(process.env.COMMONWAY_SEED ?? randomInt(2 ** 31));
  let state = seed >>> 0;
  return {
    seed,
    roll(sides) {
      state = (state + 0x6d2b79f5) >>> 0;
      let mixed = Math.imul(state ^ (state >>> 15), state | 1);
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
      return ((mixed ^ (mixed >>> 14)) >>> 0) % sides;
    },
  };
}

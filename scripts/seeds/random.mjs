// A seeded generator of random numbers (mulberry32): the same seeds give the same files, on any machine.

/** @param {number} seed */
export function seededRandom(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const between = (least, most) => least + Math.floor(next() * (most - least + 1));
  return {
    between,
    chance: (probability) => next() < probability,
    pick: (items) => items[between(0, items.length - 1)],
  };
}

const DAY = 86_400_000;
const toDay = (date) => Date.parse(`${date}T00:00:00Z`) / DAY;
const fromDay = (day) => new Date(day * DAY).toISOString().slice(0, 10);

/** @param {string} date @param {number} days */
export const plusDays = (date, days) => fromDay(toDay(date) + days);
/** A day between two, both included. */
export const dayBetween = (random, from, to) => fromDay(random.between(toDay(from), toDay(to)));

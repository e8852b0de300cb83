// Random numbers that can be repeated: the same seed gives the same ones.

/** @typedef {() => number} Chance The next number, from 0 to 1. */

/** @type {(seed: number) => Chance} Mulberry32 (Ettinger 2017), from a whole number. */
export function seeded(seed) {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** @type {(chance: Chance) => number} Normally distributed, with a standard deviation of 1. */
export const normal = (chance) => Math.sqrt(-2 * Math.log(1 - chance())) * Math.cos(2 * Math.PI * chance());

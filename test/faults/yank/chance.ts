/** Chance that comes out the same for the same seed (mulberry32, a public-domain generator of 32 bits of state). */
export type Chance = {
  /** From 0 up to, not including, 1. */
  next(): number;
  /** A whole number, both ends included. */
  int(from: number, to: number): number;
  pick<T>(things: readonly T[]): T;
  /** One of the names, each as often as its weight says. */
  weigh<K extends string>(weights: Readonly<Record<K, number>>): K;
  /** From here on what this seed gives, whatever was taken before. */
  reseed(seed: number): void;
};

export function createChance(seed: number): Chance {
  let state = 0;
  const reseed = (from: number) => {
    // Neighbouring seeds must not give neighbouring choices.
    state = Math.imul(from ^ (from >>> 16), 0x45d9f3b) >>> 0;
  };
  reseed(seed);
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const int = (from: number, to: number) => from + Math.floor(next() * (to - from + 1));
  return {
    next,
    int,
    pick(things) {
      const thing = things[int(0, things.length - 1)];
      if (thing === undefined) throw new Error('nothing to pick from');
      return thing;
    },
    weigh(weights) {
      const entries = Object.entries(weights) as [keyof typeof weights, number][];
      let left = next() * entries.reduce((sum, [, weight]) => sum + weight, 0);
      for (const [name, weight] of entries) {
        left -= weight;
        if (left < 0) return name;
      }
      throw new Error('no weights');
    },
    reseed,
  };
}

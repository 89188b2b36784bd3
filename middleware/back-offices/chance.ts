/** Numbers that look random and are the same each time for the same words (FNV-1a into mulberry32). For an invented world only. */
export function chanceOf(...words: readonly (string | number)[]): () => number {
  let state = 0x811c9dc5;
  for (const byte of Buffer.from(words.join('\u0000'))) state = Math.imul(state ^ byte, 0x01000193) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A whole number, `from` and `to` among the possible. */
export function between(chance: () => number, from: number, to: number): number {
  return from + Math.floor(chance() * (to - from + 1));
}

import { describe, expect, it } from 'vitest';
import { countLost, findMissing } from './loss.ts';

describe('what is missing', () => {
  it.each([
    [[], 1, 3, [[1, 3]]],
    [[1, 2, 3], 1, 3, []],
    [
      [2],
      1,
      3,
      [
        [1, 1],
        [3, 3],
      ],
    ],
    [
      [1, 5, 9],
      2,
      9,
      [
        [2, 4],
        [6, 8],
      ],
    ],
    [[], 4, 3, []],
  ])('of %j from %i to %i', (present, from, to, missing) => {
    expect(findMissing(present, from, to)).toEqual(missing);
  });

  it('is one range too many: the last one reaches to the end', () => {
    const odd = Array.from({ length: 30_000 }, (_, index) => 2 * index + 1);
    const missing = findMissing(odd, 1, 60_000);
    expect(missing).toHaveLength(10_000);
    expect(missing.at(-1)).toEqual([20_000, 60_000]);
  });

  it('is lost as far as it had no receipt', () => {
    expect(
      countLost(
        [
          [1, 4],
          [6, 6],
        ],
        3,
      ),
    ).toBe(2);
    expect(countLost([[1, 4]], 9)).toBe(0);
  });
});

import { expect, test } from 'vitest';
import { alternate, keepsLimit, makeRow, median, percentile } from './rows.ts';

test('the median of an odd and an even number of values', () => {
  expect(median([9, 1, 5])).toBe(5);
  expect(median([9, 1, 5, 6])).toBe(5.5);
  expect(() => median([])).toThrow();
});

test('a percentile is a value that was measured', () => {
  const values = Array.from({ length: 200 }, (_, at) => 200 - at);
  expect([50, 99, 100].map((of) => percentile(values, of))).toEqual([100, 198, 200]);
  expect(percentile([7], 99)).toBe(7);
  expect(() => percentile([], 99)).toThrow();
});

test('a row divides the two medians', () => {
  expect(makeRow('start.x', 'ms', [400, 900, 300], [200, 200, 1])).toEqual({
    name: 'start.x',
    value: 400,
    unit: 'ms',
    against: 200,
    ratio: 2,
  });
});

test('a row keeps its limit, or does not', () => {
  const row = (value: number, limit?: Parameters<typeof makeRow>[4]) => makeRow('card.x', 'ms', [value], [100], limit);
  expect(keepsLimit(row(1000))).toBe(true);
  expect([120, 125, 126].map((value) => keepsLimit(row(value, { atMost: 1.1, plus: 15 })))).toEqual([true, true, false]);
  expect([199, 200].map((value) => keepsLimit(row(value, { atLeast: 2 })))).toEqual([false, true]);
  expect([100, 101].map((value) => keepsLimit(row(value, { atMost: 1 })))).toEqual([true, false]);
  expect([20, 21].map((value) => keepsLimit(row(value, { noMoreThan: 20 })))).toEqual([true, false]);
});

test('by turns, at least five times, after one round that does not count', async () => {
  const order: string[] = [];
  let count = 0;
  const measure = (name: string) => async () => {
    order.push(name);
    count += 1;
    return count;
  };
  const { one, other } = await alternate(1, measure('a'), measure('b'));
  expect(order.join('')).toBe('ab' + 'ab' + 'ba' + 'ab' + 'ba' + 'ab');
  expect(one).toEqual([3, 6, 7, 10, 11]);
  expect(other).toEqual([4, 5, 8, 9, 12]);
});

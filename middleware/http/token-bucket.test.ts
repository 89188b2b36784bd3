import { expect, test } from 'vitest';
import { createTokenBucket, networkOf } from './token-bucket.ts';

function makeBucket(askers = 10) {
  const clock = { now: 0 };
  return { clock, bucket: createTokenBucket({ burst: 3, refillMs: 2000, askers, now: () => clock.now }) };
}

test('a burst is answered, then one question for each refill', () => {
  const { clock, bucket } = makeBucket();
  expect([1, 2, 3].map(() => bucket.take('192.0.2.1'))).toEqual([0, 0, 0]);
  expect(bucket.take('192.0.2.1')).toBe(2);
  clock.now = 1500;
  expect(bucket.take('192.0.2.1')).toBe(1);
  clock.now = 2000;
  expect(bucket.take('192.0.2.1')).toBe(0);
  expect(bucket.take('192.0.2.1')).toBe(2);
});

test('a long silence earns no more than a burst, and a clock that steps back earns nothing', () => {
  const { clock, bucket } = makeBucket();
  for (let i = 0; i < 3; i++) bucket.take('192.0.2.1');
  clock.now = 1_000_000;
  expect([1, 2, 3, 4].map(() => bucket.take('192.0.2.1'))).toEqual([0, 0, 0, 2]);
  clock.now = 0;
  expect(bucket.take('192.0.2.1')).toBe(2);
});

test('each asker has its own', () => {
  const { bucket } = makeBucket();
  for (let i = 0; i < 4; i++) bucket.take('192.0.2.1');
  expect(bucket.take('192.0.2.2')).toBe(0);
});

test('strangers do not fill the memory: who asked longest ago is forgotten', () => {
  const { bucket } = makeBucket(2);
  for (let i = 0; i < 3; i++) bucket.take('192.0.2.1');
  bucket.take('192.0.2.2');
  bucket.take('192.0.2.3');
  expect(bucket.take('192.0.2.1')).toBe(0);
});

test('a household counts as one', () => {
  expect(networkOf('192.0.2.1')).toBe('192.0.2.1');
  expect(networkOf('::ffff:192.0.2.1')).toBe('192.0.2.1');
  expect(networkOf('2001:db8:0:1::5')).toBe(networkOf('2001:db8::1:aaaa:bbbb:cccc:dddd'));
  expect(networkOf('2001:db8:0:1::5')).not.toBe(networkOf('2001:db8:0:2::5'));
  expect(networkOf('::1')).toBe('0:0:0:0::/64');
  expect(networkOf('fe80::1%eth0')).toBe('fe80:0:0:0::/64');
});

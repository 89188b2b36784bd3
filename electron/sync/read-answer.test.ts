import { expect, it } from 'vitest';
import { mediaType } from '../../contract/wire.ts';
import { readPatience } from './read-answer.ts';

const problem = (inMs: unknown, headers = {}) =>
  readPatience({
    status: 429,
    mediaType: mediaType.problem,
    headers,
    body: Buffer.from(JSON.stringify({ type: 'about:blank', title: 'later', status: 429, inMs })),
  });

it('is a day at most, however long somebody asks for: a timer takes no more than some weeks', () => {
  expect([problem(Number.MAX_SAFE_INTEGER), problem(undefined, { 'retry-after': '999999' })]).toEqual([86_400_000, 86_400_000]);
});

it('is to the millisecond where that is said, else in whole seconds, else not said', () => {
  expect([problem(1_234, { 'retry-after': '2' }), problem(undefined, { 'retry-after': '2' }), problem(-1)]).toEqual([1_234, 2_000, null]);
});

it('is not read from a date or a word', () => {
  const headers = ['Wed, 21 Oct 2026 07:28:00 GMT', '-1', '1e9', ''].map((said) => ({ 'retry-after': said }));
  expect(headers.map((given) => problem(undefined, given))).toEqual([null, null, null, null]);
});

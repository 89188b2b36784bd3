import { randomBytes, randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { people } from '../testing/small-world.ts';
import { openPerson, sealPerson } from './seal-person.ts';

const token = randomBytes(32);
const binding = { terminal: 'kiosk-1', visit: randomUUID() };
const sealed = sealPerson(token, people.self, binding);

it('opens with its own token, for its own terminal and visit', () => {
  expect(openPerson(token, sealed, binding)).toBe(people.self);
});

it.each([
  ['another token', randomBytes(32), sealed, binding],
  ['another terminal', token, sealed, { ...binding, terminal: 'kiosk-2' }],
  ['another visit', token, sealed, { ...binding, visit: randomUUID() }],
  ['a byte that was changed', token, sealed.map((byte, at) => (at === sealed.length - 1 ? byte ^ 1 : byte)), binding],
  ['what is too short to be anything', token, sealed.subarray(0, 20), binding],
])('does not open with %s', (_what, key, bytes, to) => {
  expect(openPerson(key, bytes, to)).toBeNull();
});

import { expect, it } from 'vitest';
import { photoLimits } from './attachment.ts';
import { kioskCommands } from './ipc.ts';

const target = { page: 'papers', field: 'papers' };
const takes = (input: unknown) => kioskCommands['form.photo'].safeParse(input).success;

it('a photo is a handful of bytes, and no more than it may be', () => {
  expect(takes({ ...target, bytes: Uint8Array.of(1) })).toBe(true);
  expect(takes({ ...target, bytes: new Uint8Array(photoLimits.bytes) })).toBe(true);
});

it.each<[string, unknown]>([
  ['nothing', { ...target, bytes: new Uint8Array() }],
  ['a byte too many', { ...target, bytes: new Uint8Array(photoLimits.bytes + 1) }],
  ['a byte of a memory that is too large', { ...target, bytes: new Uint8Array(photoLimits.bytes + 1).subarray(0, 1) }],
  ['a text', { ...target, bytes: '/9j/' }],
  ['a list of numbers', { ...target, bytes: [255, 216, 255] }],
  ['bytes of another kind', { ...target, bytes: new Float64Array(8) }],
  ['what says that it is bytes', { ...target, bytes: { byteLength: 1, buffer: { byteLength: 1 } } }],
  ['a field with a very long name', { page: 'papers', field: 'x'.repeat(65), bytes: Uint8Array.of(1) }],
  ['an answer of its own', { ...target, bytes: Uint8Array.of(1), id: 'mine' }],
])('is not %s', (_what, input) => {
  expect(takes(input)).toBe(false);
});

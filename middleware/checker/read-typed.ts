import { Reference } from '../../contract/ids.ts';

/** The reference and the code of a paper, as somebody pastes or types them: the whole address, or both with space between; lines may be broken. */
export type Typed = { reference: string; code: string };

/** Longer than any code. */
export const longestTyped = 4_000;

/** Null: no reference in it. An empty `code`: no code behind it. Small letters and missing dashes in the reference are forgiven. */
export function readTyped(typed: string): Typed | null {
  const text = typed.trim().slice(0, longestTyped);
  const code = /(?:^|[#\s])((?:k1\.|r[12]~).*)/s.exec(text);
  const before = code === null ? text : text.slice(0, code.index);
  // Of an address only what stands behind the last slash.
  const reference = asReference(before.split('/').at(-1) ?? '');
  return reference === null ? null : { reference, code: (code?.[1] ?? '').replaceAll(/\s/g, '') };
}

export function asReference(typed: string): string | null {
  const letters = typed.toUpperCase().replaceAll(/[^0-9A-Z]/g, '');
  const read = Reference.safeParse(`${letters.slice(0, 3)}-${letters.slice(3, 7)}-${letters.slice(7)}`);
  return read.success ? read.data : null;
}

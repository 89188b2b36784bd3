import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readLines } from './read-lines.ts';

const limits = { largest: 1_000, most: 10_000 };

async function read(chunks: readonly Uint8Array[], within = limits): Promise<unknown[]> {
  async function* come() {
    for (const chunk of chunks) yield chunk;
  }
  const lines: unknown[] = [];
  for await (const line of readLines(come(), within)) lines.push(line.ok ? line.value : line.error);
  return lines;
}

const utf8 = (text: string) => new TextEncoder().encode(text);

it('reads each line, wherever the pieces end', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.jsonValue(), { maxLength: 8 }), fc.array(fc.nat(40), { maxLength: 30 }), async (values, cuts) => {
      const whole = utf8(values.map((value) => `${JSON.stringify(value)}\n`).join(''));
      const chunks: Uint8Array[] = [];
      let at = 0;
      for (const cut of cuts) {
        chunks.push(whole.slice(at, at + cut));
        at = Math.min(whole.length, at + cut);
      }
      chunks.push(whole.slice(at));
      expect(await read(chunks, { largest: 1_000_000, most: 10_000_000 })).toEqual(JSON.parse(JSON.stringify(values)));
    }),
  );
});

it('does not read what was cut off', async () => {
  expect(await read([utf8('{"a":1}\n{"b"')])).toEqual([{ a: 1 }]);
});

it.each<[string, Uint8Array[]]>([
  ['a page of a portal', [utf8('<html>\n')]],
  ['no UTF-8', [Uint8Array.of(0x22, 0xff, 0x22, 10)]],
  ['a line without an end', Array.from({ length: 5 }, () => utf8('x'.repeat(300)))],
  ['more than anybody has', Array.from({ length: 200 }, () => utf8(`"${'x'.repeat(90)}"\n`))],
])('ends where it cannot be read: %s', async (_what, chunks) => {
  const lines = await read(chunks);
  expect(lines.filter((line) => line === 'unreadable')).toEqual(['unreadable']);
  expect(lines.at(-1)).toBe('unreadable');
});

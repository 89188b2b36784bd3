import { readFileSync } from 'node:fs';
import jsQr from 'jsqr';
import { encode } from 'uqr';
import { describe, expect, it } from 'vitest';
import { addressWith, longestReceipt, someReceipt, someTicket } from '../fixtures/printed-codes.ts';
import { drawQr } from './qr.tsx';

const url = 'https://loket.kortrijk.example/t/KTR-7M4Q-29XD';

describe('the ticket’s code', () => {
  it('draws every dark module once, on whole units', () => {
    const { path, size } = drawQr(url);
    const { data } = encode(url, { ecc: 'M', border: 4 });
    const drawn = new Set([...path.matchAll(/M(\d+) (\d+)h1v1h-1z/g)].map(([, x, y]) => `${x},${y}`));
    const dark = data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`${x},${y}`] : [])));
    expect(size).toBe(data.length);
    expect([...drawn].sort()).toEqual(dark.sort());
  });

  it('keeps the quiet zone of four modules on every side (ISO/IEC 18004)', () => {
    const { path, size } = drawQr(url);
    for (const [, x, y] of path.matchAll(/M(\d+) (\d+)/g)) {
      for (const at of [Number(x), Number(y)]) {
        expect(at).toBeGreaterThanOrEqual(4);
        expect(at).toBeLessThan(size - 4);
      }
    }
  });

  it.each([
    ['the ticket', someTicket, 12],
    ['a receipt of a record that came alone', someReceipt, 14],
    ['the longest receipt', longestReceipt, 18],
  ])('%s is read by a reader of others, and has no more modules than it needs', (_what, code, version) => {
    const { path, size } = drawQr(addressWith(code));
    expect((size - 8 - 17) / 4).toBeLessThanOrEqual(version);
    expect(readDrawn(path, size)).toBe(addressWith(code));
  });

  /** Millimetres of the glass, as the styles say it. */
  const styles = ['tokens', 'screens', 'large-text']
    .map((name) => readFileSync(new URL(`../styles/${name}.css`, import.meta.url), 'utf8'))
    .join('');
  const millimetres = (pattern: RegExp) => Number(pattern.exec(styles)?.[1]);
  const paper = millimetres(/\n\.ticket \{\s+width: calc\((\d+) \* var\(--mm\)\)/);
  const [inside, outside] = [millimetres(/--space-4: calc\((\d+) \*/), millimetres(/--space-2: calc\((\d+) \*/)];
  const receipt = millimetres(/\n\.ticket--receipt \{\s+width: calc\((\d+) \*/);
  const receiptInLargeText = millimetres(/\.ticket--receipt \.qr \{\s+width: calc\((\d+) \*/);
  const inLargeText = millimetres(/\.ticket \.qr \{\s+width: calc\((\d+) \*/);
  const small = millimetres(/\n\.code \{\s+display: grid;\s+grid-template-columns: calc\((\d+) \*/);

  it.each([
    ['the ticket', someTicket, paper - 2 * inside + 2 * outside],
    ['the longest receipt', longestReceipt, receipt - 2 * inside + 2 * outside],
    ['the ticket in large text', someTicket, inLargeText],
    ['the longest receipt in large text', longestReceipt, receiptInLargeText],
    ['the ticket in the list at the end', someTicket, small],
  ])('%s: no module is smaller than 0.4 mm', (_what, code, width) => {
    expect(width / drawQr(addressWith(code)).size).toBeGreaterThanOrEqual(0.4);
  });
});

/** As on glass that is photographed straight on: four pixels for each module. */
function readDrawn(path: string, size: number): string | undefined {
  const scale = 4;
  const width = size * scale;
  const pixels = new Uint8ClampedArray(width * width * 4).fill(255);
  for (const [, x, y] of path.matchAll(/M(\d+) (\d+)h1v1h-1z/g))
    for (let at = 0; at < scale * scale; at++) {
      const [column, row] = [Number(x) * scale + (at % scale), Number(y) * scale + Math.floor(at / scale)];
      pixels.fill(0, (row * width + column) * 4, (row * width + column) * 4 + 3);
    }
  return jsQr.default(pixels, width, width)?.data;
}

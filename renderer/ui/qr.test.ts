import { readFileSync } from 'node:fs';
import { encode } from 'uqr';
import { describe, expect, it } from 'vitest';
import { addressWith, longestReceipt, someTicket } from '../fixtures/printed-codes.ts';
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

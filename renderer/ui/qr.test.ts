import { encode } from 'uqr';
import { describe, expect, it } from 'vitest';
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
});

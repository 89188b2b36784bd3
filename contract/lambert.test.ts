import { describe, expect, it } from 'vitest';
import { toDegrees, toLambert } from './lambert.ts';

/** Computed with PROJ's definition of EPSG:3812 (proj4js 2.x): the market of Kortrijk, De Panne, Sankt Vith, the origin. */
const known = [
  [50.8279, 3.2649, 572_232.4842, 669_176.7438],
  [51.09, 2.55, 522_585.5137, 699_309.7521],
  [50.32, 6.4, 794_642.7061, 614_110.4436],
  [50.797815, 4.359215833333, 649_328, 665_262],
] as const;

describe('Lambert 2008', () => {
  it.each(known)('%f N %f E, to the millimetre, and back', (lat, lon, x, y) => {
    const point = toLambert({ lat, lon });
    expect(point.x).toBeCloseTo(x, 3);
    expect(point.y).toBeCloseTo(y, 3);
    const back = toDegrees({ x, y });
    expect(back.lat).toBeCloseTo(lat, 8);
    expect(back.lon).toBeCloseTo(lon, 8);
  });
});

import { describe, expect, it } from 'vitest';
import { bundleLimits } from '../../contract/bundle.ts';
import { demoMap } from '../../electron/demo/demo-map.ts';
import { readTownMap } from '../../electron/map/town-map.ts';
import { drawTown } from './draw-town.ts';

const road = (coordinates: number[][], properties: Record<string, unknown> = {}) => ({
  type: 'Feature',
  properties,
  geometry: { type: 'LineString', coordinates },
});
const town = { areas: null, asOf: '2026-11-15', town: '34022', centre: '50.8279,3.2649', source: 'Wegenregister' };
const draw = (features: unknown[], more: Partial<Parameters<typeof drawTown>[0]> = {}) =>
  drawTown({ ...town, roads: { type: 'FeatureCollection', features }, ...more });
const short = [
  [3.26, 50.82],
  [3.261, 50.82],
];

describe('a map out of roads', () => {
  it('has metres, names once, and the kind of each road', () => {
    const drawn = draw([
      road(short, { LSTRNM: 'Vlasmarkt', WEGCAT: 'H' }),
      road(short, { name: 'Vlasmarkt', MORF: 114 }),
      road(short, { RSTRNM: 'Rootputdreef' }),
      road(short, { kind: 'rail' }),
    ]);
    const [map] = drawn.ok ? drawn.value : [];
    expect(map?.names).toEqual([{ nl: 'Vlasmarkt' }, { nl: 'Rootputdreef' }]);
    expect(map?.centre).toEqual([572_232, 669_177]);
    expect(map?.tiles[0]?.lines.map(({ kind, name }) => [kind, name])).toEqual([
      ['main', 0],
      ['path', 0],
      ['street', 1],
      ['rail', null],
    ]);
    const [x = 0, , east = 0] = map?.tiles[0]?.lines[0]?.at ?? [];
    expect([x, east]).toEqual([571_874, 71]);
  });

  it('has areas of the kinds that are drawn, and no others', () => {
    const ring = [...short, [3.261, 50.821], [3.26, 50.82]];
    const area = (kind: string) => ({ type: 'Feature', properties: { kind }, geometry: { type: 'Polygon', coordinates: [ring] } });
    const drawn = draw([road(short)], { areas: { type: 'FeatureCollection', features: [area('water'), area('prison')] } });
    expect(drawn.ok && drawn.value[0]?.tiles.flatMap(({ areas }) => areas.map(({ kind }) => kind))).toEqual(['water']);
  });

  it('comes in parts that fit in a bundle, and is one map again on the terminal', () => {
    const roads = Array.from({ length: 9_000 }, (_, at) => {
      const [lon, lat] = [3.2 + (at % 90) / 700, 50.78 + Math.floor(at / 90) / 1_000];
      const coordinates = Array.from({ length: 20 }, (_, step) => [lon + step / 9_000, lat + ((step * at) % 7) / 9_000]);
      return road(coordinates, { name: `Verzonnen straat ${at % 1_500}` });
    });
    const drawn = draw(roads);
    if (!drawn.ok) throw new Error(drawn.error);
    expect(drawn.value.length).toBeGreaterThan(1);
    const files = drawn.value.map((part, at) => [`map/34022-${at + 1}.json`, new TextEncoder().encode(JSON.stringify(part))] as const);
    for (const [, bytes] of files) expect(bytes.length).toBeLessThanOrEqual(bundleLimits.fileBytes);
    const map = readTownMap(new Map(files), '34022', () => undefined);
    expect(map?.names.length).toBe(1_500);
    expect(map?.tiles.flatMap(({ lines }) => lines).length).toBe(9_000);
  });

  it.each([
    ['no GeoJSON', { type: 'Topology' }, {}],
    ['a centre that is none', { type: 'FeatureCollection', features: [] }, { centre: 'Kortrijk' }],
    [
      'roads on the moon',
      {
        type: 'FeatureCollection',
        features: [
          road([
            [-170, -80],
            [-171, -80],
          ]),
        ],
      },
      {},
    ],
    ['no day', { type: 'FeatureCollection', features: [] }, { asOf: 'gisteren' }],
  ])('says what is wrong: %s', (_what, roads, more) => {
    expect(draw([], { roads, ...more })).toEqual({ ok: false, error: expect.any(String) });
  });
});

it('the town of the demo has its streets, and nothing twice', () => {
  const drawn = new Set(
    demoMap.tiles.flatMap(({ lines }) => lines.flatMap(({ name }) => (name === null ? [] : [demoMap.names[name]?.nl]))),
  );
  expect(drawn.size).toBe(demoMap.names.length);
});

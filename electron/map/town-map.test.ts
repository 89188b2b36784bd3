import { describe, expect, it } from 'vitest';
import { TownMap } from '../../contract/map.ts';
import { demoMap } from '../demo/demo-map.ts';
import { openTownMaps } from './open-maps.ts';
import { createMapPush } from './push-map.ts';
import { readPoint, readTownMap } from './town-map.ts';

const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const filesOf = (files: Record<string, unknown>) => new Map(Object.entries(files).map(([name, value]) => [name, bytes(value)]));
const half = Math.ceil(demoMap.tiles.length / 2);
const parts = [
  { ...demoMap, asOf: '2026-10-03', tiles: demoMap.tiles.slice(0, half) },
  { ...demoMap, tiles: demoMap.tiles.slice(half) },
];

function read(files: Record<string, unknown>) {
  const logged: unknown[] = [];
  return { map: readTownMap(filesOf(files), '34022', (event, detail) => logged.push([event, detail])), logged };
}

describe('the map of a bundle', () => {
  it('is put together from its parts, with each name once and the oldest day', () => {
    const { map, logged } = read({ 'map/34022.json': parts[0], 'map/34022-2.json': parts[1], 'map/34023.json': 'another town' });
    expect(logged).toEqual([]);
    expect(map).toEqual(demoMap);
  });

  it.each([
    ['no JSON', 'x{'],
    ['another town’s', { ...demoMap, municipality: '34023' }],
    ['a name that is not there', { ...demoMap, names: [] }],
    ['half a point', { ...demoMap, tiles: [{ box: [0, 0, 1, 1], lines: [{ kind: 'main', name: null, at: [1, 2, 3, 4, 5] }], areas: [] }] }],
    ['a script for a name', { ...demoMap, names: [{ nl: 4 }] }],
    ['a place that is not in Belgium', { ...demoMap, centre: [-5, 1e9] }],
  ])('is not used with a hole in it: %s', (_what, broken) => {
    const { map, logged } = read({ 'map/34022.json': parts[0], 'map/34022-2.json': broken });
    expect([map, logged]).toEqual([null, [['map_refused', { parts: 1 }]]]);
  });

  it('is read once for each bundle', () => {
    let refused = 0;
    const maps = openTownMaps({ municipality: '34022', log: () => (refused += 1) });
    const [good, bad] = [{ files: filesOf({ 'map/34022.json': demoMap }) }, { files: filesOf({ 'map/34022.json': {} }) }];
    expect(maps.of(null)).toBeNull();
    expect(maps.of(good)).toBe(maps.of(good));
    expect([maps.of(bad), maps.of(bad), refused]).toEqual([null, null, 1]);
  });

  it('goes to a document once, when it is asked for, and again when there is another', () => {
    let map: TownMap | null = null;
    const sent: TownMap[] = [];
    const push = createMapPush({ map: () => map, send: (each) => sent.push(each) });
    push.show();
    map = demoMap;
    push.show();
    push.show();
    expect(sent).toEqual([demoMap]);
    push.pageReady();
    push.show();
    map = TownMap.parse(demoMap);
    push.show();
    expect(sent.length).toBe(3);
  });
});

describe('a point', () => {
  it('is whole metres on the map, and degrees', () => {
    expect(readPoint(demoMap, '572230', '669250')).toEqual({
      x: 572_230,
      y: 669_250,
      lat: expect.closeTo(50.8286, 3),
      lon: expect.closeTo(3.2649, 3),
    });
  });

  it.each([
    ['off the map', '649328', '665262'],
    ['half', '572230', ''],
    ['no number', '572230', '6692e1'],
    ['below nothing', '-72230', '669250'],
    ['endless', '5722300000000000', '669250'],
  ])('%s is none', (_what, x, y) => expect(readPoint(demoMap, x, y)).toBeNull());

  it('is none where there is no map', () => expect(readPoint(null, '572230', '669250')).toBeNull());
});

import { describe, expect, it } from 'vitest';
import { townMap } from '../fixtures/town-map.ts';
import { drawPath, keepOnMap, middleOf, nearestName, pointsOf, tilesInSight } from './geometry.ts';
import { placeLabels } from './labels.ts';

const nameOf = (name: number) => townMap.names[name]?.nl ?? '';
const [x, y] = townMap.centre;
const sight = (metres: number) => ({ middle: { x, y }, width: metres, height: metres * 0.8 });

describe('the map', () => {
  it('draws from where a line begins, north up', () => {
    expect(pointsOf([10, 20, 5, -5])).toEqual([
      { x: 10, y: 20 },
      { x: 15, y: 15 },
    ]);
    expect(drawPath([10, 20, 5, -5])).toBe('M10 -20L15 -15');
  });

  it('draws only what is in sight', () => {
    const near = tilesInSight(townMap.tiles, sight(250));
    expect(near.length).toBeGreaterThan(0);
    expect(near.length).toBeLessThan(townMap.tiles.length);
  });

  it('keeps the pin on it', () => {
    const kept = keepOnMap(townMap, { x: 0, y: 10_000_000 });
    expect(tilesInSight(townMap.tiles, { middle: kept, width: 5_000, height: 5_000 }).length).toBeGreaterThan(0);
    expect(keepOnMap(townMap, { x: x + 0.4, y: y + 0.6 })).toEqual({ x, y: y + 1 });
  });

  it('knows the nearest street with a name, and that there is none in a field', () => {
    expect(nameOf(nearestName(townMap, { x: x + 55, y: y + 20 }) ?? -1)).toBe('Vlasmarkt');
    expect(nearestName(townMap, { x: x + 5_000, y })).toBeNull();
    const middle = middleOf(
      townMap,
      townMap.names.findIndex(({ nl }) => nl === 'Rootputdreef'),
    );
    expect(middle && nameOf(nearestName(townMap, middle) ?? -1)).toBe('Rootputdreef');
    expect(middleOf(townMap, -1)).toBeNull();
  });
});

describe('names on the map', () => {
  const labels = (metres: number, lineMetres: number, pin: { x: number; y: number } | null = null) =>
    placeLabels(townMap.tiles, sight(metres), { words: nameOf, lineMetres, pin });

  it('are there once, never upside down, and fewer where letters are larger', () => {
    const usual = labels(2_000, 70);
    expect(new Set(usual.map(({ name }) => name)).size).toBe(usual.length);
    expect(usual.length).toBeGreaterThan(4);
    for (const { angle } of usual) expect(Math.abs(angle)).toBeLessThanOrEqual(90);
    expect(labels(2_000, 140).length).toBeLessThan(usual.length);
  });

  it('do not lie under the pin', () => {
    const [first] = labels(1_000, 36);
    if (!first) throw new Error('no label');
    const beside = labels(1_000, 36, { x: first.at.x, y: first.at.y - 30 });
    expect(beside).not.toContainEqual(first);
  });
});

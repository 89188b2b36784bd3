import * as z from 'zod';
import { bundleLimits } from '../../contract/bundle.ts';
import { type Point, toLambert } from '../../contract/lambert.ts';
import { MapArea, type MapLine, TownMap } from '../../contract/map.ts';
import { ok, type Result, refuse } from '../../contract/result.ts';
import { cutTiles, type DrawnArea, type DrawnLine } from './cut-tiles.ts';

const Position = z.array(z.number()).min(2);
const Properties = z.record(z.string(), z.unknown()).nullable();
const Geometry = z.discriminatedUnion('type', [
  z.object({ type: z.literal('LineString'), coordinates: z.array(Position) }),
  z.object({ type: z.literal('MultiLineString'), coordinates: z.array(z.array(Position)) }),
  z.object({ type: z.literal('Polygon'), coordinates: z.array(z.array(Position)) }),
  z.object({ type: z.literal('MultiPolygon'), coordinates: z.array(z.array(z.array(Position))) }),
]);
/** RFC 7946; of what it allows, what a drawing has. */
const Collection = z.object({
  type: z.literal('FeatureCollection'),
  features: z.array(z.object({ properties: Properties, geometry: Geometry.nullable() })),
});

type Parts = { roads: unknown; areas: unknown; asOf: string; town: string; centre: string; source: string };

/** @returns the map in as many parts as fit in a bundle's files; or what is wrong with what came in */
export function drawTown({ roads, areas, asOf, town, centre, source }: Parts): Result<TownMap[], string> {
  const [lines, grounds] = [Collection.safeParse(roads), Collection.safeParse(areas ?? { type: 'FeatureCollection', features: [] })];
  if (!lines.success || !grounds.success) return refuse('This is no GeoJSON of lines and areas.');
  const names: string[] = [];
  const drawnLines = lines.data.features.flatMap(({ properties, geometry }): DrawnLine[] => {
    const name = nameOf(properties);
    if (name !== null && !names.includes(name)) names.push(name);
    const place = name === null ? null : names.indexOf(name);
    return pathsOf(geometry).map((points) => ({ kind: kindOf(properties), name: place, points }));
  });
  const drawnAreas = grounds.data.features.flatMap(({ properties, geometry }): DrawnArea[] => {
    const kind = MapArea.shape.kind.safeParse(properties?.kind);
    return kind.success ? pathsOf(geometry).map((points) => ({ kind: kind.data, points })) : [];
  });
  const [lat = Number.NaN, lon = Number.NaN] = centre.split(',').map(Number);
  const middle = toLambert({ lat, lon });
  const map = TownMap.safeParse({
    asOf,
    source: { nl: source },
    municipality: town,
    centre: [Math.round(middle.x), Math.round(middle.y)],
    names: names.map((nl) => ({ nl })),
    tiles: cutTiles(drawnLines, drawnAreas),
  });
  if (!map.success) return refuse(`This makes no map: ${map.error.issues[0]?.path.join('/')}: ${map.error.issues[0]?.message}`);
  return ok(split(map.data));
}

/** Property names of the Wegenregister, and the plain words. A street with another name on each side has the left one. */
function nameOf(properties: Readonly<Record<string, unknown>> | null): string | null {
  const names = ['name', 'LSTRNM', 'linksStraatnaam', 'RSTRNM', 'rechtsStraatnaam'].map((key) => properties?.[key]);
  const found = names.find((name) => typeof name === 'string' && name.trim() !== '');
  return typeof found === 'string' ? found.trim() : null;
}

/** `kind` as the map has it, or the class of a road in the Wegenregister (WEGCAT: H main, P, S, L; morphology 113 and up: paths). */
function kindOf(properties: Readonly<Record<string, unknown>> | null): MapLine['kind'] {
  const kind = properties?.kind;
  if (kind === 'main' || kind === 'path' || kind === 'rail' || kind === 'water') return kind;
  if (/^(?:H|P|EHW|VHW|RW)/.test(String(properties?.WEGCAT ?? properties?.wegcategorie ?? ''))) return 'main';
  return Number(properties?.MORF ?? properties?.morfologischeWegklasse ?? 0) >= 113 ? 'path' : 'street';
}

function pathsOf(geometry: z.infer<typeof Geometry> | null): Point[][] {
  if (geometry === null) return [];
  switch (geometry.type) {
    case 'LineString':
      return [toPoints(geometry.coordinates)];
    case 'MultiLineString':
      return geometry.coordinates.map(toPoints);
    // Of an area its outer edge: an island in a pond is not drawn.
    case 'Polygon':
      return geometry.coordinates.slice(0, 1).map(toPoints);
    case 'MultiPolygon':
      return geometry.coordinates.flatMap((polygon) => polygon.slice(0, 1).map(toPoints));
  }
}

function toPoints(positions: readonly number[][]): Point[] {
  return positions.map(([lon = Number.NaN, lat = Number.NaN]) => toLambert({ lat, lon }));
}

/** In halves until each is small enough. Every part has all the names: they are the least of it. */
function split(map: TownMap): TownMap[] {
  if (map.tiles.length < 2 || new TextEncoder().encode(JSON.stringify(map)).length <= bundleLimits.fileBytes) return [map];
  const half = Math.ceil(map.tiles.length / 2);
  return [...split({ ...map, tiles: map.tiles.slice(0, half) }), ...split({ ...map, tiles: map.tiles.slice(half) })];
}

import * as z from 'zod';
import { Text } from './language.ts';

/**
 * A dated drawing of a town, to point at a place without a line: `map/NIS.json` of a bundle, in metres of Lambert 2008. Vector
 * tiles: each tile is drawn when it is in sight. Large towns come in several files (`map/34022-2.json`), put together by main.
 */
const Metres = z.int().min(0).max(1_000_000);

/** x, y of the first point, and of each next one how far it lies from the one before. */
const Path = z
  .array(z.int().min(-1_000_000).max(1_000_000))
  .min(4)
  .max(4_000)
  .refine((path) => path.length % 2 === 0, 'a point without its second number');

export const MapLine = z.object({
  kind: z.enum(['main', 'street', 'path', 'rail', 'water']),
  /** Place in `names`; null: no name. */
  name: z.int().min(0).nullable(),
  at: Path,
});
export type MapLine = z.infer<typeof MapLine>;

export const MapArea = z.object({ kind: z.enum(['water', 'green', 'built']), at: Path });
export type MapArea = z.infer<typeof MapArea>;

/** Everything that begins in one square. `box`: west, south, east, north of all of it. */
export const MapTile = z.object({
  box: z.tuple([Metres, Metres, Metres, Metres]),
  lines: z.array(MapLine).max(5_000),
  areas: z.array(MapArea).max(5_000),
});
export type MapTile = z.infer<typeof MapTile>;

export const TownMap = z
  .object({
    /** The day of the data. */
    asOf: z.iso.date(),
    /** Whose data it is, as their licence asks it to be said. */
    source: Text,
    municipality: z.string().regex(/^\d{5}$/),
    /** What is looked at first: the town hall, the market. */
    centre: z.tuple([Metres, Metres]),
    names: z.array(Text).max(5_000),
    tiles: z.array(MapTile).max(2_000),
  })
  .refine(
    ({ names, tiles }) => tiles.every(({ lines }) => lines.every(({ name }) => name === null || name < names.length)),
    'a street with a name that is not there',
  );
export type TownMap = z.infer<typeof TownMap>;

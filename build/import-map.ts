import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { drawTown } from './map/draw-town.ts';

/**
 * Makes a town's map for a bundle's `map/` folder, of the road register's own download (Wegenregister, Digitaal Vlaanderen, free
 * open data) that GDAL cut to the town and wrote as GeoJSON in degrees:
 *
 *   ogr2ogr -f GeoJSON -t_srs EPSG:4326 -clipsrc town.geojson roads.geojson Wegenregister.gpkg WegSegment
 *   node build/import-map.ts --roads roads.geojson --areas areas.geojson --as-of 2026-11-15 --town 34022 --centre 50.8279,3.2649 \
 *     --source "Wegenregister, Digitaal Vlaanderen" --out BUNDLE/map
 *
 * `--areas` may be left out: water, green and built-up ground, with a property `kind` that says which.
 */
const { values } = parseArgs({
  options: {
    roads: { type: 'string' },
    areas: { type: 'string' },
    'as-of': { type: 'string' },
    town: { type: 'string' },
    centre: { type: 'string' },
    source: { type: 'string' },
    out: { type: 'string' },
  },
});
const { roads, areas, town, centre, source, out } = values;
const asOf = values['as-of'];
if (!roads || !town || !centre || !source || !out || !asOf) {
  console.error(
    'Say --roads FILE, --as-of YYYY-MM-DD, --town NIS, --centre LAT,LON, --source WORDS and --out FOLDER; --areas FILE if there is one.',
  );
  process.exit(1);
}

const drawn = drawTown({ roads: readJson(roads), areas: areas ? readJson(areas) : null, asOf, town, centre, source });
if (!drawn.ok) {
  console.error(drawn.error);
  process.exit(1);
}
mkdirSync(out, { recursive: true });
drawn.value.forEach((part, at) => {
  const file = `${town}${at === 0 ? '' : `-${at + 1}`}.json`;
  writeFileSync(join(out, file), JSON.stringify(part));
  console.log(`${file}: ${part.tiles.length} tiles, ${part.names.length} names`);
});

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    console.error(`${file} cannot be read as JSON.`);
    process.exit(1);
  }
}

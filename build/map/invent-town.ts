import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Point } from '../../contract/lambert.ts';
import { TownMap } from '../../contract/map.ts';
import streets from '../../electron/demo/streets.json' with { type: 'json' };
import { cutTiles, type DrawnArea, type DrawnLine } from './cut-tiles.ts';

/**
 * Draws the town of the demo: the invented streets around a market, a river and a park, where a field is in truth. Always the
 * same drawing, for the demo and for the pictures of the page:
 *
 *   node build/map/invent-town.ts
 */
const municipality = '34022';
const centre: Point = { x: 572_200, y: 669_200 };
const own = streets.streets.filter((street) => street.municipality === municipality);
const named = (name: string) => own.findIndex((street) => street.name.nl === name);

/** Degrees counted from the north, metres from the market; a little off the compass, as towns are. */
function from(angle: number, metres: number): Point {
  const turn = ((angle + 14) * Math.PI) / 180;
  const sway = 1 + 0.07 * Math.sin(angle / 23 + metres / 190);
  return { x: centre.x + Math.sin(turn) * metres * sway, y: centre.y + Math.cos(turn) * metres * sway };
}
const arc = (first: number, last: number, metres: number) =>
  Array.from({ length: 25 }, (_, step) => from(first + ((last - first) * step) / 24, metres));
const ray = (angle: number, near: number, far: number) =>
  Array.from({ length: 9 }, (_, step) => from(angle + Math.sin(step) * 3, near + ((far - near) * step) / 8));

const line = (name: string, kind: DrawnLine['kind'], points: Point[]): DrawnLine => ({ name: named(name), kind, points });
const nameless = (kind: DrawnLine['kind'], points: Point[]): DrawnLine => ({ name: null, kind, points });

const lines: DrawnLine[] = [
  line('Linnenveldlaan', 'main', arc(0, 360, 620)),
  line('Vlasblomstraat', 'main', ray(20, 60, 1_500)),
  line('Zandkapelstraat', 'main', ray(95, 60, 1_500)),
  line('Molenwiekstraat', 'main', ray(170, 60, 1_500)),
  line('Spoelbeekweg', 'main', ray(250, 60, 1_500)),
  line('Hekelaarstraat', 'street', ray(315, 60, 1_300)),
  line('Vlasmarkt', 'street', arc(0, 360, 60)),
  line('Kantklosweg', 'street', arc(0, 360, 260)),
  line('Weefhofplein', 'street', [from(52, 380), from(64, 380), from(63, 480), from(53, 480), from(52, 380)]),
  line('Zwaluwnestlaan', 'street', arc(15, 175, 980)),
  line('Vlasakkerdreef', 'street', arc(180, 325, 980)),
  line('Rootputdreef', 'path', arc(262, 308, 800)),
  ...[40, 58, 75, 115, 132, 150, 190, 208, 228, 270, 290, 335, 352].map((angle) => nameless('street', ray(angle, 260, 980))),
  ...[8, 30, 45, 62, 80, 110, 125, 140, 160, 185, 200, 222, 240].map((angle) => nameless('street', ray(angle, 980, 1_450))),
  ...[420, 520, 780, 1_150, 1_300].flatMap((metres) => [
    nameless('street', arc(20, 168, metres)),
    nameless('street', arc(186, 246, metres)),
    nameless('street', arc(318, 380, metres)),
  ]),
  nameless('rail', [from(200, 1_600), from(150, 760), from(120, 780), from(70, 1_600)]),
];

const bank = [from(240, 1_700), from(255, 1_050), from(280, 700), from(310, 690), from(345, 900), from(0, 1_700)];
const areas: DrawnArea[] = [
  { kind: 'built', points: arc(0, 360, 1_320) },
  { kind: 'green', points: [...arc(262, 310, 960), ...arc(310, 262, 720)] },
  { kind: 'green', points: [...arc(60, 84, 1_300), ...arc(84, 60, 1_080)] },
  { kind: 'water', points: [...bank, ...bank.map(({ x, y }) => ({ x: x + 55, y: y - 40 })).reverse()] },
];

const map = TownMap.parse({
  asOf: streets.asOf,
  source: { nl: 'Verzonnen plattegrond', fr: 'Plan inventé', de: 'Erfundener Plan', en: 'Invented map' },
  municipality,
  centre: [centre.x, centre.y],
  names: own.map(({ name }) => name),
  tiles: cutTiles(lines, areas),
});
for (const file of ['electron/demo/map.json', 'renderer/fixtures/town-map.json']) {
  writeFileSync(join(import.meta.dirname, '../..', file), `${JSON.stringify(map)}\n`);
}

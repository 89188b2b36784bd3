/** Metres on the ground in Belgian Lambert 2008 (EPSG:3812), the coordinates of Belgian registers; east, then north. */
export type Point = { x: number; y: number };
/** Degrees, WGS 84. Less than a metre from ETRS89, on which Lambert 2008 is defined: the same here. */
export type Degrees = { lat: number; lon: number };

/**
 * Lambert conic conformal with two parallels (EPSG Guidance Note 7-2, method 9802), with the parameters of EPSG:3812:
 * ellipsoid GRS 1980, origin 50°47′52.134″ N 4°21′33.177″ E, parallels 49°50′ and 51°10′ N.
 */
const radians = Math.PI / 180;
const semiMajor = 6_378_137;
const flattening = 1 / 298.257222101;
const eccentricity = Math.sqrt(2 * flattening - flattening * flattening);
const origin = { lat: 50.797815 * radians, lon: 4.359215833333333 * radians, x: 649_328, y: 665_262 };
const parallels = [(49 + 50 / 60) * radians, (51 + 10 / 60) * radians] as const;

const m = (lat: number) => Math.cos(lat) / Math.sqrt(1 - (eccentricity * Math.sin(lat)) ** 2);
const t = (lat: number) => {
  const sine = eccentricity * Math.sin(lat);
  return Math.tan(Math.PI / 4 - lat / 2) / ((1 - sine) / (1 + sine)) ** (eccentricity / 2);
};
const cone = Math.log(m(parallels[0]) / m(parallels[1])) / Math.log(t(parallels[0]) / t(parallels[1]));
const scale = (semiMajor * m(parallels[0])) / (cone * t(parallels[0]) ** cone);
const radiusOf = (lat: number) => scale * t(lat) ** cone;

export function toLambert({ lat, lon }: Degrees): Point {
  const radius = radiusOf(lat * radians);
  const angle = cone * (lon * radians - origin.lon);
  return { x: origin.x + radius * Math.sin(angle), y: origin.y + radiusOf(origin.lat) - radius * Math.cos(angle) };
}

export function toDegrees({ x, y }: Point): Degrees {
  const east = x - origin.x;
  const north = radiusOf(origin.lat) - (y - origin.y);
  const wanted = (Math.hypot(east, north) / scale) ** (1 / cone);
  let lat = Math.PI / 2 - 2 * Math.atan(wanted);
  // Converges by a factor of a hundred at each turn: five are far below a millimetre.
  for (let turn = 0; turn < 5; turn += 1) {
    const sine = eccentricity * Math.sin(lat);
    lat = Math.PI / 2 - 2 * Math.atan(wanted * ((1 - sine) / (1 + sine)) ** (eccentricity / 2));
  }
  return { lat: lat / radians, lon: (Math.atan2(east, north) / cone + origin.lon) / radians };
}

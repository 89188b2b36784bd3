import { memo } from 'react';
import type { Point } from '../../contract/lambert.ts';
import type { MapLine, MapTile, TownMap } from '../../contract/map.ts';
import { drawPath, type Sight, tilesInSight } from './geometry.ts';
import { placeLabels } from './labels.ts';

type MapDrawingProps = { map: TownMap; sight: Sight; pin: Point | null; nameOf: (name: number) => string; textMetres: number };

/** The tiles in sight, names along the streets, and the pin. Only a picture: what it says is said in words beside it. */
export function MapDrawing({ map, sight, pin, nameOf, textMetres }: MapDrawingProps) {
  const { middle, width, height } = sight;
  const tiles = tilesInSight(map.tiles, sight);
  return (
    <svg
      className="map__drawing"
      viewBox={`${middle.x - width / 2} ${-middle.y - height / 2} ${width} ${height}`}
      preserveAspectRatio="xMidYMid slice"
      aria-hidden="true"
    >
      {tiles.map((tile) => (
        <Areas key={tile.box.join()} tile={tile} />
      ))}
      {(['path', 'rail', 'water', 'street', 'main'] as const).map((kind) => (
        <g key={kind} className={`map__${kind}`}>
          {tiles.map((tile) => (
            <Lines key={tile.box.join()} tile={tile} kind={kind} />
          ))}
        </g>
      ))}
      {placeLabels(tiles, sight, { words: nameOf, lineMetres: textMetres, pin }).map(({ name, at, angle }) => (
        <text
          key={name}
          className="map__name"
          transform={`translate(${at.x} ${-at.y}) rotate(${angle})`}
          fontSize={textMetres}
          dominantBaseline="central"
          textAnchor="middle"
        >
          {nameOf(name)}
        </text>
      ))}
      {pin && (
        <g className="map__pin" transform={`translate(${pin.x} ${-pin.y}) scale(${textMetres})`}>
          <path d="M0 0C-.9-1.1-1.1-1.5-1.1-2.1a1.1 1.1 0 0 1 2.2 0C1.1-1.5.9-1.1 0 0z" />
          <circle cy="-2.1" r=".42" />
        </g>
      )}
    </svg>
  );
}

const Areas = memo(function Areas({ tile }: { tile: MapTile }) {
  return tile.areas.map(({ kind, at }) => <path key={at.slice(0, 6).join()} className={`map__${kind}-area`} d={`${drawPath(at)}Z`} />);
});

const Lines = memo(function Lines({ tile, kind }: { tile: MapTile; kind: MapLine['kind'] }) {
  return tile.lines.filter((line) => line.kind === kind).map(({ at }) => <path key={at.slice(0, 6).join()} d={drawPath(at)} />);
});

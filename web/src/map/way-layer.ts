/** The ways found, what closes the shorter one, and where the person is on theirs. */
import type { GeoJSONSource, LayerSpecification as Layer, Map as MapLibre } from 'maplibre-gl';

import type { Position } from '@/shell/position';
import type { Stop } from '@/navigation/trip.svelte';
import type { Way } from '@/navigation/ways';

export const WAYS = 'ways';

interface Shown {
  readonly ways: readonly Way[];
  readonly rank: number;
  readonly from: Stop | undefined;
  readonly to: Stop | undefined;
}

export function collectWays(
  shown: Shown | undefined,
  walker: Position | undefined,
): GeoJSON.FeatureCollection {
  const features: GeoJSON.Feature[] = [];
  if (shown) {
    shown.ways.forEach((way, rank) => features.push(lineOf(way, rank === shown.rank)));
    if (shown.from) features.push(point(shown.from, 'from'));
    if (shown.to) features.push(point(shown.to, 'to'));
    const blockers = shown.ways[shown.rank]?.properties.explanation.blockers ?? [];
    blockers.forEach((blocker) => features.push(point(blocker, 'blocker')));
  }
  if (walker) features.push(point(walker, 'walker'));
  return { type: 'FeatureCollection', features };
}

function lineOf(way: Way, isChosen: boolean): GeoJSON.Feature {
  const coordinates = way.geometry.coordinates.map(([lon, lat]) => [lon!, lat!]);
  return {
    type: 'Feature',
    geometry: { type: 'LineString', coordinates },
    properties: { what: isChosen ? 'chosen' : 'other' },
  };
}

function point({ lat, lon }: Position, what: string): GeoJSON.Feature {
  return {
    type: 'Feature',
    geometry: { type: 'Point', coordinates: [lon, lat] },
    properties: { what },
  };
}

interface Ink {
  readonly way: string;
  readonly other: string;
  readonly casing: string;
  readonly blocker: string;
  readonly paper: string;
}

const DAY: Ink = {
  way: '#2b4a9b',
  other: '#7c8db8',
  casing: '#ffffff',
  blocker: '#a3211b',
  paper: '#ffffff',
};
const NIGHT: Ink = {
  way: '#a9c1ff',
  other: '#5d6f9c',
  casing: '#12161d',
  blocker: '#ff9f95',
  paper: '#1a2029',
};

const is = (what: string): ['==', ['get', string], string] => ['==', ['get', 'what'], what];

export function wayLayers(isDark: boolean): Layer[] {
  const ink = isDark ? NIGHT : DAY;
  const round = { 'line-cap': 'round', 'line-join': 'round' } as const;
  const line = (id: string, what: string, color: string, width: number): Layer => ({
    id,
    type: 'line',
    source: WAYS,
    filter: is(what),
    layout: round,
    paint: { 'line-color': color, 'line-width': width },
  });
  const dot = (what: string, fill: string, stroke: string, radius: number): Layer => ({
    id: `ways-${what}`,
    type: 'circle',
    source: WAYS,
    filter: is(what),
    paint: {
      'circle-color': fill,
      'circle-radius': radius,
      'circle-stroke-color': stroke,
      'circle-stroke-width': 2.5,
    },
  });
  return [
    line('ways-others', 'other', ink.other, 4),
    line('ways-casing', 'chosen', ink.casing, 10),
    line('ways-chosen', 'chosen', ink.way, 6),
    dot('from', ink.paper, ink.way, 7),
    dot('to', ink.way, ink.paper, 8),
    dot('blocker', ink.blocker, ink.paper, 7),
    dot('walker', '#2563eb', '#ffffff', 9),
  ];
}

export function showWays(map: MapLibre, collection: GeoJSON.FeatureCollection): void {
  map.getSource<GeoJSONSource>(WAYS)?.setData(collection);
}

/** Streets by how they flow, incidents by how grave: told by width and dashes, not colour alone. */
import type { GeoJSONSource, LayerSpecification as Layer, Map as MapLibre } from 'maplibre-gl';

import type { Incident } from '@/traffic/incident';

export const FLOW = 'traffic-flow';
export const INCIDENTS = 'traffic-incidents';

/** From flowing to standing; what stands is dashed. */
export const LINES = [
  { level: 'free', colour: '#16a34a', width: 2.5, dashed: false },
  { level: 'slow', colour: '#ca8a04', width: 3, dashed: false },
  { level: 'congested', colour: '#ea580c', width: 4, dashed: true },
  { level: 'jammed', colour: '#dc2626', width: 6, dashed: true },
] as const;

/** Beside the streets, below their names. */
export function flowLayers(): Layer[] {
  const levels = (dashed: boolean) =>
    LINES.filter((line) => line.dashed === dashed).map(({ level }) => level);
  const isOne = (dashed: boolean) => ['in', ['get', 'level'], ['literal', levels(dashed)]];
  const by = (pick: (line: (typeof LINES)[number]) => string | number) => [
    'match',
    ['get', 'level'],
    ...LINES.flatMap((line) => [line.level, pick(line)]),
    pick(LINES[0]),
  ];
  const paint = {
    'line-color': by(({ colour }) => colour),
    'line-width': by(({ width }) => width),
    'line-offset': 3,
  };
  return [
    {
      id: 'traffic-moving',
      type: 'line',
      source: FLOW,
      filter: isOne(false),
      layout: { 'line-cap': 'round' },
      paint,
    },
    {
      id: 'traffic-standing',
      type: 'line',
      source: FLOW,
      filter: isOne(true),
      paint: { ...paint, 'line-dasharray': [2, 0.7] },
    },
  ] as Layer[];
}

export function incidentLayer(halo: string): Layer {
  return {
    id: 'traffic-incidents',
    type: 'circle',
    source: INCIDENTS,
    paint: {
      'circle-color': '#b91c1c',
      'circle-radius': ['+', 5, ['get', 'severity']],
      'circle-stroke-color': halo,
      'circle-stroke-width': 2,
    },
  };
}

export function collectIncidents(list: readonly Incident[]): GeoJSON.FeatureCollection {
  return {
    type: 'FeatureCollection',
    features: list.map(({ lon, lat, severity }) => ({
      type: 'Feature',
      geometry: { type: 'Point', coordinates: [lon, lat] },
      properties: { severity },
    })),
  };
}

export function showTraffic(
  map: MapLibre,
  links: GeoJSON.FeatureCollection,
  incidents: GeoJSON.FeatureCollection,
): void {
  map.getSource<GeoJSONSource>(FLOW)?.setData(links);
  map.getSource<GeoJSONSource>(INCIDENTS)?.setData(incidents);
}

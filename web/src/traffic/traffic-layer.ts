/** Streets by how they flow, incidents by how grave: told by width and dashes, not colour alone. */
import type { GeoJSONSource, LayerSpecification as Layer, Map as MapLibre } from 'maplibre-gl';

import type { Incident } from '@/traffic/incident';

export const FLOW = 'traffic-flow';
export const INCIDENTS = 'traffic-incidents';

export function flowLayers(halo: string): Layer[] {
  const isLevel = (...levels: string[]) => ['in', ['get', 'level'], ['literal', levels]];
  const paint = {
    'line-color': [
      'match',
      ['get', 'level'],
      'free',
      '#15803d',
      'slow',
      '#b7791f',
      'congested',
      '#c2410c',
      '#7f1d1d',
    ],
    'line-width': ['match', ['get', 'level'], 'free', 2, 'slow', 3, 'congested', 4, 6],
    'line-offset': 3,
  };
  return [
    {
      id: 'traffic-moving',
      type: 'line',
      source: FLOW,
      filter: isLevel('free', 'slow'),
      layout: { 'line-cap': 'round' },
      paint,
    },
    {
      id: 'traffic-standing',
      type: 'line',
      source: FLOW,
      filter: isLevel('congested', 'jammed'),
      paint: { ...paint, 'line-dasharray': [2, 0.7] },
    },
    {
      id: 'traffic-incidents',
      type: 'circle',
      source: INCIDENTS,
      paint: {
        'circle-color': '#b91c1c',
        'circle-radius': ['+', 5, ['get', 'severity']],
        'circle-stroke-color': halo,
        'circle-stroke-width': 2,
      },
    },
  ] as Layer[];
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

/** Water on the map: flooded streets and places in blue stripes, gauges with what they say. */
import type { GeoJSONSource, LayerSpecification as Layer, Map as MapLibre } from 'maplibre-gl';

import { isWater, rank, type Gauge, type Obstruction } from '@/water/gauge';

export const FLOODED = 'flooded';
export const GAUGES = 'gauges';

const INK = { day: '#0b4f8a', night: '#7cc4ff' };
const LOUD = { day: '#a3211b', night: '#ff9f95' };

export function collectFlooded(list: readonly Obstruction[]): GeoJSON.FeatureCollection {
  return {
    type: 'FeatureCollection',
    features: list.map((one) => ({
      type: 'Feature',
      geometry: one.geometry,
      properties: { sure: one.state === 'confirmed', depth_m: one.depth_m ?? 0 },
    })),
  };
}

export function collectGauges(
  list: readonly Gauge[],
  text: (gauge: Gauge) => string,
): GeoJSON.FeatureCollection {
  return {
    type: 'FeatureCollection',
    features: list.filter(isWater).map((gauge) => ({
      type: 'Feature',
      geometry: { type: 'Point', coordinates: [gauge.lon, gauge.lat] },
      properties: { text: text(gauge), rank: rank(gauge.level) },
    })),
  };
}

/** White stripes on blue, so that colour is not all. */
export function floodLayers(isDark: boolean): Layer[] {
  const ink = isDark ? INK.night : INK.day;
  return [
    {
      id: 'flooded-areas',
      type: 'fill',
      source: FLOODED,
      filter: ['==', ['geometry-type'], 'Polygon'],
      paint: { 'fill-color': ink, 'fill-opacity': 0.35, 'fill-outline-color': ink },
    },
    {
      id: 'flooded-streets',
      type: 'line',
      source: FLOODED,
      layout: { 'line-cap': 'round' },
      paint: {
        'line-color': ink,
        'line-width': ['interpolate', ['linear'], ['zoom'], 12, 3, 17, 12],
        'line-opacity': ['case', ['get', 'sure'], 0.9, 0.5],
      },
    },
    {
      id: 'flooded-stripes',
      type: 'line',
      source: FLOODED,
      paint: {
        'line-color': '#ffffff',
        'line-width': ['interpolate', ['linear'], ['zoom'], 12, 1, 17, 5],
        'line-dasharray': [1, 1.5],
      },
    },
  ];
}

export function gaugeLayers(isDark: boolean, halo: string): Layer[] {
  const [ink, loud] = isDark ? [INK.night, LOUD.night] : [INK.day, LOUD.day];
  const colour = ['case', ['>=', ['get', 'rank'], 3], loud, ink] as unknown as string;
  return [
    {
      id: 'gauge-dots',
      type: 'circle',
      source: GAUGES,
      paint: {
        'circle-color': halo,
        'circle-radius': ['+', 5, ['*', 1.5, ['get', 'rank']]],
        'circle-stroke-color': colour,
        'circle-stroke-width': 3,
      },
    },
    {
      id: 'gauge-values',
      type: 'symbol',
      source: GAUGES,
      minzoom: 13,
      layout: {
        'text-field': ['get', 'text'],
        'text-size': 13,
        'text-anchor': 'top',
        'text-offset': [0, 0.9],
        'symbol-sort-key': ['-', 0, ['get', 'rank']],
      },
      paint: { 'text-color': colour, 'text-halo-color': halo, 'text-halo-width': 2 },
    },
  ];
}

export function showWater(
  map: MapLibre,
  flooded: GeoJSON.FeatureCollection,
  gauges: GeoJSON.FeatureCollection,
): void {
  map.getSource<GeoJSONSource>(FLOODED)?.setData(flooded);
  map.getSource<GeoJSONSource>(GAUGES)?.setData(gauges);
}

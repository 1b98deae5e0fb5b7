/** Areas of danger on the map: filled and hatched by their edge, so that colour is not all. */
import type { GeoJSONSource, LayerSpecification as Layer, Map as MapLibre } from 'maplibre-gl';

import { isOver, type Alert } from '@/alerts/alert';

export const ALERTS = 'alerts';

export function collectAlerts(list: readonly Alert[]): GeoJSON.FeatureCollection {
  return {
    type: 'FeatureCollection',
    features: list.map((alert) => ({
      type: 'Feature',
      geometry: alert.geometry,
      properties: { colour: colourOf(alert) },
    })),
  };
}

function colourOf(alert: Alert): string {
  if (isOver(alert)) return '#15803d';
  return alert.severity === 'Extreme' || alert.severity === 'Severe' ? '#b91c1c' : '#b45309';
}

export function alertLayers(): Layer[] {
  return [
    {
      id: 'alert-areas',
      type: 'fill',
      source: ALERTS,
      paint: { 'fill-color': ['get', 'colour'], 'fill-opacity': 0.2 },
    },
    {
      id: 'alert-edges',
      type: 'line',
      source: ALERTS,
      paint: {
        'line-color': ['get', 'colour'],
        'line-width': 3,
        'line-dasharray': [2, 1.5],
      },
    },
  ];
}

export function showAlerts(map: MapLibre, collection: GeoJSON.FeatureCollection): void {
  map.getSource<GeoJSONSource>(ALERTS)?.setData(collection);
}

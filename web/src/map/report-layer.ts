/** What was reported around here, as dots on the map. */
import type { GeoJSONSource, LayerSpecification as Layer, Map as MapLibre } from 'maplibre-gl';

import type { Complaint } from '@/complaints/complaint';

export const REPORTS = 'reports';
export const REPORT_LAYER = 'report-dots';

export function reportLayer(fill: string, halo: string): Layer {
  return {
    id: REPORT_LAYER,
    type: 'circle',
    source: REPORTS,
    paint: {
      'circle-color': fill,
      'circle-radius': ['interpolate', ['linear'], ['zoom'], 11, 4, 16, 8],
      'circle-stroke-color': halo,
      'circle-stroke-width': 2,
    },
  };
}

export function showReports(map: MapLibre, list: readonly Complaint[]): void {
  const features = list
    .filter((one) => one.lat !== null && one.lon !== null)
    .map((one) => ({
      type: 'Feature' as const,
      geometry: { type: 'Point' as const, coordinates: [one.lon!, one.lat!] },
      properties: { report: one.number },
    }));
  map.getSource<GeoJSONSource>(REPORTS)?.setData({ type: 'FeatureCollection', features });
}

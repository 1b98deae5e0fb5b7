/** Car parks on the map: a dot each, and where there is room a mark with its number. */
import type { GeoJSONSource, LayerSpecification as Layer, Map as MapLibre } from 'maplibre-gl';

import { colourOf, markId, type Mark } from '@/map/marks';
import { hasNumber, isCurrent, type Moment, type Site } from '@/parking/site';

export const PARKING = 'parking';
export const PARKING_LAYERS = ['parking-chosen', 'parking-marks', 'parking-dots'];

export interface View {
  readonly chosen: string | undefined;
  readonly moment: Moment;
  readonly isDark: boolean;
  text(site: Site): string;
}

const ORDER = { free: 0, few: 1, full: 2, unknown: 3, closed: 4 } as const;

export function collect(sites: readonly Site[], view: View): GeoJSON.FeatureCollection {
  return { type: 'FeatureCollection', features: sites.map((site) => featureOf(site, view)) };
}

function featureOf(site: Site, view: View): GeoJSON.Feature {
  const how = site.state;
  const isChosen = site.id === view.chosen;
  const isOld = hasNumber(site) && !isCurrent(site, view.moment);
  const mark: Mark = { how, isOld, isChosen, isDark: view.isDark, text: view.text(site) };
  return {
    type: 'Feature',
    geometry: { type: 'Point', coordinates: [site.lon, site.lat] },
    properties: {
      site: site.id,
      mark: markId(mark),
      colour: colourOf(how, view.isDark),
      chosen: isChosen,
      order: ORDER[how],
    },
  };
}

export function parkingLayers(halo: string): Layer[] {
  return [
    {
      id: 'parking-dots',
      type: 'circle',
      source: PARKING,
      paint: {
        'circle-color': ['get', 'colour'],
        'circle-radius': ['interpolate', ['linear'], ['zoom'], 10, 3, 16, 5],
        'circle-stroke-color': halo,
        'circle-stroke-width': 1.5,
      },
    },
    {
      id: 'parking-marks',
      type: 'symbol',
      source: PARKING,
      filter: ['!', ['get', 'chosen']],
      layout: {
        'icon-image': ['get', 'mark'],
        'icon-anchor': 'bottom',
        'icon-offset': [0, 5],
        'icon-padding': 1,
        'symbol-sort-key': ['get', 'order'],
      },
    },
    {
      id: 'parking-chosen',
      type: 'symbol',
      source: PARKING,
      filter: ['get', 'chosen'],
      layout: {
        'icon-image': ['get', 'mark'],
        'icon-anchor': 'bottom',
        'icon-offset': [0, 5],
        'icon-allow-overlap': true,
        'icon-ignore-placement': true,
      },
    },
  ];
}

export function showSites(map: MapLibre, collection: GeoJSON.FeatureCollection): void {
  map.getSource<GeoJSONSource>(PARKING)?.setData(collection);
}

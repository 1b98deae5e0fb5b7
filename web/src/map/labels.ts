/** What is written on the map, in the chosen language: streets, water, places, house numbers. */
import type {
  ExpressionSpecification as Expression,
  LayerSpecification as Layer,
  SymbolLayerSpecification as Symbol,
} from 'maplibre-gl';

import type { Palette } from '@/map/palette';
import { signOf } from '@/map/signs';

const FONT = ['Noto Sans KR', 'Apple SD Gothic Neo', 'Malgun Gothic', 'Noto Sans CJK KR'];
const source = 'city';

/** The name in the chosen language, else the local one. */
export const nameIn = (locale: string): Expression => [
  'coalesce',
  ['get', `name:${locale}`],
  ['get', 'name'],
];

const size = (...stops: number[]): Expression =>
  ['interpolate', ['linear'], ['zoom'], ...stops] as Expression;

const SETTLEMENTS = [
  'city',
  'town',
  'village',
  'suburb',
  'quarter',
  'neighbourhood',
  'hamlet',
  'locality',
];
/** Places whose names help to find one's way; the rest waits for a closer look. */
const LANDMARKS = [
  'station',
  'bus_station',
  'townhall',
  'hospital',
  'university',
  'museum',
  'library',
  'marketplace',
  'park',
  'school',
  'theatre',
  'mall',
  'police',
  'fire_station',
  'square',
  'attraction',
  'community_centre',
];

export function labelLayers(palette: Palette, locale: string): Layer[] {
  const name = nameIn(locale);
  return [
    waterLabels(palette, name),
    roadLabels(palette, name),
    houseNumbers(palette),
    poiLabels(palette, name),
    landmarkLabels(palette, name),
    settlementLabels(palette, name),
  ];
}

const halo = (palette: Palette, width = 1.4) => ({
  'text-halo-color': palette.halo,
  'text-halo-width': width,
  'text-halo-blur': 0.3,
});

function waterLabels(palette: Palette, name: Expression): Symbol {
  return {
    id: 'waterway-names',
    type: 'symbol',
    source,
    'source-layer': 'waterways',
    minzoom: 12,
    layout: {
      'symbol-placement': 'line',
      'text-field': name,
      'text-font': FONT,
      'text-size': size(12, 11, 18, 15),
      'text-letter-spacing': 0.12,
      'symbol-spacing': 320,
    },
    paint: { 'text-color': palette.waterText, ...halo(palette, 1) },
  };
}

function roadLabels(palette: Palette, name: Expression): Symbol {
  return {
    id: 'road-names',
    type: 'symbol',
    source,
    'source-layer': 'roads',
    minzoom: 13,
    layout: {
      'symbol-placement': 'line',
      'text-field': name,
      'text-font': FONT,
      'text-size': size(13, 10.5, 16, 12, 19, 15),
      'symbol-spacing': 280,
      'text-max-angle': 35,
    },
    paint: { 'text-color': palette.textSoft, ...halo(palette) },
  };
}

function houseNumbers(palette: Palette): Symbol {
  return {
    id: 'house-numbers',
    type: 'symbol',
    source,
    'source-layer': 'addresses',
    minzoom: 17,
    layout: {
      'text-field': ['get', 'number'],
      'text-font': FONT,
      'text-size': size(17, 10, 20, 13),
    },
    paint: { 'text-color': palette.textSoft, ...halo(palette, 1) },
  };
}

/** A sign at its place, the name below it; where names clash the sign stays. */
const signed = {
  'icon-image': signOf,
  'text-anchor': 'top',
  'text-offset': [0, 0.85],
  'text-padding': 4,
} as const satisfies Symbol['layout'];

function poiLabels(palette: Palette, name: Expression): Symbol {
  return {
    id: 'poi-names',
    type: 'symbol',
    source,
    'source-layer': 'places',
    minzoom: 16,
    filter: ['!', ['in', ['get', 'kind'], ['literal', [...SETTLEMENTS, ...LANDMARKS, 'parking']]]],
    layout: {
      'text-field': name,
      'text-font': FONT,
      'text-size': size(16, 10.5, 19, 13),
      'text-max-width': 7,
      ...signed,
    },
    paint: { 'text-color': palette.textSoft, ...halo(palette) },
  };
}

function landmarkLabels(palette: Palette, name: Expression): Symbol {
  return {
    id: 'landmark-names',
    type: 'symbol',
    source,
    'source-layer': 'places',
    minzoom: 14,
    filter: ['in', ['get', 'kind'], ['literal', LANDMARKS]],
    layout: {
      'text-field': name,
      'text-font': FONT,
      'text-size': size(14, 11, 18, 14),
      'text-max-width': 8,
      ...signed,
      'text-optional': true,
      'symbol-sort-key': ['-', ['coalesce', ['get', 'weight'], 0]],
    },
    paint: { 'text-color': palette.text, ...halo(palette) },
  };
}

function settlementLabels(palette: Palette, name: Expression): Symbol {
  return {
    id: 'settlement-names',
    type: 'symbol',
    source,
    'source-layer': 'places',
    minzoom: 8,
    maxzoom: 17,
    filter: ['in', ['get', 'kind'], ['literal', SETTLEMENTS]],
    layout: {
      'text-field': name,
      'text-font': FONT,
      'text-size': size(10, 12, 16, 17),
      'text-max-width': 8,
      'text-letter-spacing': 0.06,
      'text-padding': 12,
    },
    paint: { 'text-color': palette.textPlace, ...halo(palette, 1.8) },
  };
}

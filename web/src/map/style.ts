/**
 * The map's style over our own tiles: one function from palette and language to a MapLibre style.
 *
 * There is no glyph server: MapLibre draws labels from the device's own fonts where a style names
 * none, Korean and Latin alike.
 */
import type {
  ExpressionSpecification as Expression,
  FilterSpecification as Filter,
  LayerSpecification as Layer,
  StyleSpecification,
} from 'maplibre-gl';

import { labelLayers } from '@/map/labels';
import type { Palette } from '@/map/palette';

export const SOURCE = 'city';

/** Width in pixels by zoom, doubling about as fast as the ground does. */
export const width = (...stops: number[]): Expression =>
  ['interpolate', ['exponential', 1.5], ['zoom'], ...stops] as Expression;

const kindIn = (...kinds: string[]): Filter => ['in', ['get', 'kind'], ['literal', kinds]];
const all = (...filters: Filter[]): Filter => ['all', ...filters] as Filter;
const ABOVE_GROUND: Filter = ['!', ['in', ['get', 'tunnel'], ['literal', ['yes', true]]]];
const IN_TUNNEL: Filter = ['in', ['get', 'tunnel'], ['literal', ['yes', true]]];
const ON_BRIDGE: Filter = ['in', ['get', 'bridge'], ['literal', ['yes', 'viaduct', true]]];
const NO_BRIDGE: Filter = all(ABOVE_GROUND, ['!', ON_BRIDGE] as Filter);

/** Pavements and crossings belong to their road; other footways are ways of their own. */
const ALONG_A_ROAD: Filter = [
  'in',
  ['get', 'footway'],
  ['literal', ['sidewalk', 'crossing', 'traffic_island']],
];

type Area = [kinds: string[], colour: keyof Palette];

const AREAS: readonly Area[] = [
  [['residential', 'farmyard', 'allotments'], 'built'],
  [
    [
      'commercial',
      'retail',
      'industrial',
      'construction',
      'railway',
      'military',
      'quarry',
      'brownfield',
      'landfill',
      'aerodrome',
    ],
    'industry',
  ],
  [['farmland', 'orchard', 'vineyard'], 'farm'],
  [['school', 'university', 'college', 'hospital', 'kindergarten', 'marketplace'], 'civic'],
  [
    [
      'grass',
      'meadow',
      'grassland',
      'heath',
      'scrub',
      'wetland',
      'village_green',
      'common',
      'golf_course',
      'cemetery',
      'grave_yard',
    ],
    'grass',
  ],
  [['park', 'garden', 'nature_reserve', 'recreation_ground', 'dog_park', 'playground'], 'park'],
  [['forest', 'wood'], 'wood'],
  [['pitch', 'track', 'stadium'], 'pitch'],
  [['beach', 'sand', 'bare_rock', 'scree'], 'sand'],
  [['square', 'pedestrian', 'footway', 'platform', 'pier', 'bridge', 'service', 'apron'], 'paved'],
  [['parking'], 'parking'],
];

interface RoadClass {
  readonly id: string;
  readonly kinds: string[];
  readonly minzoom: number;
  readonly colours: readonly [fill: keyof Palette, casing: keyof Palette];
  /** Pairs of zoom and width of the carriageway in pixels. */
  readonly stops: number[];
}

/** From the least to the greatest: later ones are drawn above. */
const ROADS: readonly RoadClass[] = [
  {
    id: 'service',
    kinds: ['service', 'track', 'road', 'busway'],
    minzoom: 14,
    colours: ['road', 'roadCasing'],
    stops: [14, 0.8, 16, 3, 18, 9, 20, 24],
  },
  {
    id: 'minor',
    kinds: ['unclassified', 'residential', 'living_street'],
    minzoom: 12,
    colours: ['road', 'roadCasing'],
    stops: [12, 0.6, 14, 2.4, 16, 7, 18, 18, 20, 46],
  },
  {
    id: 'tertiary',
    kinds: ['tertiary'],
    minzoom: 11,
    colours: ['road', 'roadCasing'],
    stops: [11, 0.8, 14, 3.6, 16, 9.5, 18, 24, 20, 60],
  },
  {
    id: 'secondary',
    kinds: ['secondary'],
    minzoom: 9,
    colours: ['roadMain', 'roadMainCasing'],
    stops: [9, 0.7, 12, 2, 14, 4.6, 16, 12, 18, 28, 20, 70],
  },
  {
    id: 'primary',
    kinds: ['primary'],
    minzoom: 8,
    colours: ['roadMain', 'roadMainCasing'],
    stops: [8, 0.8, 12, 2.6, 14, 5.6, 16, 14, 18, 32, 20, 80],
  },
  {
    id: 'motor',
    kinds: ['motorway', 'trunk'],
    minzoom: 5,
    colours: ['roadMotor', 'roadMotorCasing'],
    stops: [5, 0.6, 10, 2, 14, 6.4, 16, 15, 18, 34, 20, 84],
  },
];

const CASING_PX = 1.6;
const wider = (stops: number[]): number[] =>
  stops.map((value, index) => (index % 2 ? value + CASING_PX : value));

export function buildStyle(palette: Palette, locale: string, origin: string): StyleSpecification {
  return {
    version: 8,
    name: 'Citizen',
    sources: {
      [SOURCE]: { type: 'vector', url: `${origin}/tiles/city.json` },
    },
    layers: [
      { id: 'ground', type: 'background', paint: { 'background-color': palette.ground } },
      ...areaLayers(palette),
      ...waterLayers(palette),
      ...tunnelLayers(palette),
      ...buildingLayers(palette),
      ...pathLayers(palette),
      ...roadLayers(palette, '', NO_BRIDGE),
      ...railLayers(palette),
      ...roadLayers(palette, '-bridge', ON_BRIDGE),
      ...detailLayers(palette),
      ...labelLayers(palette, locale),
    ],
  };
}

function areaLayers(palette: Palette): Layer[] {
  return AREAS.map(([kinds, colour]) => ({
    id: `area-${colour}`,
    type: 'fill',
    source: SOURCE,
    'source-layer': 'landuse',
    filter: kindIn(...kinds),
    paint: { 'fill-color': palette[colour], 'fill-antialias': true },
  }));
}

function waterLayers(palette: Palette): Layer[] {
  return [
    {
      id: 'waterways',
      type: 'line',
      source: SOURCE,
      'source-layer': 'waterways',
      filter: ABOVE_GROUND,
      layout: { 'line-cap': 'round', 'line-join': 'round' },
      paint: {
        'line-color': palette.water,
        'line-width': [
          'interpolate',
          ['exponential', 1.5],
          ['zoom'],
          10,
          0.6,
          14,
          ['match', ['get', 'kind'], ['river', 'canal'], 4, 1.4],
          18,
          ['match', ['get', 'kind'], ['river', 'canal'], 26, 6],
        ],
      },
    },
    {
      id: 'water',
      type: 'fill',
      source: SOURCE,
      'source-layer': 'water',
      paint: { 'fill-color': palette.water },
    },
    {
      id: 'water-line',
      type: 'line',
      source: SOURCE,
      'source-layer': 'water',
      minzoom: 14,
      paint: { 'line-color': palette.waterLine, 'line-width': width(14, 0.4, 18, 1.2) },
    },
  ];
}

function tunnelLayers(palette: Palette): Layer[] {
  return [
    {
      id: 'tunnels',
      type: 'line',
      source: SOURCE,
      'source-layer': 'roads',
      filter: IN_TUNNEL,
      minzoom: 12,
      paint: {
        'line-color': palette.roadCasing,
        'line-dasharray': [1.5, 1],
        'line-width': width(12, 1, 16, 6, 18, 16),
      },
    },
    {
      id: 'rail-tunnels',
      type: 'line',
      source: SOURCE,
      'source-layer': 'rails',
      filter: IN_TUNNEL,
      minzoom: 13,
      paint: {
        'line-color': palette.rail,
        'line-opacity': 0.45,
        'line-dasharray': [3, 3],
        'line-width': width(13, 0.8, 18, 2.5),
      },
    },
  ];
}

function buildingLayers(palette: Palette): Layer[] {
  const civic = kindIn(
    'public',
    'civic',
    'school',
    'hospital',
    'train_station',
    'university',
    'church',
    'temple',
    'government',
  );
  return [
    {
      id: 'buildings',
      type: 'fill',
      source: SOURCE,
      'source-layer': 'buildings',
      minzoom: 13,
      paint: {
        'fill-color': ['case', civic as Expression, palette.buildingCivic, palette.building],
        'fill-opacity': ['interpolate', ['linear'], ['zoom'], 13, 0.4, 15, 1],
      },
    },
    {
      id: 'building-lines',
      type: 'line',
      source: SOURCE,
      'source-layer': 'buildings',
      minzoom: 15,
      paint: { 'line-color': palette.buildingLine, 'line-width': width(15, 0.4, 19, 1.4) },
    },
  ];
}

function pathLayers(palette: Palette): Layer[] {
  const line = { type: 'line', source: SOURCE, 'source-layer': 'paths' } as const;
  const round = { 'line-cap': 'round', 'line-join': 'round' } as const;
  const pavement: Filter = kindIn('pedestrian');
  return [
    {
      ...line,
      id: 'pedestrian-casing',
      filter: all(pavement, ABOVE_GROUND),
      minzoom: 13,
      layout: round,
      paint: { 'line-color': palette.roadCasing, 'line-width': width(13, 1.4, 16, 6.5, 18, 15) },
    },
    {
      ...line,
      id: 'pedestrian',
      filter: all(pavement, ABOVE_GROUND),
      minzoom: 13,
      layout: round,
      paint: { 'line-color': palette.paved, 'line-width': width(13, 0.8, 16, 5, 18, 13) },
    },
    {
      ...line,
      id: 'cycleways',
      filter: all(kindIn('cycleway'), ABOVE_GROUND),
      minzoom: 14,
      layout: round,
      paint: {
        'line-color': palette.cycle,
        'line-width': width(14, 0.7, 18, 3),
        'line-dasharray': [3, 1.5],
      },
    },
    {
      ...line,
      id: 'pavements',
      filter: all(ALONG_A_ROAD, ABOVE_GROUND),
      minzoom: 15,
      layout: { 'line-join': 'round' },
      paint: {
        'line-color': palette.barrier,
        'line-width': width(15, 0.5, 17, 1.4, 19, 4),
        'line-opacity': 0.55,
      },
    },
    {
      ...line,
      id: 'footways',
      filter: all(
        kindIn('footway', 'path', 'bridleway', 'corridor', 'platform'),
        ['!', ALONG_A_ROAD] as Filter,
        ABOVE_GROUND,
      ),
      minzoom: 14,
      layout: { 'line-join': 'round' },
      paint: {
        'line-color': palette.path,
        'line-width': width(14, 0.5, 16, 1.1, 18, 2.6),
        'line-dasharray': [2.2, 1.4],
      },
    },
    {
      ...line,
      id: 'steps',
      filter: all(kindIn('steps'), ABOVE_GROUND),
      minzoom: 14,
      paint: {
        'line-color': palette.steps,
        'line-width': width(14, 1.2, 16, 3.4, 18, 8),
        'line-dasharray': [0.35, 0.35],
      },
    },
  ];
}

/** All casings lie below all carriageways, so that junctions open up. */
function roadLayers(palette: Palette, suffix: string, where: Filter): Layer[] {
  const shape = (road: RoadClass) =>
    ({
      type: 'line',
      source: SOURCE,
      'source-layer': 'roads',
      minzoom: road.minzoom,
      filter: all(kindIn(...road.kinds), where),
    }) as const;
  const casings: Layer[] = ROADS.map((road) => ({
    ...shape(road),
    id: `road-${road.id}-casing${suffix}`,
    layout: { 'line-cap': suffix ? 'butt' : 'round', 'line-join': 'round' },
    paint: { 'line-color': palette[road.colours[1]], 'line-width': width(...wider(road.stops)) },
  }));
  const fills: Layer[] = ROADS.map((road) => ({
    ...shape(road),
    id: `road-${road.id}${suffix}`,
    layout: { 'line-cap': 'round', 'line-join': 'round' },
    paint: { 'line-color': palette[road.colours[0]], 'line-width': width(...road.stops) },
  }));
  return [...casings, ...fills];
}

function railLayers(palette: Palette): Layer[] {
  const line = { type: 'line', source: SOURCE, 'source-layer': 'rails', minzoom: 11 } as const;
  const where = all(['!=', ['get', 'kind'], 'platform'], ABOVE_GROUND);
  return [
    {
      ...line,
      id: 'rails',
      filter: where,
      paint: { 'line-color': palette.rail, 'line-width': width(11, 0.7, 15, 1.4, 18, 2.6) },
    },
    {
      ...line,
      id: 'rail-ties',
      filter: where,
      minzoom: 14,
      paint: {
        'line-color': palette.railTie,
        'line-width': width(14, 3, 18, 9),
        'line-dasharray': [0.2, 2.4],
      },
    },
    {
      ...line,
      id: 'platforms',
      filter: ['==', ['get', 'kind'], 'platform'],
      minzoom: 15,
      paint: { 'line-color': palette.paved, 'line-width': width(15, 2, 18, 9) },
    },
  ];
}

function detailLayers(palette: Palette): Layer[] {
  return [
    {
      id: 'crossings',
      type: 'line',
      source: SOURCE,
      'source-layer': 'paths',
      minzoom: 16,
      filter: ['==', ['get', 'footway'], 'crossing'],
      paint: {
        'line-color': palette.path,
        'line-width': width(16, 2, 18, 7, 20, 22),
        'line-dasharray': [0.22, 0.22],
        'line-opacity': 0.8,
      },
    },
    {
      id: 'barriers',
      type: 'line',
      source: SOURCE,
      'source-layer': 'barriers',
      minzoom: 16,
      filter: ['!=', ['get', 'kind'], 'kerb'],
      paint: { 'line-color': palette.barrier, 'line-width': width(16, 0.6, 19, 2) },
    },
    {
      id: 'trees',
      type: 'circle',
      source: SOURCE,
      'source-layer': 'points',
      minzoom: 16,
      filter: ['==', ['get', 'kind'], 'tree'],
      paint: {
        'circle-color': palette.tree,
        'circle-radius': width(16, 2, 19, 9),
        'circle-opacity': 0.8,
      },
    },
    {
      id: 'district-lines',
      type: 'line',
      source: SOURCE,
      'source-layer': 'districts',
      paint: {
        'line-color': palette.district,
        'line-width': width(10, 0.8, 16, 1.8),
        'line-dasharray': [4, 2, 1, 2],
        'line-opacity': 0.45,
      },
    },
  ];
}

/** Gauges and flooded places as the city tells them, and what follows from it here. No screen. */
import type { Row } from '@/live/merge';

export const LEVELS = ['attention', 'warning', 'alarm', 'serious', 'plan_flood'] as const;
export type Level = (typeof LEVELS)[number];

export interface Gauge extends Row {
  readonly names: Readonly<Record<string, string>>;
  readonly kind: 'rain' | 'stage' | 'discharge' | 'depth' | 'reservoir';
  readonly unit: string;
  readonly lon: number;
  readonly lat: number;
  readonly value: number | null;
  readonly observed_at: string | null;
  readonly flag: 'good' | 'suspect' | 'bad' | 'missing' | 'estimated';
  readonly level: Level | '';
  readonly change_1h: number | null;
  readonly probability: number | null;
  readonly peak: number | null;
  readonly peak_at: string | null;
}

/** Something in the way; of these the flooded ones are shown with the water. */
export interface Obstruction extends Row {
  readonly kind: string;
  readonly state: 'reported' | 'confirmed';
  readonly description: string;
  readonly geometry: GeoJSON.Geometry;
  readonly depth_m: number | null;
}

export type Trend = 'rising' | 'falling' | 'steady';

const MOVES_M = 0.05;
/** From this chance on it is worth a line. */
const LIKELY = 0.2;

export const isWater = (gauge: Gauge): boolean => gauge.kind !== 'rain';

/** A value that is doubtful or old is never shown as fact. */
export const isKnown = (gauge: Gauge): boolean => gauge.value !== null && gauge.flag === 'good';

export const rank = (level: Level | ''): number => (level ? LEVELS.indexOf(level) + 1 : 0);

/** At the alarm level or above it. */
export const isHigh = ({ level }: Gauge): boolean => rank(level) >= rank('alarm');

export function trendOf({ change_1h }: Gauge): Trend {
  if (change_1h === null || Math.abs(change_1h) < MOVES_M) return 'steady';
  return change_1h > 0 ? 'rising' : 'falling';
}

export const isForeseen = (gauge: Gauge): boolean =>
  !isHigh(gauge) && (gauge.probability ?? 0) >= LIKELY;

/** Water only; the highest level first, then what is most likely to rise, then by name. */
export function sortedGauges(list: readonly Gauge[], locale: string): Gauge[] {
  return list
    .filter(isWater)
    .sort(
      (a, b) =>
        rank(b.level) - rank(a.level) ||
        (b.probability ?? 0) - (a.probability ?? 0) ||
        nameOf(a, locale).localeCompare(nameOf(b, locale), locale),
    );
}

/** The deepest first. */
export function floodedPlaces(list: readonly Obstruction[]): Obstruction[] {
  return list
    .filter(({ kind }) => kind === 'flood')
    .sort((a, b) => (b.depth_m ?? 0) - (a.depth_m ?? 0) || a.id.localeCompare(b.id));
}

export function nameOf({ names, id }: Gauge, locale: string): string {
  return names[locale.split('-')[0] ?? ''] ?? names[''] ?? names['en'] ?? id;
}

/** Somewhere on it to look at: the middle of its points. */
export function middleOf(geometry: GeoJSON.Geometry): { lon: number; lat: number } {
  const points = pointsOf(geometry);
  const middle = (axis: 0 | 1): number => {
    const along = points.map((point) => point[axis] ?? 0);
    return (Math.min(...along) + Math.max(...along)) / 2;
  };
  return { lon: middle(0), lat: middle(1) };
}

function pointsOf(geometry: GeoJSON.Geometry): GeoJSON.Position[] {
  if (geometry.type === 'GeometryCollection') return geometry.geometries.flatMap(pointsOf);
  return flat(geometry.coordinates);
}

type Nested = GeoJSON.Position | Nested[];

function flat(coordinates: unknown): GeoJSON.Position[] {
  const nested = coordinates as Nested;
  return typeof nested[0] === 'number'
    ? [nested as GeoJSON.Position]
    : (nested as Nested[]).flatMap(flat);
}

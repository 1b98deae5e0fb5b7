/** Small round signs of places on the map, drawn on a canvas as they are needed. */
import type { ExpressionSpecification as Expression } from 'maplibre-gl';

import { ICONS } from '@/ui/icons';

const DRAWINGS = {
  bus: ICONS.bus,
  station: ICONS.station,
  city: ICONS.city,
  care: 'M12 5v14M5 12h14',
  book: 'M12 6.500c-2-1.5-4.5-2-7.5-2v13c3 0 5.5.5 7.5 2 2-1.5 4.5-2 7.5-2v-13c-3 0-5.5.5-7.5 2Zm0 0v13',
  school: 'M12 4.5 3 9l9 4.500L21 9l-9-4.500ZM6.5 11v5c3.5 3 7.5 3 11 0v-5M21 9v5',
  tree: 'M12 20.500V13m0 0a5.5 5.5 0 1 0-5-8 4.5 4.5 0 0 0 1 8h8a4.5 4.5 0 0 0 1-8.5',
  shield: 'M12 3.5 5 6v6c0 4.5 3 7 7 8.5 4-1.5 7-4 7-8.500V6l-7-2.500Z',
  bag: 'M5.5 8.500h13l1 11h-15l1-11ZM9 11V7.500a3 3 0 0 1 6 0V11',
  cup: 'M5 8.500h11v5a5 5 0 0 1-5 5H10a5 5 0 0 1-5-5v-5Zm11 1h1.500a2.5 2.5 0 0 1 0 5H16M8 5.500v-1m4 1v-1',
  fork: 'M8 3.500v17M5.5 3.500v5a2.5 2.5 0 0 0 5 0v-5M16.5 20.500v-17c-2 1-3 4-3 8h3',
  people:
    'M9 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6Zm-5.5 8c.5-3.5 2.5-5 5.5-5s5 1.5 5.5 5M15.5 11a2.5 2.5 0 1 0-1-4.800M16 14c2.5.2 4 1.7 4.5 5',
  dot: '',
} as const;
type Sign = keyof typeof DRAWINGS;

const KINDS: Record<Exclude<Sign, 'dot'>, string[]> = {
  bus: ['bus_stop', 'bus_station'],
  station: ['station', 'tram_stop', 'subway_entrance'],
  city: ['townhall', 'government', 'courthouse', 'museum', 'historic', 'attraction'],
  care: ['hospital', 'clinic', 'pharmacy', 'dentist'],
  book: ['library'],
  school: ['school', 'kindergarten', 'college', 'university'],
  tree: ['park', 'garden', 'playground', 'nature_reserve'],
  shield: ['police', 'fire_station'],
  bag: ['marketplace', 'mall', 'supermarket', 'convenience', 'shop', 'bakery'],
  cup: ['cafe', 'bar'],
  fork: ['restaurant', 'fast_food'],
  people: ['community_centre', 'social_facility'],
};

const PREFIX = 'sign';
const SIZE = 18;

/** The sign for a place, by its kind. */
export const signOf: Expression = [
  'match',
  ['get', 'kind'],
  ...Object.entries(KINDS).flatMap(([sign, kinds]) => [kinds, `${PREFIX}|${sign}`]),
  `${PREFIX}|dot`,
] as unknown as Expression;

export const isSign = (id: string): boolean => id.startsWith(`${PREFIX}|`);

export function drawSign(id: string, ratio: number): ImageData {
  const sign = id.slice(PREFIX.length + 1) as Sign;
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = SIZE * ratio;
  const pen = canvas.getContext('2d', { willReadFrequently: true })!;
  pen.scale(ratio, ratio);
  paint(pen, sign);
  return pen.getImageData(0, 0, canvas.width, canvas.height);
}

/** One muted colour that reads on both grounds, so that car parks stay the loudest. */
function paint(pen: CanvasRenderingContext2D, sign: Sign): void {
  const radius = sign === 'dot' ? 3 : SIZE / 2 - 1.5;
  pen.beginPath();
  pen.arc(SIZE / 2, SIZE / 2, radius, 0, 2 * Math.PI);
  pen.fillStyle = '#6c7686';
  pen.fill();
  pen.strokeStyle = '#ffffff';
  pen.lineWidth = 1.2;
  pen.stroke();
  pen.translate(4, 4);
  pen.scale((SIZE - 8) / 24, (SIZE - 8) / 24);
  pen.lineWidth = 2.6;
  pen.lineCap = pen.lineJoin = 'round';
  pen.stroke(new Path2D(DRAWINGS[sign]));
}

/** Draws the pictures that the style asks for by name, at the moment it does. */
import type { Map as MapLibre } from 'maplibre-gl';

import { drawMark, parseMarkId } from '@/map/marks';
import { drawSign, isSign } from '@/map/signs';

export function drawMissing(map: MapLibre, id: string): void {
  if (map.hasImage(id)) return;
  const pixelRatio = Math.max(2, devicePixelRatio);
  const mark = parseMarkId(id);
  if (mark) map.addImage(id, drawMark(mark, pixelRatio), { pixelRatio });
  else if (isSign(id)) map.addImage(id, drawSign(id, pixelRatio), { pixelRatio });
}

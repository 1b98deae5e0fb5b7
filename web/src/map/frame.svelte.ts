/** What the app asks of the map, and what it tells it, without either knowing the other. */
import type { Position } from '@/shell/position';

class Frame {
  /** Height of what covers the map's lower part on a phone. */
  coveredPx = $state(0);
  /** Height of what covers its upper part there: the search, and notices if any. */
  coveredTopPx = $state(0);
  /** Where to look; a new object each time, so that the same place can be asked for again. */
  wanted: { at: Position; zoom: number } | undefined = $state.raw();

  /** What should be seen whole: west, south, east, north. */
  whole: readonly [number, number, number, number] | undefined = $state.raw();
  /** Who wants the next tap on the map, if anybody. */
  picking: ((at: Position) => void) | undefined = $state.raw();

  fit(places: readonly Position[]): void {
    const [lons, lats] = [places.map(({ lon }) => lon), places.map(({ lat }) => lat)];
    this.whole = [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)];
  }

  show(at: Position, zoom = 16): void {
    this.wanted = { at: { lat: at.lat, lon: at.lon }, zoom };
  }
}

export const frame = new Frame();

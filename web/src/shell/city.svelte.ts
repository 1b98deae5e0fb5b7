/** The city this app serves. Known from the last visit, asked again at each start. */
import { api } from '@/api/api';
import { nameOf, type Names } from '@/i18n/i18n.svelte';
import { recall, remember } from '@/shell/memory';
import type { Position } from '@/shell/position';

export interface City {
  readonly code: string;
  readonly names: Names;
  readonly centre: Position;
  /** West, south, east, north. */
  readonly bounds: readonly [number, number, number, number];
  readonly time_zone: string;
  readonly attribution: string;
}

const KEY = 'city';
const AGAIN_MS = 10_000;

class TheCity {
  row: City | undefined = $state.raw((recall(KEY) as City | null) ?? undefined);
  readonly name = $derived(this.row ? nameOf(this.row.names) : '');
  readonly timeZone = $derived(this.row?.time_zone ?? 'Asia/Seoul');

  async load(): Promise<void> {
    try {
      this.row = await api.json<City>('/api/v1/city');
      remember(KEY, this.row);
    } catch {
      setTimeout(() => void this.load(), AGAIN_MS);
    }
  }

  covers({ lat, lon }: Position): boolean {
    if (!this.row) return false;
    const [west, south, east, north] = this.row.bounds;
    return lon >= west && lon <= east && lat >= south && lat <= north;
  }
}

export const city = new TheCity();

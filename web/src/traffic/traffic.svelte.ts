/** Incidents, live; and how the streets flow, asked for again while the layer is shown. */
import { link } from '@/live/link.svelte';
import { recall, remember } from '@/shell/memory';
import type { Incident } from '@/traffic/incident';

export const incidents = link.follow<Incident>('traffic.incidents:all');

const AGAIN_MS = 10_000;
const KEY = 'traffic';
const NOTHING: GeoJSON.FeatureCollection = { type: 'FeatureCollection', features: [] };

class Flow {
  isShown = $state(recall(KEY) === true);
  links: GeoJSON.FeatureCollection = $state.raw(NOTHING);
  private timer: ReturnType<typeof setInterval> | undefined;

  toggle(): void {
    this.isShown = !this.isShown;
    remember(KEY, this.isShown);
  }

  /** Ask while shown; the returned function ends it. */
  follow(): () => void {
    void this.ask();
    this.timer = setInterval(() => void this.ask(), AGAIN_MS);
    return () => {
      clearInterval(this.timer);
      this.links = NOTHING;
    };
  }

  /** The browser sends the ETag; without an answer what is shown goes when it is too old to be true. */
  private async ask(): Promise<void> {
    try {
      const response = await fetch('/api/v1/traffic/links');
      if (response.ok) this.links = (await response.json()) as GeoJSON.FeatureCollection;
    } catch {
      this.links = NOTHING;
    }
  }
}

export const flow = new Flow();

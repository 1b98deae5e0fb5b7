/** Where the person is: asked only when they want to use it, kept only while the app is open. */
import { announcer } from '@/shell/announcer.svelte';
import { city } from '@/shell/city.svelte';
import { i18n } from '@/i18n/i18n.svelte';
import type { Position } from '@/shell/position';

export interface Fix extends Position {
  readonly accuracy_m: number;
}

const OPTIONS: PositionOptions = { enableHighAccuracy: true, timeout: 15_000, maximumAge: 30_000 };

class Here {
  fix: Fix | undefined = $state.raw();
  isAsking = $state(false);
  /** Why there is no position, in the person's language. */
  trouble = $state('');

  async find(): Promise<Fix | undefined> {
    this.isAsking = true;
    this.trouble = '';
    announcer.say(i18n.t.position.asking);
    try {
      this.accept(await ask());
      return this.fix;
    } catch (error) {
      this.refuse(error);
      return undefined;
    } finally {
      this.isAsking = false;
    }
  }

  forgetTrouble(): void {
    this.trouble = '';
  }

  private accept({ coords }: GeolocationPosition): void {
    this.fix = { lat: coords.latitude, lon: coords.longitude, accuracy_m: coords.accuracy };
    if (!city.covers(this.fix)) this.trouble = i18n.t.position.outside(city.name);
  }

  private refuse(error: unknown): void {
    const denied =
      error instanceof GeolocationPositionError && error.code === error.PERMISSION_DENIED;
    this.trouble = denied ? i18n.t.position.denied : i18n.t.position.failed;
  }
}

function ask(): Promise<GeolocationPosition> {
  return new Promise((resolve, reject) =>
    navigator.geolocation.getCurrentPosition(resolve, reject, OPTIONS),
  );
}

export const here = new Here();

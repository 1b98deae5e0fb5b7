/** The virtual stops by their codes, asked for once. */
import { nameOf } from '@/i18n/i18n.svelte';
import type { StopShown } from '@/rides/ride';
import { allStops } from '@/rides/rides-api';

class Stops {
  private byCode: ReadonlyMap<string, StopShown> = $state.raw(new Map());
  private asked: Promise<void> | undefined;

  load(): void {
    this.asked ??= allStops().then(
      (list) => void (this.byCode = new Map(list.map((stop) => [stop.code, stop]))),
      () => void (this.asked = undefined),
    );
  }

  at(code: string): StopShown | undefined {
    return this.byCode.get(code);
  }

  /** Its name, or its code as long as the name is not known. */
  name(code: string): string {
    const stop = this.at(code);
    return stop ? nameOf(stop.names) : code;
  }
}

export const stops = new Stops();

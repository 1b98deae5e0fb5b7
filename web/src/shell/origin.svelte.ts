/** From where distances are counted: the place looked at, else the person, else the city's centre. */
import { i18n } from '@/i18n/i18n.svelte';
import { city } from '@/shell/city.svelte';
import { here } from '@/shell/here.svelte';
import { navigation } from '@/shell/navigation.svelte';
import type { Position } from '@/shell/position';

const NOWHERE: Position = { lat: 0, lon: 0 };

class Origin {
  /** The place last looked at stays the origin while its surroundings are browsed. */
  private lastPlace: (Position & { name: string }) | undefined = $state.raw();

  readonly place = $derived(
    navigation.route.area === 'map' ? navigation.route.place : this.lastPlace,
  );
  readonly position: Position = $derived(this.place ?? this.mine ?? city.row?.centre ?? NOWHERE);
  readonly isCentre = $derived(!this.place && !this.mine);
  readonly label = $derived(this.place?.name ?? i18n.t.position.mine);

  private get mine(): Position | undefined {
    return here.fix && city.covers(here.fix) ? here.fix : undefined;
  }

  setPlace(place: (Position & { name: string }) | undefined): void {
    this.lastPlace = place;
  }
}

export const origin = new Origin();

/** What is being asked for, kept while the person signs in or looks at the map. */
import {
  isOpen,
  type Offer,
  type Party,
  type Ride,
  type Spot,
  type When,
  type Wish,
} from '@/rides/ride';

class Draft {
  from: Spot | undefined = $state.raw();
  to: Spot | undefined = $state.raw();
  when: When = $state.raw({ kind: 'now' });
  party: Party = $state({ seats: 1, wheelchair_bays: 0, pushchairs: 0, luggage: 0 });
  stepFree = $state(false);
  offers: readonly Offer[] = $state.raw([]);

  get wish(): Wish | undefined {
    if (!this.from || !this.to) return undefined;
    const { from, to, when, stepFree } = this;
    return { from, to, when, stepFree, party: { ...this.party } };
  }

  swap(): void {
    [this.from, this.to] = [this.to, this.from];
    this.offers = [];
  }

  forget(): void {
    this.from = this.to = undefined;
    this.when = { kind: 'now' };
    this.offers = [];
  }
}

export const draft = new Draft();

/** Rides ahead first, soonest first; then those behind, latest first. */
export function inOrder(rides: readonly Ride[]): { ahead: Ride[]; behind: Ride[] } {
  const at = (ride: Ride) => Date.parse(ride.pickup_from);
  const sorted = [...rides].sort((a, b) => at(a) - at(b));
  return {
    ahead: sorted.filter(isOpen),
    behind: sorted.filter((ride) => !isOpen(ride)).reverse(),
  };
}

/** The way being looked for, or gone: what is asked, what was found, which one was chosen. */
import type { ProfileName } from '@/account/mobility';
import { sentenceFor } from '@/api/client';
import { ApiProblem } from '@/api/problem';
import { i18n } from '@/i18n/i18n.svelte';
import { frame } from '@/map/frame.svelte';
import { askForWays, type Way } from '@/navigation/ways';
import { announcer } from '@/shell/announcer.svelte';
import { recall, remember } from '@/shell/memory';
import type { Position } from '@/shell/position';

export type Stop = Position & { readonly name: string };
export type End = 'from' | 'to';

export interface Refusal {
  readonly say: string;
  readonly advice: readonly string[];
}

interface NoWayDocument {
  readonly advice?: string;
  readonly relaxations?: readonly { readonly say: string }[];
}

const KEY = 'ways.profile';

class Trip {
  from: Stop | undefined = $state.raw();
  to: Stop | undefined = $state.raw();
  profile: ProfileName = $state((recall(KEY) as ProfileName | null) ?? 'foot');
  strict = $state(false);
  ways: readonly Way[] = $state.raw([]);
  rank = $state(0);
  refusal: Refusal | undefined = $state.raw();
  isBusy = $state(false);
  /** Which end the next tap on the map is for. */
  picking: End | undefined = $state();

  readonly way = $derived(this.ways[this.rank]);

  set(end: End, stop: Stop | undefined): void {
    this[end] = stop;
    this.ways = [];
    this.refusal = undefined;
  }

  swap(): void {
    [this.from, this.to] = [this.to, this.from];
    this.ways = [];
  }

  move(profile: ProfileName): void {
    this.profile = profile;
    remember(KEY, profile);
    this.ways = [];
  }

  pick(end: End): void {
    this.picking = end;
    announcer.say(i18n.t.ways.tapMap);
    frame.picking = (at) => {
      this.set(end, { ...at, name: i18n.t.ways.pointOnMap });
      this.stopPicking();
    };
  }

  stopPicking(): void {
    this.picking = undefined;
    frame.picking = undefined;
  }

  async find(): Promise<void> {
    const { from, to } = this;
    if (!from || !to) return this.refuse({ say: i18n.t.ways.missing, advice: [] });
    this.isBusy = true;
    this.refusal = undefined;
    announcer.say(i18n.t.ways.searching);
    try {
      const { profile, strict } = this;
      this.take(await askForWays({ origin: from, destination: to, profile, strict }));
    } catch (error) {
      this.ways = [];
      this.refuse(refusalOf(error));
    } finally {
      this.isBusy = false;
    }
  }

  private take(ways: readonly Way[]): void {
    this.ways = ways;
    this.rank = 0;
    announcer.say(i18n.t.ways.found(ways.length, ways[0]!.properties.say));
  }

  private refuse(refusal: Refusal): void {
    this.refusal = refusal;
    announcer.say([refusal.say, ...refusal.advice].join(' '));
  }

  /** On the way another one was found. */
  turn(way: Way): void {
    this.ways = [way];
    this.rank = 0;
  }
}

function refusalOf(error: unknown): Refusal {
  const say = sentenceFor(error, i18n.t.problem);
  if (!(error instanceof ApiProblem)) return { say, advice: [] };
  const { advice, relaxations } = error.document as unknown as NoWayDocument;
  if (relaxations?.length)
    return { say: error.document.title, advice: relaxations.map((one) => one.say) };
  return { say, advice: advice ? [advice] : [] };
}

export const trip = new Trip();

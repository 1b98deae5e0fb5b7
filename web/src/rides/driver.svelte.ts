/** A driver's shift at work: the plan as it changes, what is said, and where the vehicle is. */
import { sentenceFor } from '@/api/client';
import { i18n } from '@/i18n/i18n.svelte';
import {
  acknowledge,
  asPlan,
  changeDuty,
  reportAct,
  reportPositions,
  shiftOf,
  type Act,
  type Fix,
  type Plan,
  type Shift,
} from '@/rides/driver-api';
import { Outbox, type Letter } from '@/rides/outbox';
import { PrivateRows } from '@/rides/private-link.svelte';
import { announcer } from '@/shell/announcer.svelte';
import { recall, remember } from '@/shell/memory';

const OUTBOX = 'drive.outbox';
const TRACK = 'drive.track';
const SEND_MS = 10_000;
const MOST_FIXES = 1000;

export class AtWork {
  shift: Shift = $state.raw() as Shift;
  waiting = $state(0);
  trouble = $state('');
  isSharing = $state(false);
  private seenOrder = $state('');
  readonly rows: PrivateRows<Plan>;
  private readonly outbox: Outbox;
  private track: Fix[] = (recall(TRACK) as Fix[] | null) ?? [];

  constructor(shift: Shift) {
    this.shift = shift;
    this.rows = new PrivateRows<Plan>(`drt.shift:${shift.code}`);
    this.rows.seed([asPlan(shift)]);
    this.outbox = new Outbox({
      send: ({ shift: code, body, key }) => reportAct(code, body, key),
      recall: () => (recall(OUTBOX) as Letter[] | null) ?? [],
      remember: (letters) => remember(OUTBOX, letters),
      onChange: (letters, refused) => this.noteSent(letters.length, refused),
    });
    this.waiting = this.outbox.count;
  }

  get plan(): Plan {
    return this.rows.list[0] ?? asPlan(this.shift);
  }

  get isUnseen(): boolean {
    return this.shift.acknowledged_version < this.plan.version;
  }

  /** Whether the driver should look: times that shift and stops that are done are no change. */
  get isChanged(): boolean {
    return this.isUnseen && !this.seenOrder.endsWith(orderOf(this.plan));
  }

  /** Follow the plan, share the position, send what waits; until the returned function is called. */
  start(): () => void {
    const stop = this.rows.start();
    const watch = navigator.geolocation?.watchPosition(
      (at) => this.seen(at),
      () => (this.isSharing = false),
      { enableHighAccuracy: true },
    );
    const timer = setInterval(() => void this.sendTrack(), SEND_MS);
    const online = () => void this.outbox.flush();
    addEventListener('online', online);
    void this.outbox.flush();
    return () => {
      stop();
      navigator.geolocation?.clearWatch(watch);
      clearInterval(timer);
      removeEventListener('online', online);
    };
  }

  /** The passengers' names and stops of the plan as it is now. */
  async reload(): Promise<void> {
    try {
      this.shift = await shiftOf(this.shift.code);
      this.rows.seed([asPlan(this.shift)]);
    } catch (error) {
      this.say(sentenceFor(error, i18n.t.problem));
    }
  }

  async say(sentence: string): Promise<void> {
    this.trouble = sentence;
    if (sentence) announcer.say(sentence);
  }

  async duty(to: 'start' | 'pause' | 'end' | 'breakdown'): Promise<void> {
    try {
      await changeDuty(this.shift.code, to);
      await this.say('');
    } catch (error) {
      await this.say(sentenceFor(error, i18n.t.problem));
    }
    await this.reload();
  }

  async report(subject: string, act: Act): Promise<void> {
    const at = new Date(this.rows.now).toISOString();
    const body = { subject, act, at };
    this.trouble = '';
    await this.outbox.put({ key: crypto.randomUUID(), shift: this.shift.code, body });
    await this.reload();
  }

  async acknowledge(): Promise<void> {
    this.seenOrder = orderOf(this.plan);
    try {
      await acknowledge(this.shift.code, this.plan.version);
      await this.reload();
    } catch (error) {
      await this.say(sentenceFor(error, i18n.t.problem));
    }
  }

  private noteSent(waiting: number, refused: string): void {
    this.waiting = waiting;
    if (refused) void this.say(`${i18n.t.rides.driver.refused} ${refused}`);
  }

  private seen({ coords, timestamp }: GeolocationPosition): void {
    this.isSharing = true;
    const fix: Fix = {
      lon: coords.longitude,
      lat: coords.latitude,
      recorded_at: new Date(timestamp).toISOString(),
      bearing_deg: Number.isFinite(coords.heading) ? coords.heading : null,
      speed_mps: Number.isFinite(coords.speed) ? coords.speed : null,
    };
    this.track = [...this.track, fix].slice(-MOST_FIXES);
    remember(TRACK, this.track);
  }

  /** The track since the last time it got through. */
  private async sendTrack(): Promise<void> {
    const fixes = this.track;
    if (fixes.length === 0 || this.plan.duty !== 'active') return;
    try {
      await reportPositions(this.shift.code, fixes);
      this.track = this.track.slice(fixes.length);
      remember(TRACK, this.track);
    } catch {
      // It waits with the next ones.
    }
  }
}

/** Which stop comes after which, without their times. */
function orderOf({ stops }: Plan): string {
  return stops.map(({ id, act }) => `${act}:${id};`).join('');
}

/** The live connection as the screens see it: is it live, and if not, how old is what is shown? */
import { CityClock } from '@/live/city-clock';
import { Connection, type LinkState } from '@/live/connection';
import { present, type Row } from '@/live/merge';
import { Topic } from '@/live/topic';
import { recall, remember } from '@/shell/memory';

const TICK_MS = 5_000;
const KEEP_MS = 5_000;
const BLINK_MS = 1_500;
const OFFLINE_TOPIC = 'live.';

interface Kept<R> {
  rows: R[];
  at: number;
}

class Link {
  state: LinkState = $state('connecting');
  /** Lost for longer than a blink, or from the start. */
  isLost = $state(false);
  /** The city's clock, in steps of some seconds: ages are measured by it, not by ours. */
  now = $state(Date.now());
  readonly isLive = $derived(this.state === 'live');
  readonly moment = $derived({ nowMs: this.now, linkIsLive: this.isLive });

  private readonly clock = new CityClock();
  private readonly followed = new Map<string, LiveRows<Row>>();
  private blink: ReturnType<typeof setTimeout> | undefined;

  private readonly connection = new Connection(
    {
      open: () => new WebSocket(`${location.origin.replace(/^http/, 'ws')}/ws/live/`),
      random: Math.random,
    },
    {
      onRows: (topic) => this.followed.get(topic)?.refresh(this.clock.now()),
      onState: (state) => this.changeState(state),
      onClock: (told) => {
        this.clock.set(told);
        this.tick();
      },
    },
  );

  start(): void {
    this.blink = setTimeout(() => (this.isLost = !this.isLive), 2 * BLINK_MS);
    setInterval(() => this.tick(), TICK_MS);
    addEventListener('online', () => this.connection.nudge());
    addEventListener('offline', () => this.goOffline());
    addEventListener('pagehide', () => this.keepAll());
    document.addEventListener('visibilitychange', () => this.look());
    this.isLost = !navigator.onLine;
    this.connection.start();
  }

  follow<R extends Row>(name: string): LiveRows<R> {
    const rows = new LiveRows<R>(name);
    this.followed.set(name, rows as unknown as LiveRows<Row>);
    this.connection.follow(rows.topic);
    return rows;
  }

  private goOffline(): void {
    this.connection.networkLost();
    this.isLost = true;
  }

  /** A screen looked at again asks at once; one put away keeps what it knows. */
  private look(): void {
    this.tick();
    if (document.visibilityState === 'visible') this.connection.nudge();
    else this.keepAll();
  }

  private changeState(state: LinkState): void {
    this.state = state;
    clearTimeout(this.blink);
    if (state === 'live') this.isLost = false;
    else this.blink = setTimeout(() => (this.isLost = true), BLINK_MS);
  }

  private tick(): void {
    this.now = this.clock.now();
  }

  private keepAll(): void {
    for (const rows of this.followed.values()) rows.keep();
  }
}

/** The rows of one topic, for screens. */
export class LiveRows<R extends Row> {
  readonly topic: Topic<R>;
  list: R[] = $state.raw([]);
  /** When the rows were last known to be true (the city's time); undefined: nothing known yet. */
  asOf: number | undefined = $state();
  private keeping: ReturnType<typeof setTimeout> | undefined;

  constructor(name: string) {
    this.topic = new Topic<R>(name);
    this.recall();
  }

  refresh(at: number): void {
    this.list = present(this.topic.rows);
    this.asOf = at;
    this.keeping ??= setTimeout(() => this.keep(), KEEP_MS);
  }

  keep(): void {
    clearTimeout(this.keeping);
    this.keeping = undefined;
    if (this.topic.horizon === undefined || this.asOf === undefined) return;
    const kept: Kept<R> = { rows: this.list, at: this.asOf };
    remember(OFFLINE_TOPIC + this.topic.name, kept);
  }

  private recall(): void {
    const kept = recall(OFFLINE_TOPIC + this.topic.name) as Kept<R> | null;
    if (!kept) return;
    this.topic.recall(kept.rows);
    this.list = present(this.topic.rows);
    this.asOf = kept.at;
  }
}

export const link = new Link();

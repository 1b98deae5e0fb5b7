/** A live connection that knows who is asking: for topics that only their person may follow. */
import { session } from '@/account/session.svelte';
import { CityClock } from '@/live/city-clock';
import { Connection } from '@/live/connection';
import { present, type Row } from '@/live/merge';
import { Topic } from '@/live/topic';

const TICK_MS = 5_000;

export class PrivateRows<R extends Row> {
  list: R[] = $state.raw([]);
  isLive = $state(false);
  now = $state(Date.now());
  private readonly clock = new CityClock();
  private readonly topic: Topic<R>;
  private readonly connection: Connection;
  private timer: ReturnType<typeof setInterval> | undefined;

  constructor(name: string) {
    this.topic = new Topic<R>(name);
    this.connection = new Connection(
      { open: () => openSocket(), random: Math.random },
      {
        onRows: () => (this.list = present(this.topic.rows)),
        onState: (state) => (this.isLive = state === 'live'),
        onClock: (told) => {
          this.clock.set(told);
          this.now = this.clock.now();
        },
      },
    );
    this.connection.follow(this.topic);
  }

  /** Begin with rows asked for by other means. */
  seed(rows: readonly R[]): void {
    this.topic.applyDelta(rows);
    this.list = present(this.topic.rows);
  }

  /** Follow until the returned function is called. */
  start(): () => void {
    this.connection.start();
    this.timer = setInterval(() => (this.now = this.clock.now()), TICK_MS);
    const nudge = () => this.connection.nudge();
    addEventListener('online', nudge);
    document.addEventListener('visibilitychange', nudge);
    return () => {
      this.connection.stop();
      clearInterval(this.timer);
      removeEventListener('online', nudge);
      document.removeEventListener('visibilitychange', nudge);
    };
  }
}

function openSocket(): WebSocket {
  const url = `${location.origin.replace(/^http/, 'ws')}/ws/live/`;
  return session.token
    ? new WebSocket(url, ['citizen', `session.${session.token}`])
    : new WebSocket(url);
}

/**
 * One WebSocket for all live topics of the app.
 *
 * It comes back by itself: at once where the server says that we fell behind (4000), with growing
 * patience otherwise, each time resuming from the last horizon. A socket that looks open while
 * nothing passes (a phone that changed networks) is found by asking again after silence: the
 * repeated order is answered with what changed, which is also a fresher horizon.
 */
import type { ProblemDocument } from '@/api/problem';
import { backoffMs } from '@/live/backoff';
import type { Row } from '@/live/merge';
import type { Snapshot, Topic } from '@/live/topic';

export type LinkState = 'connecting' | 'live' | 'lost';

const BEHIND = 4000;
const SILENCE_MS = 25_000;
const PATIENCE_MS = 8_000;

type Message =
  | ({ type: 'snapshot'; clock: ClockTold } & Snapshot<Row>)
  | { type: 'delta'; topic: string; rows: Row[] }
  | { type: 'problem'; problem: ProblemDocument };

interface ClockTold {
  readonly now: string;
  readonly speed: number;
}

export interface Surroundings {
  open(): WebSocket;
  random(): number;
}

export interface Watcher {
  /** Rows or horizon of a topic changed. */
  onRows(topic: string): void;
  onState(state: LinkState): void;
  onClock(told: ClockTold): void;
}

export class Connection {
  private socket: WebSocket | undefined;
  private readonly topics = new Map<string, Topic<Row>>();
  private attempt = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private stopped = true;
  private state: LinkState = 'connecting';

  constructor(
    private readonly surroundings: Surroundings,
    private readonly watcher: Watcher,
  ) {}

  follow<R extends Row>(topic: Topic<R>): void {
    this.topics.set(topic.name, topic as unknown as Topic<Row>);
    if (this.isOpen) this.send(topic.order());
  }

  start(): void {
    if (!this.stopped) return;
    this.stopped = false;
    this.connect();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
    this.drop();
  }

  /** Try now rather than later: the network is said to be back, or the screen is looked at. */
  nudge(): void {
    if (this.stopped) return;
    if (this.isOpen) return this.ask();
    this.attempt = 0;
    this.connect();
  }

  /** The network is said to be gone. */
  networkLost(): void {
    if (!this.stopped) this.retry(backoffMs(this.attempt, this.surroundings.random));
  }

  private get isOpen(): boolean {
    return this.socket?.readyState === 1;
  }

  private connect(): void {
    this.drop();
    const socket = this.surroundings.open();
    this.socket = socket;
    socket.onopen = () => this.ask();
    socket.onmessage = (event: MessageEvent<string>) => this.hear(event.data);
    socket.onclose = (event) => this.onClose(event.code);
    this.after(PATIENCE_MS, () => this.onClose(0));
  }

  private drop(): void {
    const socket = this.socket;
    this.socket = undefined;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  /** Order every topic, and give up on this socket if no answer comes. */
  private ask(): void {
    for (const topic of this.topics.values()) this.send(topic.order());
    this.after(PATIENCE_MS, () => this.onClose(0));
  }

  private send(order: object): void {
    this.socket?.send(JSON.stringify(order));
  }

  private hear(data: string): void {
    const message = JSON.parse(data) as Message;
    if (message.type === 'problem') return this.refused(message.problem.status);
    const topic = this.topics.get(message.topic);
    if (!topic) return;
    if (message.type === 'snapshot') {
      this.watcher.onClock(message.clock);
      if (!topic.applySnapshot(message)) return this.send(topic.order());
      this.attempt = 0;
      this.setState('live');
    } else {
      topic.applyDelta(message.rows);
    }
    this.after(SILENCE_MS, () => this.ask());
    this.watcher.onRows(topic.name);
  }

  /** A refused order would be refused again: stay patient, and say that nothing is live. */
  private refused(status: number): void {
    this.attempt = Math.max(this.attempt, status === 404 ? 6 : 3);
    this.onClose(0);
  }

  private onClose(code: number): void {
    if (code === BEHIND) return this.retry(backoffMs(0, this.surroundings.random));
    this.retry(backoffMs(this.attempt++, this.surroundings.random));
  }

  private retry(delayMs: number): void {
    this.drop();
    this.setState('lost');
    this.after(delayMs, () => this.connect());
  }

  private after(milliseconds: number, action: () => void): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(action, milliseconds);
  }

  private setState(state: LinkState): void {
    if (state === this.state) return;
    this.state = state;
    this.watcher.onState(state);
  }
}

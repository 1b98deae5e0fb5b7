import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { backoffMs } from '@/live/backoff';
import { Connection, type LinkState } from '@/live/connection';
import type { Row } from '@/live/merge';
import { Topic } from '@/live/topic';

/** The network's end of a socket, in our hand. */
class Wire {
  readyState = 0;
  sent: { subscribe: string; since?: number }[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;

  open(): void {
    this.readyState = 1;
    this.onopen?.();
  }
  say(message: object): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }
  end(code: number): void {
    this.readyState = 3;
    this.onclose?.({ code });
  }
  send(data: string): void {
    this.sent.push(JSON.parse(data));
  }
  close(): void {
    this.readyState = 3;
  }
}

const NOON = { now: '2026-11-22T03:00:00Z', speed: 1 };

function snapshot(horizon: number, rows: Row[] = [], whole = true) {
  return { type: 'snapshot', topic: 'lamps:all', rows, horizon, whole, clock: NOON };
}

function setUp() {
  const wires: Wire[] = [];
  const states: LinkState[] = [];
  const topic = new Topic<Row>('lamps:all');
  const connection = new Connection(
    {
      open: () => {
        wires.push(new Wire());
        return wires.at(-1) as unknown as WebSocket;
      },
      random: () => 1,
    },
    { onRows: () => undefined, onState: (state) => states.push(state), onClock: () => undefined },
  );
  connection.follow(topic);
  connection.start();
  return { connection, wires, states, topic };
}

describe('the live connection', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('is live once the first snapshot came, not before', () => {
    const { wires, states } = setUp();
    wires[0]!.open();
    expect(states).toEqual([]);
    wires[0]!.say(snapshot(10));
    expect(states).toEqual(['live']);
  });

  it('comes back after a drop and asks only for what changed', () => {
    const { wires, states } = setUp();
    wires[0]!.open();
    wires[0]!.say(snapshot(10));
    wires[0]!.end(1006);
    expect(states).toEqual(['live', 'lost']);
    vi.advanceTimersByTime(500);
    wires[1]!.open();
    expect(wires[1]!.sent).toEqual([{ subscribe: 'lamps:all', since: 10 }]);
  });

  it('waits longer after each failure', () => {
    const { wires } = setUp();
    wires[0]!.end(1006);
    vi.advanceTimersByTime(500);
    wires[1]!.end(1006);
    vi.advanceTimersByTime(999);
    expect(wires).toHaveLength(2);
    vi.advanceTimersByTime(1);
    expect(wires).toHaveLength(3);
  });

  it('comes back at once when the server says that it fell behind', () => {
    const { wires } = setUp();
    wires[0]!.open();
    wires[0]!.say(snapshot(10));
    for (const attempt of [0, 1, 2]) {
      wires[attempt]!.end(4000);
      vi.advanceTimersByTime(500);
    }
    expect(wires).toHaveLength(4);
  });

  it('asks again after silence, and gives up on a socket that does not answer', () => {
    const { wires, states } = setUp();
    wires[0]!.open();
    wires[0]!.say(snapshot(10));
    vi.advanceTimersByTime(25_000);
    expect(wires[0]!.sent.at(-1)).toEqual({ subscribe: 'lamps:all', since: 10 });
    vi.advanceTimersByTime(8_000);
    expect(states.at(-1)).toBe('lost');
  });

  it('stays live as long as its questions are answered', () => {
    const { wires, states } = setUp();
    wires[0]!.open();
    for (let minute = 0; minute < 10; minute++) {
      wires[0]!.say(snapshot(10 + minute, [], minute === 0));
      vi.advanceTimersByTime(30_000);
    }
    expect(states).toEqual(['live']);
    expect(wires).toHaveLength(1);
  });

  it('asks for everything where the server does not know its horizon', () => {
    const { wires } = setUp();
    wires[0]!.open();
    wires[0]!.say(snapshot(900));
    wires[0]!.end(1006);
    vi.advanceTimersByTime(500);
    wires[1]!.open();
    wires[1]!.say(snapshot(3, [], false));
    expect(wires[1]!.sent.at(-1)).toEqual({ subscribe: 'lamps:all' });
  });

  it('is patient with a server that refuses', () => {
    const { wires, states } = setUp();
    wires[0]!.open();
    wires[0]!.say({ type: 'problem', problem: { status: 404 } });
    expect(states).toEqual(['lost']);
    vi.advanceTimersByTime(10_000);
    expect(wires).toHaveLength(1);
  });

  it('does nothing any more once stopped', () => {
    const { wires, connection } = setUp();
    connection.stop();
    vi.advanceTimersByTime(120_000);
    expect(wires).toHaveLength(1);
  });
});

describe('backing off', () => {
  it('doubles, with jitter, up to half a minute', () => {
    expect([0, 1, 2, 3].map((attempt) => backoffMs(attempt, () => 1))).toEqual([
      500, 1000, 2000, 4000,
    ]);
    expect(backoffMs(0, () => 0)).toBe(250);
    expect(backoffMs(40, () => 1)).toBe(30_000);
  });
});

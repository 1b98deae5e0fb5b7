/**
 * Being led: positions go up, cues come down. A dropped socket comes back and says which message it
 * heard last; nothing is told twice.
 */
import { session } from '@/account/session.svelte';
import { sentenceFor } from '@/api/client';
import { i18n } from '@/i18n/i18n.svelte';
import { backoffMs } from '@/live/backoff';
import { trip } from '@/navigation/trip.svelte';
import { Walker, type Said } from '@/navigation/walker';
import { openSession, type Way } from '@/navigation/ways';
import { announcer } from '@/shell/announcer.svelte';
import type { Position } from '@/shell/position';

export type Phase = 'off' | 'connecting' | 'leading' | 'lost' | 'arrived';

export interface Progress extends Position {
  readonly along_m: number;
  readonly remaining_m: number;
  readonly remaining_s: number;
  readonly heading: number;
}

/** What the lights ahead show. Seconds count down here; without news they go after `ttl_s`. */
export interface Signal {
  readonly crossing: string;
  readonly ahead_m: number;
  readonly is_on_it: boolean;
  readonly state: 'walk' | 'clearing' | 'wait' | 'unknown';
  readonly can_finish: boolean | null;
  readonly least_s: number | null;
  readonly most_s: number | null;
  readonly is_exact: boolean;
  readonly about_s: number | null;
  readonly ttl_s: number;
  /** When it came, by the clock of this device. */
  readonly at_ms: number;
}

interface Down {
  readonly type: string;
  readonly number?: number;
  readonly seq?: number;
  readonly say?: string;
  readonly haptic?: string;
  readonly route?: Way;
  readonly senses?: readonly string[];
}

const LASTING = new Set(['reroute', 'no_way', 'hazard']);
const TICK_MS = 400;
const PATTERNS: Record<string, number[]> = {
  warn3: [120, 80, 120, 80, 120],
  left2: [200, 100, 60],
  right2: [60, 100, 200],
  tick1: [80],
};

class Guide {
  phase: Phase = $state('off');
  progress: Progress | undefined = $state.raw();
  signal: Signal | undefined = $state.raw();
  /** What was said last. */
  say = $state('');
  /** What changed the way or stands on it: stays until something else does. */
  notice = $state('');
  speaks = $state(true);
  trouble = $state('');

  private socket: WebSocket | undefined;
  private path = '';
  private heard = 0;
  private seq = 0;
  private attempt = 0;
  private walker: Walker | undefined;
  private timer: ReturnType<typeof setInterval> | undefined;
  private watch: number | undefined;

  async start(way: Way, isSimulated: boolean): Promise<void> {
    this.stop();
    this.phase = 'connecting';
    this.trouble = this.say = this.notice = '';
    try {
      this.path = (await openSession(way.id)).socket;
    } catch (error) {
      this.phase = 'off';
      this.trouble = sentenceFor(error, i18n.t.problem);
      return;
    }
    this.heard = this.seq = this.attempt = 0;
    if (isSimulated) this.simulate(way);
    else this.follow();
    this.connect();
  }

  stop(): void {
    clearInterval(this.timer);
    if (this.watch !== undefined) navigator.geolocation.clearWatch(this.watch);
    this.timer = this.watch = this.walker = undefined;
    const { socket } = this;
    this.socket = undefined;
    socket?.close();
    this.phase = 'off';
    this.progress = this.signal = undefined;
  }

  private simulate(way: Way): void {
    const { length_m, time_s } = way.properties;
    this.walker = new Walker(way.geometry.coordinates, length_m / Math.max(time_s, 1));
    this.timer = setInterval(() => this.tick(), TICK_MS);
  }

  private tick(): void {
    if (this.phase === 'leading' && this.walker) this.tell(this.walker.next());
  }

  private follow(): void {
    this.watch = navigator.geolocation.watchPosition(
      ({ coords, timestamp }) =>
        this.tell({
          lon: coords.longitude,
          lat: coords.latitude,
          accuracy_m: coords.accuracy,
          speed_mps: coords.speed ?? 0,
          at_s: timestamp / 1000,
        }),
      () => (this.trouble = i18n.t.position.failed),
      { enableHighAccuracy: true },
    );
  }

  private tell(said: Said): void {
    if (this.socket?.readyState !== WebSocket.OPEN) return;
    this.seq += 1;
    this.socket.send(JSON.stringify({ type: 'position', seq: this.seq, ...said }));
  }

  private connect(): void {
    const url = new URL(`${this.path}?lang=${i18n.locale}`, location.href);
    url.protocol = url.protocol.replace('http', 'ws');
    const socket = new WebSocket(url, protocols());
    this.socket = socket;
    socket.onopen = () => socket.send(JSON.stringify({ type: 'resume', heard: this.heard }));
    socket.onmessage = (event) => this.take(JSON.parse(String(event.data)) as Down);
    socket.onclose = () => this.closed(socket);
  }

  private closed(socket: WebSocket): void {
    if (this.socket !== socket || this.phase === 'arrived') return;
    this.phase = 'lost';
    setTimeout(() => this.socket === socket && this.connect(), backoffMs(this.attempt++));
  }

  private take(down: Down): void {
    if (down.number !== undefined && down.type !== 'session') {
      if (down.number <= this.heard) return;
      this.heard = down.number;
    }
    const act: Record<string, () => void> = {
      session: () => this.began(down),
      progress: () => (this.progress = down as unknown as Progress),
      signal: () => (this.signal = { ...(down as unknown as Signal), at_ms: Date.now() }),
      reroute: () => this.turn(down),
      arrived: () => this.arrived(),
    };
    act[down.type]?.();
    if (down.say) this.speak(down);
  }

  private began(down: Down): void {
    this.seq = Math.max(this.seq, down.seq ?? 0);
    this.attempt = 0;
    this.phase = 'leading';
    if (down.route && down.route.id !== trip.way?.id) this.turn(down);
  }

  private turn({ route }: Down): void {
    if (!route) return;
    trip.turn(route);
    this.walker?.turn(route.geometry.coordinates);
  }

  private arrived(): void {
    clearInterval(this.timer);
    this.phase = 'arrived';
  }

  /** Each word in two senses at least: written and read out, and felt where the device can. */
  private speak({ type, say = '', haptic = 'warn3', senses }: Down): void {
    if (LASTING.has(type)) this.notice = say;
    else this.say = say;
    if (this.speaks && 'speechSynthesis' in window && (senses?.includes('speech') ?? true)) {
      const words = new SpeechSynthesisUtterance(say);
      words.lang = i18n.locale;
      speechSynthesis.speak(words);
    } else {
      announcer.say(say);
    }
    navigator.vibrate?.(PATTERNS[haptic] ?? PATTERNS['tick1']!);
  }
}

/** A browser cannot set headers on a WebSocket: the session goes as a subprotocol. */
function protocols(): string[] {
  return session.token && session.isOpen ? ['citizen', `session.${session.token}`] : [];
}

export const guide = new Guide();

/** What may be shown of a light at a moment: never a second more than the controller admits. */
import type { Signal } from '@/navigation/guide.svelte';

export interface Countdown {
  readonly state: 'walk' | 'short' | 'clearing' | 'wait';
  /** Whole seconds, rounded down; undefined where none may be named. */
  readonly seconds: number | undefined;
  readonly how: 'exact' | 'least' | 'about';
}

/** Undefined: show nothing, for what is known is too old or nothing at all. */
export function countdownAt(signal: Signal, now_ms: number): Countdown | undefined {
  const passed_s = (now_ms - signal.at_ms) / 1000;
  if (signal.state === 'unknown' || passed_s > signal.ttl_s || passed_s < 0) return undefined;
  if (signal.state === 'wait')
    return { state: 'wait', seconds: about(signal, passed_s), how: 'about' };
  const state = signal.state === 'clearing' ? 'clearing' : signal.can_finish ? 'walk' : 'short';
  return { state, ...left(signal.least_s, passed_s), how: signal.is_exact ? 'exact' : 'least' };
}

function left(seconds: number | null, passed_s: number): { seconds: number | undefined } {
  if (seconds === null) return { seconds: undefined };
  const rest = Math.floor(seconds - passed_s);
  return { seconds: rest > 0 ? rest : undefined };
}

/** A guess is told in steps of five. */
function about({ about_s }: Signal, passed_s: number): number | undefined {
  if (about_s === null) return undefined;
  return Math.max(5, Math.round((about_s - passed_s) / 5) * 5);
}

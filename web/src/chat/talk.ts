/** What the city's assistant says and hears, as the chat's socket carries it. */
import type { Row } from '@/live/merge';

export interface Button {
  readonly label: string;
  readonly token: string;
}

export interface Card {
  readonly title: string;
  readonly text: string;
  readonly facts: readonly (readonly [string, string])[];
  readonly link: string;
}

export interface Turn extends Row {
  readonly number: number;
  readonly started_at: string;
  readonly at: string;
  readonly side: 'citizen' | 'assistant' | 'staff';
  readonly kind: string;
  readonly text: string;
  readonly card: Card | null;
  readonly buttons: readonly Button[];
  readonly ask_location: boolean;
  readonly expects: string;
  readonly language: string;
}

export interface Said {
  text?: string;
  token?: string;
  choice?: string;
  photo?: string;
  place?: { lon: number; lat: number; label?: string };
}

/** A message on its way: shown at once, and sent again until the city has it. */
export interface Waiting extends Said {
  readonly id: string;
  readonly shown: string;
}

/** In the order in which they were said, whatever order they came in. */
export function inOrder(turns: Iterable<Turn>): Turn[] {
  return [...turns].sort(
    (one, other) =>
      Date.parse(one.started_at) - Date.parse(other.started_at) || one.number - other.number,
  );
}

/** Buttons answer the last question only: those of earlier turns have had their time. */
export function stillAsked(turns: readonly Turn[]): readonly Turn[] {
  const last = turns.findLastIndex((turn) => turn.side === 'citizen');
  return turns.slice(last + 1);
}

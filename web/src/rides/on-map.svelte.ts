/** What the rides' screens want drawn on the map: stops, a van; and a place to be tapped. */
import type { Position } from '@/shell/position';

export interface RideMark {
  readonly id: string;
  readonly kind: 'van' | 'pickup' | 'dropoff' | 'stop';
  readonly at: Position;
  readonly label: string;
}

class OnMap {
  marks: readonly RideMark[] = $state.raw([]);
  /** Set while a screen waits for a tap on the map. */
  pick: ((at: Position) => void) | undefined = $state.raw();

  show(marks: readonly RideMark[]): void {
    this.marks = marks;
  }

  clear(): void {
    this.marks = [];
    this.pick = undefined;
  }
}

export const onMap = new OnMap();

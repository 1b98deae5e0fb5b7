/** One followed topic: its rows, its horizon, and when we last knew them to be true. */
import { merge, replace, type Row, type Rows } from '@/live/merge';

export interface Snapshot<R extends Row> {
  readonly topic: string;
  readonly rows: readonly R[];
  readonly horizon: number;
  readonly whole: boolean;
}

export class Topic<R extends Row> {
  rows: Rows<R> = new Map();
  /** Where a resumed subscription starts; undefined until a first snapshot came. */
  horizon: number | undefined;
  private heardSinceAsked: R[] = [];

  constructor(readonly name: string) {}

  /** Take over rows known from an earlier visit: shown, but never resumed from. */
  recall(rows: Iterable<R>): void {
    this.rows = replace(rows, []);
  }

  /** The order to send when a connection opens. */
  order(): { subscribe: string; since?: number } {
    this.heardSinceAsked = [];
    const order = { subscribe: this.name };
    return this.horizon === undefined ? order : { ...order, since: this.horizon };
  }

  /** False if the server's history is not the one we resumed from: ask again from the start. */
  applySnapshot(snapshot: Snapshot<R>): boolean {
    if (!snapshot.whole && snapshot.horizon < (this.horizon ?? 0)) {
      this.horizon = undefined;
      return false;
    }
    this.rows = snapshot.whole
      ? replace(snapshot.rows, this.heardSinceAsked)
      : merge(this.rows, snapshot.rows);
    this.horizon = snapshot.horizon;
    this.heardSinceAsked = [];
    return true;
  }

  applyDelta(rows: readonly R[]): void {
    if (this.horizon === undefined) this.heardSinceAsked.push(...rows);
    this.rows = merge(this.rows, rows);
  }
}

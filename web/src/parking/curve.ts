/** A pool's forecast: free spaces at some minutes from its making on, with their bounds. */
export interface OutlookPoint {
  readonly minutes: number;
  readonly at: string;
  readonly free: number;
  readonly free_low: number;
  readonly free_high: number;
}

export interface Outlook {
  readonly category: string;
  readonly total: number;
  readonly made_at: string;
  readonly points: readonly OutlookPoint[];
}

/** The points until so many minutes ahead. */
export function within(outlook: Outlook, minutes: number): readonly OutlookPoint[] {
  return outlook.points.filter((point) => point.minutes <= minutes);
}

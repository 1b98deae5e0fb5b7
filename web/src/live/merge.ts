/**
 * What a live screen knows: a snapshot and deltas, applicable in any order.
 *
 * Each row carries a version that grows with every change of that row; the greater version wins.
 * A row that left the topic comes once more with `gone: true` and stays here as a tombstone, so
 * that an older delta that arrives late does not bring it back.
 */

export interface Row {
  readonly id: string;
  readonly version: number;
  readonly gone?: boolean;
}

export type Rows<R extends Row> = ReadonlyMap<string, R>;

/** `known` with each row of `incoming` that is newer. The same map if nothing was. */
export function merge<R extends Row>(known: Rows<R>, incoming: Iterable<R>): Rows<R> {
  let merged: Map<string, R> | undefined;
  for (const row of incoming) {
    const present = (merged ?? known).get(row.id);
    if (present && present.version >= row.version) continue;
    merged ??= new Map(known);
    merged.set(row.id, row);
  }
  return merged ?? known;
}

/**
 * A whole snapshot replaces what was known, except for deltas heard since it was asked for: the
 * server listens before it reads, so these may be newer than the snapshot.
 */
export function replace<R extends Row>(snapshot: Iterable<R>, heardSince: Iterable<R>): Rows<R> {
  return merge(merge(new Map<string, R>(), snapshot), heardSince);
}

/** The rows that are still there. */
export function present<R extends Row>(rows: Rows<R>): R[] {
  return [...rows.values()].filter((row) => !row.gone);
}

import { describe, expect, it } from 'vitest';

import { merge, present, replace, type Row } from '@/live/merge';
import { Topic } from '@/live/topic';
import { seeded, shuffled } from './random';

interface Lamp extends Row {
  readonly lit?: boolean;
}

const row = (id: string, version: number, more: Partial<Lamp> = {}): Lamp => ({
  id,
  version,
  ...more,
});
const sorted = (rows: readonly Lamp[]) => [...rows].sort((a, b) => a.id.localeCompare(b.id));

/** A history of one topic: every state it went through, and the delta of every step. */
function history(random: () => number, steps: number) {
  const now = new Map<string, Lamp>();
  const states: Lamp[][] = [[]];
  const deltas: Lamp[] = [];
  for (let step = 0; step < steps; step++) {
    const id = `lamp-${Math.floor(random() * 5)}`;
    const version = (now.get(id)?.version ?? 0) + 1;
    const changed =
      random() < 0.15
        ? row(id, version, { gone: true })
        : row(id, version, { lit: random() < 0.5 });
    now.set(id, changed);
    deltas.push(changed);
    states.push([...now.values()].filter((lamp) => !lamp.gone));
  }
  return { states, deltas };
}

describe('a live topic', () => {
  it('shows the fresh snapshot, whenever the snapshot was taken and however deltas arrive', () => {
    for (let seed = 1; seed <= 300; seed++) {
      const random = seeded(seed);
      const { states, deltas } = history(random, 40);
      const takenAt = Math.floor(random() * states.length);
      const topic = new Topic<Lamp>('lamps:all');
      topic.order();
      // Deltas since the order come before and after the snapshot, in any order, some twice.
      const arriving = shuffled([...deltas.slice(takenAt), ...deltas.slice(-3)], random);
      const before = Math.floor(random() * arriving.length);
      for (const delta of arriving.slice(0, before)) topic.applyDelta([delta]);
      topic.applySnapshot({
        topic: topic.name,
        rows: states[takenAt]!,
        horizon: takenAt,
        whole: true,
      });
      for (const delta of arriving.slice(before)) topic.applyDelta([delta]);
      expect(sorted(present(topic.rows)), `seed ${seed}`).toEqual(sorted(states.at(-1)!));
    }
  });

  it('catches up after a gap with what changed since its horizon', () => {
    const topic = new Topic<Lamp>('lamps:all');
    topic.applySnapshot({
      topic: topic.name,
      rows: [row('a', 1), row('b', 4)],
      horizon: 10,
      whole: true,
    });
    expect(topic.order()).toEqual({ subscribe: 'lamps:all', since: 10 });
    topic.applySnapshot({
      topic: topic.name,
      rows: [row('a', 2, { gone: true }), row('c', 1)],
      horizon: 12,
      whole: false,
    });
    expect(present(topic.rows).map(({ id }) => id)).toEqual(['b', 'c']);
    expect(topic.order().since).toBe(12);
  });

  it("starts over where the history it resumes from is not the server's", () => {
    const topic = new Topic<Lamp>('lamps:all');
    topic.applySnapshot({ topic: topic.name, rows: [row('a', 9)], horizon: 500, whole: true });
    expect(topic.applySnapshot({ topic: topic.name, rows: [], horizon: 3, whole: false })).toBe(
      false,
    );
    expect(topic.order()).toEqual({ subscribe: 'lamps:all' });
    topic.applySnapshot({ topic: topic.name, rows: [row('a', 1)], horizon: 4, whole: true });
    expect(topic.rows.get('a')?.version).toBe(1);
  });

  it('never resumes from what it knew of an earlier visit', () => {
    const topic = new Topic<Lamp>('lamps:all');
    topic.recall([row('a', 7)]);
    expect(present(topic.rows)).toHaveLength(1);
    expect(topic.order()).toEqual({ subscribe: 'lamps:all' });
  });
});

describe('merging', () => {
  it('keeps the greater version and forgets nothing else', () => {
    const known = replace([row('a', 2, { lit: true }), row('b', 1)], []);
    const merged = merge(known, [row('a', 1, { lit: false }), row('b', 3)]);
    expect(merged.get('a')?.lit).toBe(true);
    expect(merged.get('b')?.version).toBe(3);
  });

  it('hands back the same map where nothing is new, so that no screen is drawn again', () => {
    const known = replace([row('a', 2)], []);
    expect(merge(known, [row('a', 2), row('a', 1)])).toBe(known);
  });

  it('does not let a late delta bring back what is gone', () => {
    const known = merge(replace([row('a', 1)], []), [row('a', 3, { gone: true })]);
    expect(present(merge(known, [row('a', 2)]))).toEqual([]);
  });
});

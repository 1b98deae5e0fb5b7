import { describe, expect, it } from 'vitest';

import { showOnce, type Push, type Seen } from '../src/service-worker/push';

const push = (tag: string, version: number): Push => ({
  title: 'Flood',
  body: 'Go upstairs.',
  tag,
  version,
  telling: 't',
  critical: true,
  language: 'en',
  link: '',
});

function phone(): { seen: Seen; shown: Push[]; show: (one: Push) => Promise<void> } {
  const kept = new Map<string, number>();
  const shown: Push[] = [];
  const later = () => new Promise((resolve) => setTimeout(resolve, 0));
  return {
    shown,
    seen: {
      last: async (tag) => (await later(), kept.get(tag) ?? 0),
      note: async (tag, version) => void (await later(), kept.set(tag, version)),
    },
    show: async (one) => void (await later(), shown.push(one)),
  };
}

describe('a push', () => {
  it('that arrives twice at once is shown once', async () => {
    const { seen, shown, show } = phone();
    const taken = await Promise.all([1, 1, 1].map((v) => showOnce(push('at once', v), seen, show)));
    expect(taken).toEqual([true, false, false]);
    expect(shown).toHaveLength(1);
  });

  it('is shown again when it says something newer, and not when it is late', async () => {
    const { seen, shown, show } = phone();
    for (const version of [1, 3, 2]) await showOnce(push('newer', version), seen, show);
    expect(shown.map(({ version }) => version)).toEqual([1, 3]);
  });

  it('that could not be shown is news when it comes again', async () => {
    const { seen, shown, show } = phone();
    const broken = () => Promise.reject(new Error('no permission'));
    await expect(showOnce(push('broken', 1), seen, broken)).rejects.toThrow('no permission');
    expect(await showOnce(push('broken', 1), seen, show)).toBe(true);
    expect(shown).toHaveLength(1);
  });

  it('of another thing is another notification', async () => {
    const { seen, shown, show } = phone();
    for (const tag of ['flood', 'fire']) await showOnce(push(tag, 1), seen, show);
    expect(shown).toHaveLength(2);
  });
});

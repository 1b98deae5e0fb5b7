/** What the city's messages link to leads where it should (`apps/base/screens.py` makes the same). */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

import { formatRoute, parseRoute, type Route } from '@/shell/route';

interface Row {
  readonly screen: string;
  readonly link: string;
  readonly route: Route;
}

const table = JSON.parse(
  readFileSync(new URL('../../tests/support/screens.json', import.meta.url), 'utf8'),
) as readonly Row[];

describe('links in messages', () => {
  it.each(table)('lead to the right screen: $screen', ({ link, route }) => {
    expect(parseRoute(link.replace(/^\//, ''))).toEqual(route);
    expect(`/${formatRoute(route)}`).toBe(link);
  });
});

/** What the city's messages link to leads where it should (`apps/base/screens.py` makes the same). */
import { describe, expect, it } from 'vitest';

import { formatRoute, parseRoute, type Route } from '@/shell/route';

import raw from '../../tests/support/screens.json?raw';

interface Row {
  readonly screen: string;
  readonly link: string;
  readonly route: Route;
}

const table = JSON.parse(raw) as readonly Row[];

describe('links in messages', () => {
  it.each(table)('lead to the right screen: $screen', ({ link, route }) => {
    expect(parseRoute(link.replace(/^\//, ''))).toEqual(route);
    expect(`/${formatRoute(route)}`).toBe(link);
  });
});

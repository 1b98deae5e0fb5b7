/** Gauges and what is in the way, live. */
import { link } from '@/live/link.svelte';
import type { Gauge, Obstruction } from '@/water/gauge';

export const gauges = link.follow<Gauge>('hazards.stations:all');
export const obstructions = link.follow<Obstruction>('city.obstructions:all');
